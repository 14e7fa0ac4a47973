package storetest

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var verifyTests = map[string]func(*world){
	"R11 folding the journal gives the stored attempt": everyCommandFolds,
	"R11 R16 every alteration is found":                alterationsFound,
	"R11 another paper is found":                       paperFound,
	"R11 an attempt that was removed is found":         removedFound,
	"R11 what was erased is not broken":                erasedIsSound,
	"R11 receipts show a tail cut off":                 receiptsShowTail,
	"R8 a save that arrived before the one it follows": earlierArrival,
	"R11 a receipt of no attempt is a fault":           receiptOfNone,
	"a receipts file that cannot be read is refused":   receiptsRefused,
	"what a report says holds no answer":               reportHoldsNoAnswer,
}

// earlierArrival saves twice from one page: by the instances' reckoning the second arrived first, since
// the reading of the attempt took longer that time.
func earlierArrival(w *world) {
	s := w.sit(w.newExam(2))
	c := s.command(exam.Save, 1, 0, "one")
	s.wants(c, exam.Applied)
	c.ID, c.Seq, c.Answer, c.Salt = uuid.NewString(), 2, exam.TextAnswer("two"), salt()
	before := s.load().Attempt.Responses[1].SavedAt
	arrived := before.Add(-2_000)
	_, o, err := store.Update(s.ctx, s.Store, store.AttemptQuery{Attempt: s.id, Command: c.ID, Position: 1},
		func(snap *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
			return exam.Apply(snap.Paper, snap.Attempt, c, arrived)
		})
	w.must(err)
	if got := s.load().Attempt.Responses[1]; o.Result != exam.Applied || got.SavedAt != arrived || s.stored().Tally.LastSaved != before {
		w.Errorf("%s; saved at %d, tally %+v", o.Result, got.SavedAt, s.stored().Tally)
	}
	s.sound()
	w.must(w.Exec(w.ctx, `UPDATE attempts SET last_saved = last_saved + 1 WHERE id = $1`, s.id))
	if len(s.faults()) != 1 {
		w.Errorf("faults %q, want one of the tally", s.faults())
	}
}

// whole is an attempt with something in every column: answered, flagged, checked, rejected,
// extended, paused, closed and marked. Its journal has ten entries.
func (w *world) whole() *sitting {
	w.Helper()
	s := w.open()
	s.wants(s.submit(), exam.Applied)
	o, err := s.grade()
	w.must(err)
	if o.Result != exam.Applied {
		w.Fatalf("grade: %s %s", o.Result, o.Reason)
	}
	return s
}

// open is whole before its close: eight entries.
func (w *world) open() *sitting {
	w.Helper()
	if w.practice.Slug == "" {
		w.practice = w.newExam(4, practice)
	}
	s := w.sit(w.practice)
	s.wants(s.command(exam.Save, 1, 0, "kept secret"), exam.Applied)
	flag, yes := s.command(exam.Flag, 2, 0, ""), true
	flag.Flagged = &yes
	s.wants(flag, exam.Applied)
	s.wants(s.command(exam.Save, 2, 0, "right 2"), exam.Applied)
	s.wants(s.command(exam.Check, 3, 0, "right 3"), exam.Applied)
	s.wants(s.command(exam.Save, 1, 0, "stale"), exam.Rejected)
	extend := by(exam.Admin, exam.Extend)
	extend.Amount = exam.Minute
	s.wants(extend, exam.Applied)
	s.wants(by(exam.Admin, exam.Pause), exam.Applied)
	s.wants(by(exam.Admin, exam.Resume), exam.Applied)
	return s
}

func everyCommandFolds(w *world) {
	s := w.whole()
	s.sound()
	mark := by(exam.Admin, exam.MarkByHand)
	mark.Position, mark.Points, mark.Comment = 1, 5_000, "講評 \"と\"\n改行"
	mark.Rev = s.saved(1).Rev
	late := by(exam.Admin, exam.AcceptLate)
	late.Position, late.Page, late.Seq, late.Late = 1, uuid.NewString(), 1, 1
	late.Answer = exam.TextAnswer("late")
	for _, c := range []exam.Command{
		mark, late, by(exam.Admin, exam.Regrade), by(exam.Admin, exam.Void), by(exam.Admin, exam.Unvoid),
		by(exam.Admin, exam.Reopen), by(exam.Admin, exam.ForceSubmit),
	} {
		s.wants(c, exam.Applied)
		s.sound()
	}
	replayed, _, err := replay(s.stored())
	w.must(err)
	if got := s.load().Attempt; got.Status != replayed.Status || got.Head != replayed.Head || got.Changes != replayed.Changes {
		w.Errorf("stored %+v, replayed %+v", got, replayed)
	}
}

func replay(a store.StoredAttempt) (exam.Attempt, map[int]bool, error) {
	return exam.Replay(&a.Paper, a.Records)
}

// alteration is something done to an attempt by hand, in statements whose $1 is its id.
type alteration struct {
	name string
	sql  []string
	want string // in a line of the report
	open bool   // done to an attempt that is not closed
}

func set(table, assignment string) []string {
	key := map[string]string{"attempts": "id"}[table]
	if key == "" {
		key = "attempt_id"
	}
	where := map[string]string{"responses": " AND position = 2", "journal": " AND seq = 4"}[table]
	return []string{"UPDATE " + table + " SET " + assignment + " WHERE " + key + " = $1" + where}
}

const aHash = "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"

var alterations = []alteration{
	{"answer", set("responses", `answer = '"forged"'`), "response 2: answer", false},
	{"answer cleared", set("responses", `answer = 'null'`), "response 2: answer", false},
	{"rev", set("responses", `rev = rev + 1`), "response 2: rev", false},
	{"flag", set("responses", `flagged = NOT flagged`), "response 2: flag", false},
	{"check", set("responses", `checked = NOT checked`), "response 2: checked", false},
	{"points", set("responses", `points = 10000`), "response 2: points", false},
	{"mark", set("responses", `marked = 1`), "response 2: mark", false},
	{"comment", set("responses", `comment = '"forged"'`), "response 2: comment", false},
	{"change", set("responses", `change = change + 1`), "response 2: change", false},
	{"time saved", set("responses", `saved_at = saved_at - 1`), "response 2: saved at", false},
	{"pages", set("responses", `pages = '{}'`), "response 2: pages", false},
	{"response removed", []string{`DELETE FROM responses WHERE attempt_id = $1 AND position = 3`}, "response 3 is missing", false},
	{"response added", []string{`INSERT INTO responses (attempt_id, position, rev, answer, flagged, checked, change, saved_at, pages)
		SELECT attempt_id, 4, rev, answer, flagged, checked, change, saved_at, pages
		FROM responses WHERE attempt_id = $1 AND position = 1`}, "response 4 is not in the journal", false},
	{"responses swapped", []string{`UPDATE responses SET position = position + 100 WHERE attempt_id = $1 AND position <= 2`,
		`UPDATE responses SET position = 103 - position WHERE attempt_id = $1 AND position > 100`}, "response 1", false},

	{"status", set("attempts", `status = 'expired'`), "status: stored expired", false},
	{"status before", set("attempts", `status_before = 'submitted'`), "status before", false},
	{"marking", set("attempts", `marking = 'pending'`), "marking", false},
	{"cursor", set("attempts", `cursor = cursor + 1`), "cursor", false},
	{"opening", set("attempts", `opening = opening + 1`), "opening", false},
	{"changes", set("attempts", `changes = changes - 1`), "changes", false},
	{"start", set("attempts", `started = started + 60000000`), "started", false},
	{"extension", set("attempts", `extended = extended + 60000000`), "extended", false},
	{"pauses", set("attempts", `paused_for = 0`), "paused for", false},
	{"stop", set("attempts", `stopped = stopped - 1`), "stopped", false},
	{"device", set("attempts", `device = id`), "device: stored", false},
	{"device since", set("attempts", `device_since = 7`), "device since", false},
	{"score", set("attempts", `score = '{"items":[10000],"total":10000,"max":10000,"sections":[],"revisions":[1]}'`), "score", false},
	{"score removed", set("attempts", `score = NULL`), "score", false},
	{"version", set("attempts", `version = version + 1`), "version", false},
	{"head", set("attempts", `head_hash = `+aHash), "head hash", false},
	{"rejections counted", set("attempts", `rejected = rejected + 1`), "rejections", false},
	{"start command", set("attempts", `start_command = 'another'`), "start command", false},
	{"number", set("attempts", `number = 77`), "number: stored 77, want 1", false},
	{"title", set("papers", `title = '{"en":"Another"}'`), "title", false},
	{"title unreadable", set("papers", `title = '[]'`), "cannot be read", false},
	{"length", set("papers", `length = length + 1`), "length", false},
	{"answers to mark", []string{`INSERT INTO hand_items (attempt_id, position, exam, version_id) VALUES ($1, 1, 'e', 'v')`},
		"answers marked by hand", false},
	{"deadline", set("attempts", `deadline = deadline + 60000000`), "deadline", false},
	{"deadline removed", set("attempts", `deadline = NULL`), "deadline", true},
	{"deadline of an open attempt", set("attempts", `deadline = deadline + 1`), "deadline", true},
	{"expiry", set("attempts", `expires_at = expires_at + 60000000`), "time of expiry", true},
	{"expiry removed", set("attempts", `expires_at = NULL`), "time of expiry", true},
	{"answers counted", set("attempts", `answered = answered + 1`), "tally", false},
	{"last save", set("attempts", `last_saved = last_saved - 1`), "tally", false},
	{"closed by hand", set("attempts", `status = 'submitted', marking = 'none'`), "status", true},

	{"effect", set("journal", `effect = '{"cursor":3}'`), "entry 4 was altered", false},
	{"kind", set("journal", `kind = 'flag'`), "entry 4 was altered", false},
	{"actor", set("journal", `actor = 'server'`), "entry 4 was altered", false},
	{"arrival", set("journal", `arrived = arrived - 1`), "entry 4 was altered", false},
	{"command", set("journal", `command = 'another'`), "entry 4 was altered", false},
	{"digest", set("journal", `digest = `+aHash), "entry 4 was altered", false},
	{"hash", set("journal", `hash = `+aHash), "entry 4 was altered", false},
	{"previous hash", set("journal", `prev = `+aHash), "entry 4 does not follow", false},
	{"payload", set("journal", `payload = '{"kind":"save","position":2,"answer":"forged"}'`), "payload of entry 4 was altered", false},
	{"salt", set("journal", `salt = '00000000000000000000000000000000'`), "payload of entry 4 was altered", false},
	{"entry unreadable", set("journal", `effect = '[]'`), "cannot be read", false},
	{"entry removed", []string{`DELETE FROM journal WHERE attempt_id = $1 AND seq = 4`}, "entry 5 stands where 4 should", false},
	{"entry removed and gap closed", []string{`DELETE FROM journal WHERE attempt_id = $1 AND seq = 10`,
		`DELETE FROM journal WHERE attempt_id = $1 AND seq = 9`}, "version", false},
	{"last entry removed", []string{`DELETE FROM journal WHERE attempt_id = $1 AND seq = 10`}, "version: stored 10, journal 9", false},
	{"first entry removed", []string{`DELETE FROM journal WHERE attempt_id = $1 AND seq = 1`}, "entry 2 stands where 1 should", false},
	{"journal removed", []string{`DELETE FROM journal WHERE attempt_id = $1`}, "no entries", false},
	{"entries swapped", []string{`UPDATE journal SET seq = 104 WHERE attempt_id = $1 AND seq = 4`,
		`UPDATE journal SET seq = 4 WHERE attempt_id = $1 AND seq = 5`,
		`UPDATE journal SET seq = 5 WHERE attempt_id = $1 AND seq = 104`}, "entry 4 does not follow", false},
	{"entry repeated", []string{`INSERT INTO journal (attempt_id, seq, prev, command, kind, actor, arrived, digest, effect, hash, salt, payload)
		SELECT attempt_id, 11, prev, 'again', kind, actor, arrived, digest, effect, hash, salt, payload
		FROM journal WHERE attempt_id = $1 AND seq = 10`}, "entry 11 does not follow", false},
	{"paper removed", []string{`DELETE FROM papers WHERE attempt_id = $1`}, "no paper", false},
	{"rejection removed", []string{`DELETE FROM rejections WHERE attempt_id = $1`}, "rejections: stored 0, counted 1", false},
	{"rejection altered", set("rejections", `payload = '{"kind":"save","position":1,"answer":"forged"}'`), "payload of rejection 1", false},
	{"rejection altered and salt erased", set("rejections", `salt = NULL, payload = '{"kind":"save","position":1,"answer":"forged"}'`),
		"rejection 1 has a payload without salt", false},
	{"rejection's payload removed", set("rejections", `payload = NULL`), "payload of rejection 1 was removed", false},
	{"rejection's kind", set("rejections", `kind = 'flag'`), "rejection 1: kind", false},
	{"rejection's digest", set("rejections", `digest = `+aHash), "payload of rejection 1", false},
	{"rejection renumbered", set("rejections", `number = 7`), "rejection 7 stands where 1 should", false},
}

// alterationsFound alters each of many attempts in one way and wants one report that has them all.
func alterationsFound(w *world) {
	d := w.newExam(1)
	untouched := w.sit(d)
	altered := map[*sitting]alteration{}
	for _, a := range alterations {
		s := w.prepare(a)
		altered[s] = a
		for _, sql := range a.sql {
			if err := w.Exec(w.ctx, sql, s.id); err != nil {
				w.Fatalf("%s: %v", a.name, err)
			}
		}
	}
	moved := w.whole()
	altered[moved] = alteration{name: "candidate", want: "candidate"}
	w.must(w.Exec(w.ctx, `UPDATE attempts SET candidate = $2, number = 77 WHERE id = $1`, moved.id, w.newUser().ID))
	moved = w.whole()
	altered[moved] = alteration{name: "exam", want: "exam"}
	w.must(w.Exec(w.ctx, `UPDATE attempts SET exam = $2 WHERE id = $1`, moved.id, d.Slug))

	report := w.report()
	for s, a := range altered {
		s.found(report, a.name, a.want)
	}
	if strings.Contains(report, untouched.id) {
		w.Errorf("an attempt that nobody altered has a fault:\n%s", report)
	}
}

func (w *world) prepare(a alteration) *sitting {
	w.Helper()
	if a.open {
		return w.open()
	}
	return w.whole()
}

func (w *world) report() string {
	w.Helper()
	var out strings.Builder
	found, err := store.Verify(w.ctx, w.Store, nil, &out)
	w.must(err)
	if n := strings.Count(out.String(), "\n"); n < found.Faults {
		w.Errorf("%d faults in %d lines", found.Faults, n)
	}
	return out.String()
}

// found wants a line of a report that says what of the attempt.
func (s *sitting) found(report, name, what string) {
	s.Helper()
	var lines []string
	for line := range strings.Lines(report) {
		if rest, ok := strings.CutPrefix(line, s.id+": "); ok {
			lines = append(lines, rest)
		}
	}
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, what) }) {
		s.Errorf("%s: want a fault that says %q:\n%s", name, what, strings.Join(lines, ""))
	}
}

// removedFound removes an attempt with everything that belongs to it: the next one's number tells.
func removedFound(w *world) {
	s := w.sit(w.newExam(1))
	s.wants(s.submit(), exam.Applied)
	id, _, err := start(w.ctx, w.Store, s.d.Slug, s.user.ID, uuid.NewString(), 1)
	w.must(err)
	second := &sitting{world: w, id: id, user: s.user, d: s.d}
	second.sound()
	for _, sql := range []string{
		`DELETE FROM journal WHERE attempt_id = $1`, `DELETE FROM papers WHERE attempt_id = $1`, `DELETE FROM attempts WHERE id = $1`,
	} {
		w.must(w.Exec(w.ctx, sql, s.id))
	}
	second.found(w.report(), "attempt removed", "number: stored 2, want 1")
}

func paperFound(w *world) {
	s := w.whole()
	paper := s.stored().Paper
	paper.Rules.TimeLimit += exam.Minute
	text, err := json.Marshal(paper)
	w.must(err)
	w.must(w.Exec(w.ctx, `UPDATE papers SET paper = $2 WHERE attempt_id = $1`, s.id, string(text)))
	s.found(w.report(), "paper", "entry 1 does not name the paper")
}

func erasedIsSound(w *world) {
	s := w.whole()
	_, before := s.verify(nil)
	w.must(w.Exec(w.ctx, `UPDATE journal SET payload = NULL, salt = NULL WHERE attempt_id = $1`, s.id))
	w.must(w.Exec(w.ctx, `UPDATE responses SET answer = 'null' WHERE attempt_id = $1`, s.id))
	w.must(w.Exec(w.ctx, `UPDATE rejections SET payload = NULL, salt = NULL WHERE attempt_id = $1`, s.id))
	lines, after := s.verify(nil)
	if after != before || !slices.Contains(lines, s.id+": erased: 10 of 10 payloads") ||
		!slices.Contains(lines, s.id+": erased: payloads of 1 of 1 rejections") {
		w.Errorf("%d faults, %d before: %s", after, before, strings.Join(lines, "\n"))
	}
	erased := s.command(exam.Save, 1, 0, "kept secret")
	erased.ID = s.stored().Records[1].Entry.Command
	if o := s.wants(erased, exam.Rejected); o.Reason != exam.IDReused {
		w.Errorf("an erased command sent again: %s", o.Reason)
	}
}

// receiptsShowTail takes the last answer back as a careful forger would: nothing but the receipt
// tells.
func receiptsShowTail(w *world) {
	s := w.sit(w.newExam(1))
	s.wants(s.command(exam.Save, 1, 0, "right 1"), exam.Applied)
	before := s.stored()
	second := s.command(exam.Save, 1, 1, "wrong")
	receipt := s.wants(second, exam.Applied).Receipt
	lines := []string{
		"# kept by the candidate", "",
		fmt.Sprintf("%s %d %s", s.id, receipt.Seq, receipt.Hash),
		fmt.Sprintf("%s\t1 %s # first", strings.ToUpper(s.id), before.Records[0].Entry.Hash),
		fmt.Sprintf("%s %d %s", s.id, receipt.Seq, strings.ToLower(receipt.Code())),
	}
	if report, _ := s.verify(lines); len(report) > 0 {
		w.Fatalf("sound receipts: %s", report)
	}
	r := before.Attempt.Responses[1]
	pages, err := json.Marshal(r.Pages)
	w.must(err)
	w.must(w.Exec(w.ctx, `DELETE FROM journal WHERE attempt_id = $1 AND seq = 3`, s.id))
	w.must(w.Exec(w.ctx, `UPDATE attempts SET version = 2, head_hash = $2, changes = 1 WHERE id = $1`,
		s.id, before.Attempt.Head.Hash.String()))
	w.must(w.Exec(w.ctx, `UPDATE responses SET answer = '"right 1"', rev = 1, change = 1, saved_at = $2, pages = $3
		WHERE attempt_id = $1`, s.id, int64(r.SavedAt), string(pages)))
	s.sound()
	s.denied(lines, "receipt names entry 3, the journal has 2", store.NoEntry)
	s.wants(s.command(exam.Save, 1, 1, "forged"), exam.Applied)
	s.denied(lines, "entry 3 is not the one of the receipt", store.OtherEntry)
}

// denied wants the third line and the fifth of a receipts file, and no others, to be denied.
func (s *sitting) denied(lines []string, text string, why store.Denial) {
	s.Helper()
	report, _ := s.verify(lines)
	if len(report) != 2 || !strings.Contains(report[0], text) || !strings.Contains(report[1], text) {
		s.Errorf("want twice %q: %s", text, report)
	}
	found, err := store.Verify(s.ctx, s.Store, strings.NewReader(strings.Join(lines, "\n")), io.Discard)
	s.must(err)
	want := []store.Denied{{Line: 3, Attempt: s.id, Seq: 3, Why: why}, {Line: 5, Attempt: s.id, Seq: 3, Why: why}}
	if found.Receipts != 3 || !slices.Equal(found.Denied, want) {
		s.Errorf("%d receipts, denied %v, want %v", found.Receipts, found.Denied, want)
	}
}

func receiptOfNone(w *world) {
	var out strings.Builder
	line := uuid.NewString() + " 1 " + strings.Trim(aHash, "'")
	before, err := store.Verify(w.ctx, w.Store, nil, &out)
	w.must(err)
	after, err := store.Verify(w.ctx, w.Store, strings.NewReader(line), &out)
	w.must(err)
	if after.Faults != before.Faults+1 || after.Attempts != before.Attempts || !strings.Contains(out.String(), line[:36]+": attempt of a receipt is missing") {
		w.Errorf("%+v, %+v without the receipt", after, before)
	}
}

func receiptsRefused(w *world) {
	for _, text := range []string{"one two", "a 0 " + strings.Trim(aHash, "'"), "a 1 zz", "a b c", strings.Repeat("x", 5_000)} {
		if _, err := store.Verify(w.ctx, w.Store, strings.NewReader(text), &strings.Builder{}); err == nil {
			w.Errorf("receipts %.20q were taken", text)
		} else {
			w.is(err, store.ErrReceipts)
		}
	}
}

func reportHoldsNoAnswer(w *world) {
	s := w.open()
	w.must(w.Exec(w.ctx, `UPDATE responses SET answer = '"forged secret"' WHERE attempt_id = $1`, s.id))
	report, faults := s.verify(nil)
	if text := strings.Join(report, "\n"); faults == 0 || strings.Contains(text, "secret") {
		w.Errorf("%d faults: %s", faults, text)
	}
}
