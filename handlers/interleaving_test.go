package handlers_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"

	"github.com/google/uuid"

	"shiken/devtools/effort"
	"shiken/exam"
	"shiken/store"
)

func itoa(n int) string { return strconv.Itoa(n) }

var seedFlag = flag.Uint64("seed", 0, "first seed of the interleavings; 0: a new one")

// interleavings is how many random sittings are driven; each is named by its seed.
const interleavings = 200

// A linear exam of ten questions under stale forms from three tabs: the cursor never skips and never
// exceeds 11, no question is closed without answer or skip, no acknowledged answer is missing
// (R1, R5, R6).
func TestLinearUnderStaleForms(t *testing.T) {
	t.Parallel()
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("first seed %d", seed)
	s := newSite(t)
	s.questions(10)
	s.exam(linear, func(d *exam.Definition) { d.Shuffle = exam.Shuffle{Questions: true, Options: true} })
	count := interleavings
	if effort.Sampled() || raceEnabled {
		count /= 10
	}
	candidates := make(chan *client, 4)
	for i := range cap(candidates) {
		candidates <- s.signedIn("candidate" + itoa(i)).inProcess(s)
	}
	sittings := map[string]*interleaving{}
	var mu sync.Mutex
	t.Run("sitting", func(t *testing.T) {
		for i := range uint64(count) {
			t.Run(fmt.Sprintf("seed=%d", seed+i), func(t *testing.T) {
				t.Parallel()
				c := <-candidates
				defer func() { candidates <- c }()
				c.t = t
				x := interleave(t, c, seed+i)
				mu.Lock()
				defer mu.Unlock()
				sittings[x.attempt] = x
			})
		}
	})
	s.eachStored(func(path string, stored *store.StoredAttempt) {
		if x := sittings[path]; x != nil { // nil: it failed, and said so
			x.compare(t, stored)
		}
	})
}

// tab is a browser tab: the form that it shows, or showed long ago.
type tab struct {
	position int
	page     *answer
}

// interleaving is one sitting.
type interleaving struct {
	t       *testing.T
	seed    uint64
	rng     *rand.Rand
	c       *client
	attempt string
	tabs    [3]tab
	cursor  int
	books
}

// books say what must be on record after what was acknowledged, by R1: the answer of the last command
// that took effect. A command takes effect once (R2), and not when a higher seq of its page did.
type books struct {
	answers map[int]string
	highest map[string]int64 // seq by page and position
	acked   map[string]bool  // command ids
	skipped map[int]bool
}

func (b *books) acknowledge(n int, form url.Values) {
	id, page := form.Get("command_id"), form.Get("page")+" "+itoa(n)
	seq, _ := strconv.ParseInt(form.Get("seq"), 10, 64)
	if b.acked[id] || seq < b.highest[page] {
		return
	}
	b.acked[id], b.highest[page], b.answers[n] = true, seq, form.Get("answer")
}

func interleave(t *testing.T, c *client, seed uint64) *interleaving {
	x := &interleaving{
		t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 1)), c: c, attempt: c.start(), cursor: 1,
		books: books{map[int]string{}, map[string]int64{}, map[string]bool{}, map[int]bool{}},
	}
	for steps := 0; x.cursor <= 10; steps++ {
		if steps > 400 {
			t.Fatalf("no end: cursor %d", x.cursor)
		}
		x.step()
	}
	c.submit(x.attempt)
	return x
}

func (x *interleaving) step() {
	i := x.rng.IntN(3)
	if x.tabs[i].page == nil || x.tabs[i].position != x.cursor && x.rng.IntN(2) == 0 {
		x.open(i)
	}
	if x.tabs[i].page == nil {
		return // the attempt's end was shown
	}
	x.send(&x.tabs[i])
}

// open loads a question in a tab: mostly the cursor's, at times another.
func (x *interleaving) open(i int) {
	n := x.cursor
	if x.rng.IntN(4) == 0 {
		n = 1 + x.rng.IntN(11)
	}
	page := x.c.follow(x.c.get(questionPath(x.attempt, n))).status(http.StatusOK)
	shown, _ := strconv.Atoi(page.data("position"))
	if shown != x.cursor {
		x.t.Fatalf("shown %d, cursor %d", shown, x.cursor)
	}
	x.tabs[i] = tab{position: shown, page: page}
}

// send posts a tab's form, once or twice, with or without an answer, to its question or another.
func (x *interleaving) send(tb *tab) {
	form, action := tb.page.form(), "next"
	if x.rng.IntN(4) == 0 {
		action = "save"
	}
	if x.rng.IntN(4) > 0 {
		form.Set("answer", tb.page.choices()[x.rng.IntN(3)])
	} else if x.rng.IntN(3) == 0 {
		form.Set("skip", "1")
	}
	if x.rng.IntN(3) == 0 {
		form.Set("command_id", uuid.NewString())
		form.Set("seq", itoa(1+x.rng.IntN(4)))
	}
	form.Set("action", action)
	n := tb.position
	if x.rng.IntN(8) == 0 {
		n = 1 + x.rng.IntN(12)
	}
	for range 1 + x.rng.IntN(8)/6 {
		x.judge(n, action, form, x.c.post(questionPath(x.attempt, n), form))
	}
}

// judge holds each answer to the contract and keeps the books.
func (x *interleaving) judge(n int, action string, form url.Values, a *answer) {
	switch a.code {
	case http.StatusSeeOther:
	case http.StatusConflict, http.StatusUnprocessableEntity, http.StatusNotFound:
		return
	default:
		x.t.Fatalf("status %d\n%s", a.code, a.body)
	}
	x.acknowledge(n, form)
	if action != "next" || n != x.cursor {
		return
	}
	if a.location != pathAfter(x.attempt, n) {
		x.t.Fatalf("question %d leads to %s", n, a.location)
	}
	x.skipped[n] = form.Get("skip") == "1"
	x.cursor++
}

func pathAfter(attempt string, n int) string {
	if n == 10 {
		return attempt + "/review"
	}
	return questionPath(attempt, n+1)
}

// compare holds the journal and the stored responses against the books.
func (x *interleaving) compare(t *testing.T, stored *store.StoredAttempt) {
	cursor := 1
	for i := range stored.Records {
		r := &stored.Records[i]
		to := r.Entry.Effect.Cursor
		if i == 0 || to == 0 {
			continue
		}
		if to != cursor+1 || to > 11 {
			t.Errorf("seed %d: entry %d moves the cursor from %d to %d", x.seed, r.Entry.Seq, cursor, to)
		}
		cursor = to
	}
	if cursor != 11 || x.cursor != 11 {
		t.Errorf("seed %d: cursor %d in the journal, %d acknowledged", x.seed, cursor, x.cursor)
	}
	for n := 1; n <= 10; n++ {
		got := stored.Attempt.Responses[n].Answer.Text
		if got != x.answers[n] {
			t.Errorf("seed %d: question %d: acknowledged %q, stored %q", x.seed, n, x.answers[n], got)
		}
		if got == "" && !x.skipped[n] {
			t.Errorf("seed %d: question %d was closed without answer or skip", x.seed, n)
		}
	}
}
