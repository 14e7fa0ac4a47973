package storetest

import (
	"fmt"
	"slices"
	"strings"

	"shiken/store"
)

// auditVerifyTests work on one log and leave it as they find it.
var auditVerifyTests = map[string]func(*world){
	"a log that was written by the program is sound": auditSound,
	"every alteration of the log is found":           auditAlterationsFound,
}

// auditFaults are the lines of Verify about the audit log.
func (w *world) auditFaults() (lines []string, found store.Verified) {
	w.Helper()
	var out strings.Builder
	found, err := store.Verify(w.ctx, w.Store, nil, &out)
	w.must(err)
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "audit ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines, found
}

// log writes n entries more, and returns all.
func (w *world) log(n int) []store.AuditEntry {
	w.Helper()
	act := w.act(store.ActCreateGroup, map[string]any{"n": n, "text": "詳細 <&>"})
	for range n {
		w.must(w.By(act).CreateGroup(w.ctx, name("group")))
	}
	return w.chain()
}

func auditSound(w *world) {
	before := len(w.chain()) // none, when this test is the first
	if lines, found := w.auditFaults(); len(lines) > 0 || found.Entries != before {
		w.Errorf("%d entries of %d before: %v", found.Entries, before, lines)
	}
	log := w.log(5)
	if lines, found := w.auditFaults(); len(lines) > 0 || found.Entries != len(log) || found.Faults != 0 {
		w.Errorf("%d entries of %d, %d faults: %v", found.Entries, len(log), found.Faults, lines)
	}
}

// Statements that alter a log by hand: N is an entry in its middle, L the last one. Faults are named
// by the same letters.
var auditAlterations = []struct {
	name  string
	sql   []string
	wants []string
}{
	{"number", []string{`UPDATE audit SET seq = seq + 1000 WHERE seq = N`}, []string{"audit N: missing", "audit L+1: missing"}},
	{"previous hash", []string{`UPDATE audit SET prev = ` + aHash + ` WHERE seq = N`}, []string{"audit N: does not follow entry N-1", "audit N: was altered"}},
	{"time", []string{`UPDATE audit SET at = at + 1 WHERE seq = N`}, []string{"audit N: was altered"}},
	{"actor", []string{`UPDATE audit SET actor = '' WHERE seq = N`}, []string{"audit N: was altered"}},
	{"name of the actor", []string{`UPDATE audit SET actor_name = 'x' WHERE seq = N`}, []string{"audit N: was altered"}},
	{"action", []string{`UPDATE audit SET action = 'user.create' WHERE seq = N`}, []string{"audit N: was altered"}},
	{"object", []string{`UPDATE audit SET object = 'x' WHERE seq = N`}, []string{"audit N: was altered"}},
	{"details", []string{`UPDATE audit SET details = '{"n":4}' WHERE seq = N`}, []string{"audit N: was altered"}},
	{"spaces in the details", []string{`UPDATE audit SET details = details || ' ' WHERE seq = N`}, []string{"audit N: the details are not as they were written"}},
	{"details that are none", []string{`UPDATE audit SET details = '{' WHERE seq = N`}, []string{"audit N: cannot be read"}},
	{"hash", []string{`UPDATE audit SET hash = ` + aHash + ` WHERE seq = N`}, []string{"audit N: was altered", "audit N+1: does not follow entry N"}},
	{"a hash that is none", []string{`UPDATE audit SET hash = 'zz' WHERE seq = N`}, []string{"audit N: cannot be read"}},
	{"hash of the last", []string{`UPDATE audit SET hash = ` + aHash + ` WHERE seq = L`}, []string{"audit L: was altered", "audit L: is not the entry of the head"}},
	{"the first is gone", []string{`DELETE FROM audit WHERE seq = 1`}, []string{"audit 1: missing, the next is entry 2"}},
	{"one in the middle is gone", []string{`DELETE FROM audit WHERE seq = N`}, []string{"audit N: missing, the next is entry N+1"}},
	{"the last is gone", []string{`DELETE FROM audit WHERE seq = L`}, []string{"audit L: missing, the head counts L"}},
	{"all are gone", []string{`DELETE FROM audit`}, []string{"audit 1: missing, the head counts L"}},
	{"two change places", []string{
		`UPDATE audit SET seq = 1000000 WHERE seq = N`, `UPDATE audit SET seq = N WHERE seq = N+1`,
		`UPDATE audit SET seq = N+1 WHERE seq = 1000000`,
	}, []string{"audit N: does not follow entry N-1", "audit N: was altered", "audit N+1: was altered"}},
	{"one more", []string{
		`INSERT INTO audit (seq, prev, at, actor, actor_name, action, object, details, hash)
			SELECT seq + 1, hash, at, actor, actor_name, action, object, details, hash FROM audit WHERE seq = L`,
	}, []string{"audit L+1: was altered", "audit L+1: not counted by the head"}},
	{"count of the head", []string{`UPDATE audit_head SET seq = seq + 1`}, []string{"audit L+1: missing, the head counts L+1"}},
	{"hash of the head", []string{`UPDATE audit_head SET hash = ` + aHash}, []string{"audit L: is not the entry of the head"}},
	{"a head that is none", []string{`UPDATE audit_head SET hash = 'zz'`}, []string{"audit L: is not the entry of the head"}},
	{"the head is gone", []string{`DELETE FROM audit_head`}, []string{"audit 1: not counted by the head"}},
	{"cut off with its count", []string{`DELETE FROM audit WHERE seq = L`, `UPDATE audit_head SET seq = seq - 1`}, []string{"audit L-1: is not the entry of the head"}},
}

func auditAlterationsFound(w *world) {
	log := w.log(6)
	n, l := len(log)-3, len(log)
	numbers := strings.NewReplacer("= N+1", fmt.Sprint("= ", n+1), "= N", fmt.Sprint("= ", n), "= L", fmt.Sprint("= ", l),
		"audit N+1", fmt.Sprint("audit ", n+1), "audit N", fmt.Sprint("audit ", n), "entry N+1", fmt.Sprint("entry ", n+1),
		"entry N-1", fmt.Sprint("entry ", n-1), "entry N", fmt.Sprint("entry ", n), "audit L+1", fmt.Sprint("audit ", l+1),
		"audit L-1", fmt.Sprint("audit ", l-1), "audit L", fmt.Sprint("audit ", l), "counts L+1", fmt.Sprint("counts ", l+1),
		"counts L", fmt.Sprint("counts ", l))
	for _, a := range auditAlterations {
		for _, sql := range a.sql {
			w.must(w.Exec(w.ctx, numbers.Replace(sql)))
		}
		lines, found := w.auditFaults()
		if found.Faults != len(lines) {
			w.Errorf("%s: %d faults counted, %d told", a.name, found.Faults, len(lines))
		}
		for _, want := range a.wants {
			want = numbers.Replace(want)
			if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, want) }) {
				w.Errorf("%s: %v, want %q", a.name, lines, want)
			}
		}
		w.restore(log)
		if lines, _ := w.auditFaults(); len(lines) > 0 {
			w.Fatalf("restored after %s: %v", a.name, lines)
		}
	}
}

// restore writes a log as it was.
func (w *world) restore(log []store.AuditEntry) {
	w.Helper()
	w.must(w.Exec(w.ctx, `DELETE FROM audit`))
	for _, e := range log {
		w.must(w.Exec(w.ctx, `INSERT INTO audit (seq, prev, at, actor, actor_name, action, object, details, hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, e.Seq, e.Prev.String(), int64(e.At), e.Actor, e.ActorName,
			string(e.Action), e.Object, string(e.Details), e.Hash.String()))
	}
	last := log[len(log)-1]
	w.must(w.Exec(w.ctx, `DELETE FROM audit_head`))
	w.must(w.Exec(w.ctx, `INSERT INTO audit_head (only_row, seq, hash) VALUES (1, $1, $2)`, last.Seq, last.Hash.String()))
}
