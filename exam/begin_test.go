package exam_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

func began(n int, status exam.Status) exam.Began {
	id := []string{"", "one", "two", "three"}[n]
	return exam.Began{ID: id, Number: n, Command: "start-" + id, Status: status}
}

// TestR10_JudgeStart: where a start leads, with attempts that may be used up.
func TestR10_JudgeStart(t *testing.T) {
	t.Parallel()
	done, voided := exam.Submitted, exam.Voided
	for _, test := range []struct {
		name     string
		attempts int
		seen     int
		command  string
		earlier  []exam.Began
		lead     string
		begin    bool
		reason   exam.Reason
	}{
		{"first", 1, 0, "new", nil, "", true, ""},
		{"re-sent", 1, 0, "start-one", []exam.Began{began(1, exam.InProgress)}, "one", false, ""},
		{"re-sent after the end", 0, 0, "start-one", []exam.Began{began(1, done)}, "one", false, ""},
		{"re-sent when the next is open", 0, 0, "start-one", []exam.Began{began(1, done), began(2, exam.InProgress)}, "one", false, ""},
		{"another form while one is open", 1, 0, "new", []exam.Began{began(1, exam.InProgress)}, "one", false, ""},
		{"another form while one is paused", 0, 1, "new", []exam.Began{began(1, exam.Paused)}, "one", false, ""},
		{"a reopened one is open", 0, 2, "new", []exam.Began{began(1, exam.InProgress), began(2, done)}, "one", false, ""},
		{"delayed beyond the end", 0, 0, "new", []exam.Began{began(1, done)}, "one", false, ""},
		{"delayed beyond two", 0, 1, "new", []exam.Began{began(1, done), began(2, exam.Expired)}, "two", false, ""},
		{"the next", 0, 1, "new", []exam.Began{began(1, done)}, "", true, ""},
		{"second of two", 2, 1, "new", []exam.Began{began(1, done)}, "", true, ""},
		{"third of two", 2, 2, "new", []exam.Began{began(1, done), began(2, done)}, "", false, exam.NoAttemptsLeft},
		{"a voided one does not count", 2, 2, "new", []exam.Began{began(1, voided), began(2, done)}, "", true, ""},
		{"a voided one leads nobody who has seen it", 1, 1, "new", []exam.Began{began(1, voided)}, "", true, ""},
		{"used up, but led to the last", 1, 0, "new", []exam.Began{began(1, done)}, "one", false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &exam.Definition{Published: true, Attempts: test.attempts}
			v := exam.JudgeStart(d, exam.StartRequest{Command: test.command, Seen: test.seen, Earlier: test.earlier, Arrived: t0})
			lead := ""
			if v.Lead != nil {
				lead = v.Lead.ID
			}
			if lead != test.lead || v.Begin != test.begin || v.Reason != test.reason {
				t.Errorf("lead %q, begin %t, reason %q; want %q, %t, %q", lead, v.Begin, v.Reason, test.lead, test.begin, test.reason)
			}
		})
	}
}

// TestR10_AnyStarts: whatever starts arrive, in whatever order and however often, at most one
// attempt is open, each command begins at most one, and one form begins at most one.
func TestR10_AnyStarts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := &exam.Definition{Published: true, Attempts: rapid.IntRange(0, 3).Draw(t, "attempts")}
		var earlier []exam.Began
		begunBySeen := map[int]int{}
		for range rapid.IntRange(1, 30).Draw(t, "length") {
			if n := len(earlier); n > 0 && rapid.IntRange(0, 2).Draw(t, "end") == 0 {
				earlier[n-1].Status = rapid.SampledFrom(exam.Statuses).Draw(t, "status")
				continue
			}
			seen := rapid.IntRange(0, len(earlier)).Draw(t, "seen")
			command := rapid.StringMatching("[a-f]").Draw(t, "command")
			v := exam.JudgeStart(d, exam.StartRequest{Command: command, Seen: seen, Earlier: earlier, Arrived: t0})
			if !v.Begin {
				continue
			}
			for _, e := range earlier {
				if e.Status.Open() || e.Command == command {
					t.Fatalf("R10: %s begins another beside %+v", command, e)
				}
			}
			if begunBySeen[seen]++; begunBySeen[seen] > 1 {
				t.Fatalf("R10: forms that had seen %d attempts began two", seen)
			}
			earlier = append(earlier, exam.Began{Number: len(earlier) + 1, Command: command, Status: exam.InProgress})
		}
	})
}

// TestR16_Window: open is inclusive, last_start too, close is not.
func TestR16_Window(t *testing.T) {
	t.Parallel()
	window := exam.Window{Open: 100, LastStart: 200, Close: 300}
	for _, test := range []struct {
		name      string
		window    exam.Window
		published bool
		now       exam.Instant
		want      exam.Reason
	}{
		{"before", window, true, 99, exam.NotOpen},
		{"at the opening", window, true, 100, ""},
		{"at the last start", window, true, 200, ""},
		{"after it", window, true, 201, exam.NotOpen},
		{"before the close", exam.Window{Close: 300}, true, 299, ""},
		{"at the close", exam.Window{Close: 300}, true, 300, exam.NotOpen},
		{"a last start after the close", exam.Window{LastStart: 400, Close: 300}, true, 300, exam.NotOpen},
		{"no window", exam.Window{}, true, 1, ""},
		{"a draft", exam.Window{}, false, 1, exam.NotOpen},
	} {
		d := &exam.Definition{Published: test.published, Rules: exam.Rules{Window: test.window}}
		if got := exam.MayStart(d, nil, test.now); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestAttemptsLeft counts what is left, voided ones apart.
func TestAttemptsLeft(t *testing.T) {
	t.Parallel()
	earlier := []exam.Began{began(1, exam.Submitted), began(2, exam.Voided)}
	if left, limited := exam.AttemptsLeft(&exam.Definition{Attempts: 3}, earlier); left != 2 || !limited {
		t.Errorf("%d left, limited %t", left, limited)
	}
	if _, limited := exam.AttemptsLeft(&exam.Definition{}, earlier); limited {
		t.Error("0 is not unlimited")
	}
}

// TestR11_Begin: the first entry names the paper; a start without id, salt or paper is malformed.
func TestR11_Begin(t *testing.T) {
	t.Parallel()
	p := threeTexts(exam.Linear, exam.ExamFeedback)
	a, o, err := exam.Begin(&p, "c", "", saltFor("c"), t0)
	if err != nil {
		t.Fatal(err)
	}
	if o.Entry.Prev != p.Hash() || o.Entry.Kind != exam.Start || o.Entry.Seq != 1 || o.Receipt != a.Head || o.Target != 1 {
		t.Errorf("entry %+v", o.Entry)
	}
	if a.Status != exam.InProgress || a.Cursor != 1 || a.Opening != 1 || a.Started != t0 || a.Candidate != candidateID || a.ID != attemptID {
		t.Errorf("attempt %+v", a)
	}
	empty := exam.Paper{}
	for name, begin := range map[string]func() error{
		"no id":    func() error { _, _, err := exam.Begin(&p, "", "", saltFor("c"), t0); return err },
		"no salt":  func() error { _, _, err := exam.Begin(&p, "c", "", nil, t0); return err },
		"no items": func() error { _, _, err := exam.Begin(&empty, "c", "", saltFor("c"), t0); return err },
	} {
		if err := begin(); !errors.Is(err, exam.ErrMalformed) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestOpenToAny: groups, everyone, nobody; and titles in a reader's language.
func TestOpenToAny(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		open, groups []string
		want         bool
	}{
		{nil, []string{"a"}, false},
		{[]string{"a", "b"}, []string{"c", "b"}, true},
		{[]string{"a"}, []string{"b"}, false},
		{[]string{"a"}, nil, false},
		{[]string{exam.Everyone}, nil, true},
	} {
		d := &exam.Definition{OpenTo: test.open}
		if got := d.OpenToAny(test.groups); got != test.want {
			t.Errorf("open to %v, member of %v: %t", test.open, test.groups, got)
		}
	}
}

// TestTitle: the reader's language, then the fallbacks, and never by chance.
func TestTitle(t *testing.T) {
	t.Parallel()
	for range 20 { // maps have no order of their own
		for _, test := range []struct {
			title exam.Title
			want  string
		}{
			{exam.Title{"fr": "f", "ja": "j", "en": "e", "": "x"}, "f"},
			{exam.Title{"ja": "j", "en": "e", "": "x"}, "x"},
			{exam.Title{"ja": "j", "en": "e"}, "e"},
			{exam.Title{"ja": "j", "ko": "k"}, "j"},
			{exam.Title{"ko": "k", "de": "d", "": "", "aa": ""}, "d"},
			{exam.Title{"": ""}, ""},
			{nil, ""},
		} {
			if got := test.title.In("fr"); got != test.want {
				t.Fatalf("%v: %q, want %q", test.title, got, test.want)
			}
		}
	}
}
