package exam_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// fullSitting goes through every kind of command once.
func fullSitting(t failer) sitting {
	t.Helper()
	s := begin(t, threeTexts(exam.Free, exam.PracticeFeedback))
	minute := func(n exam.Micros) exam.Instant { return t0.Add(n * exam.Minute) }
	s.must(t, draft(save("save", 1, "p", 1, 0, "x")), minute(1))
	s.must(t, flagging(onQuestion("flag", exam.Flag, 1, "p", 2, 0, "x"), true), minute(1))
	s.must(t, move("move", 1, "p", 3, 0, "y", 2), minute(2))
	s.must(t, onQuestion("check", exam.Check, 2, "q", 1, 0, "z"), minute(2))
	s.refused(t, save("other tab", 1, "r", 1, 0, "w"), minute(3), exam.Stale)
	s.must(t, byAdmin("pause", exam.Pause), minute(4))
	s.must(t, byAdmin("resume", exam.Resume), minute(6))
	more := byAdmin("extend", exam.Extend)
	more.Amount, more.Note = 5*exam.Minute, "fire alarm"
	s.must(t, more, minute(7))
	s.must(t, onQuestion("time_up", exam.TimeUp, 3, "q", 1, 0, "v"), minute(8))
	s.must(t, submit("submit", 4), minute(9))
	s.must(t, accept("accept", s.kept[0]), minute(10))
	s.must(t, grading("grade", exam.Grader{}.Mark(s.p, &s.a, nil)), minute(11))
	byHand := byAdmin("mark", exam.MarkByHand)
	byHand.Position, byHand.Points, byHand.Rev, byHand.Comment = 3, 5_000, s.a.Response(3).Rev, "well argued"
	s.must(t, byHand, minute(12))
	s.must(t, grading("grade again", exam.Grader{}.Mark(s.p, &s.a, nil)), minute(13))
	s.must(t, byAdmin("regrade", exam.Regrade), minute(14))
	s.must(t, byAdmin("void", exam.Void), minute(15))
	s.must(t, byAdmin("unvoid", exam.Unvoid), minute(16))
	s.must(t, byAdmin("reopen", exam.Reopen), minute(17))
	s.must(t, byAdmin("force", exam.ForceSubmit), minute(18))
	s.must(t, byAdmin("reopen again", exam.Reopen), minute(19))
	s.must(t, byServer("expire", exam.Expire), minute(120))
	return s
}

// TestR11_ReplayGivesTheAttempt: folding gives the same attempt, also after the journal went
// through JSON as a store may keep it.
func TestR11_ReplayGivesTheAttempt(t *testing.T) {
	t.Parallel()
	s := fullSitting(t)
	if err := checkReplay(&s); err != nil {
		t.Error(err)
	}
	for i := range s.records {
		s.records[i] = throughJSON(t, s.records[i])
	}
	if err := checkReplay(&s); err != nil {
		t.Errorf("through JSON: %v", err)
	}
}

func throughJSON(t failer, r exam.Record) exam.Record {
	t.Helper()
	out := exam.Record{Salt: slices.Clone(r.Salt)}
	for _, pair := range [][2]any{{r.Entry, &out.Entry}, {r.Payload, &out.Payload}} {
		text, err := json.Marshal(pair[0])
		if err == nil {
			err = json.Unmarshal(text, pair[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	out.Entry.Hash = r.Entry.Hash
	return out
}

// TestR11_EveryAlterationIsFound alters every single field of every record, and of the paper; under
// the race detector, which slows it down and has one goroutine to watch, every tenth.
func TestR11_EveryAlterationIsFound(t *testing.T) {
	t.Parallel()
	s := fullSitting(t)
	altered, stride := 0, 1
	if raceEnabled {
		stride = 10
	}
	for i := range s.records {
		for n := 0; ; n += stride {
			records := slices.Clone(s.records)
			records[i] = throughJSON(t, s.records[i])
			what, ok := alter(reflect.ValueOf(&records[i]).Elem(), "record", n)
			if !ok {
				break
			}
			altered++
			if _, _, err := exam.Replay(s.p, records); !errors.Is(err, exam.ErrBroken) {
				t.Errorf("entry %d: %s altered, error %v", i+1, what, err)
			}
		}
	}
	for n := 0; ; n += stride {
		p := threeTexts(exam.Free, exam.PracticeFeedback)
		what, ok := alter(reflect.ValueOf(&p).Elem(), "paper", n)
		if !ok {
			break
		}
		altered++
		if _, _, err := exam.Replay(&p, s.records); !errors.Is(err, exam.ErrBroken) {
			t.Errorf("%s altered, error %v", what, err)
		}
	}
	if altered < 1_000/stride {
		t.Errorf("only %d alterations: the test tests nothing", altered)
	}
}

// alter changes the n-th alterable thing below v and names it; false when there are fewer.
func alter(v reflect.Value, path string, n int) (string, bool) {
	rest := n
	return alterBelow(v, path, &rest)
}

func alterBelow(v reflect.Value, path string, n *int) (string, bool) {
	if a, ok := v.Interface().(exam.Answer); ok {
		return here(n, path, func() { v.Set(reflect.ValueOf(exam.TextAnswer(a.Text + "x"))) })
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if what, ok := alterBelow(v.Field(i), path+"."+v.Type().Field(i).Name, n); ok {
				return what, true
			}
		}
		return "", false
	case reflect.Array, reflect.Slice:
		for i := range v.Len() {
			if what, ok := alterBelow(v.Index(i), fmt.Sprintf("%s[%d]", path, i), n); ok {
				return what, true
			}
		}
		if v.Kind() == reflect.Array {
			return "", false
		}
		return here(n, path+" longer", func() { v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem()))) })
	case reflect.Pointer:
		if v.IsNil() {
			return here(n, path+" made", func() { v.Set(reflect.New(v.Type().Elem())) })
		}
		return alterBelow(v.Elem(), path, n)
	case reflect.Map:
		return here(n, path, func() { v.Set(reflect.ValueOf(exam.Title{"xx": "other"})) })
	}
	return here(n, path, func() { alterValue(v) })
}

func here(n *int, path string, change func()) (string, bool) {
	*n--
	if *n >= 0 {
		return "", false
	}
	change()
	return path, true
}

func alterValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Uint8:
		v.SetUint(v.Uint() ^ 1)
	default:
		v.SetInt(v.Int() + 1)
	}
}

// TestR11_OrderAndGapsAreFound: entries removed, swapped, doubled, put elsewhere.
func TestR11_OrderAndGapsAreFound(t *testing.T) {
	t.Parallel()
	s := fullSitting(t)
	broken := func(what string, records []exam.Record) {
		t.Helper()
		if _, _, err := exam.Replay(s.p, records); !errors.Is(err, exam.ErrBroken) {
			t.Errorf("%s: error %v", what, err)
		}
	}
	broken("no entries", nil)
	for i := range s.records {
		if i < len(s.records)-1 {
			broken(fmt.Sprintf("entry %d removed", i+1), slices.Delete(slices.Clone(s.records), i, i+1))
		}
		broken(fmt.Sprintf("entry %d doubled", i+1), slices.Insert(slices.Clone(s.records), i, s.records[i]))
		for j := range i {
			swapped := slices.Clone(s.records)
			swapped[i], swapped[j] = swapped[j], swapped[i]
			broken(fmt.Sprintf("entries %d and %d swapped", j+1, i+1), swapped)
		}
	}
	another := threeTexts(exam.Free, exam.PracticeFeedback)
	another.Seed = "0000000000000000"
	if _, _, err := exam.Replay(&another, s.records); !errors.Is(err, exam.ErrBroken) {
		t.Errorf("another paper: error %v", err)
	}
}

// TestR11_RenumberedEntriesAreFound: an entry taken out and its followers renumbered and hashed
// anew, as far as a forger comes who leaves the previous hashes alone.
func TestR11_RenumberedEntriesAreFound(t *testing.T) {
	t.Parallel()
	s := fullSitting(t)
	records := slices.Delete(slices.Clone(s.records), 4, 5)
	for i := range records {
		records[i].Entry.Seq = int64(i + 1)
		records[i].Entry.Hash = records[i].Entry.ComputeHash()
	}
	if _, _, err := exam.Replay(s.p, records); !errors.Is(err, exam.ErrBroken) {
		t.Errorf("error %v", err)
	}
}

// TestR11_ReceiptsShowATruncatedTail: a journal without its end is sound in itself; the receipt that
// was given out names an entry that is no more.
func TestR11_ReceiptsShowATruncatedTail(t *testing.T) {
	t.Parallel()
	s := fullSitting(t)
	receipt := s.a.Head
	a, _, err := exam.Replay(s.p, s.records[:len(s.records)-1])
	if err != nil || a.Head.Seq >= receipt.Seq {
		t.Errorf("head %v, error %v", a.Head, err)
	}
}

// TestR11_ErasedIsNotBroken: payload and salt may be erased; the rest still folds, and a later answer
// at the position is told again.
func TestR11_ErasedIsNotBroken(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, save("c1", 1, "p", 1, 0, "x"), t0)
	s.must(t, save("c2", 2, "q", 1, 0, "y"), t0)
	s.must(t, save("c3", 1, "p", 2, 1, "z"), t0)
	for _, test := range []struct {
		erase []int
		want  map[int]bool
	}{
		{nil, map[int]bool{}},
		{[]int{0}, map[int]bool{}},
		{[]int{1}, map[int]bool{}},
		{[]int{2}, map[int]bool{2: true}},
		{[]int{3}, map[int]bool{1: true}},
		{[]int{0, 1, 2, 3}, map[int]bool{1: true, 2: true}},
	} {
		records := slices.Clone(s.records)
		for _, i := range test.erase {
			records[i].Payload, records[i].Salt = nil, nil
		}
		a, erased, err := exam.Replay(s.p, records)
		if err != nil || !reflect.DeepEqual(erased, test.want) {
			t.Errorf("erased %v: %v, error %v; want %v", test.erase, erased, err, test.want)
		}
		for position := 1; position <= 2; position++ {
			got, want := a.Response(position), s.a.Response(position)
			if got.Rev != want.Rev || erased[position] != got.Answer.IsZero() {
				t.Errorf("erased %v: position %d is %+v", test.erase, position, got)
			}
		}
	}
}

// TestR2_AnErasedIDStaysTaken: nothing equals an erased command, so its id is reused.
func TestR2_AnErasedIDStaysTaken(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	c := save("c1", 1, "p", 1, 0, "x")
	s.must(t, c, t0)
	s.a.Commands["c1"][0].Salt = nil
	s.refused(t, c, t0, exam.IDReused)
}

// TestR11_DigestsCannotBeGuessed: the salt is part of the digest.
func TestR11_DigestsCannotBeGuessed(t *testing.T) {
	t.Parallel()
	p := exam.Payload{Kind: exam.Save, Position: 1, Answer: exam.TextAnswer("p")}
	if p.Digest(saltFor("one")) == p.Digest(saltFor("two")) {
		t.Error("two salts, one digest")
	}
}

// TestR11_AnyScriptThroughJSON: whatever a script led to, the stored journal gives the attempt.
func TestR11_AnyScriptThroughJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := runScript(t)
		for i := range x.s.records {
			x.s.records[i] = throughJSON(t, x.s.records[i])
		}
		if err := checkReplay(&x.s); err != nil {
			t.Fatal(err)
		}
	})
}
