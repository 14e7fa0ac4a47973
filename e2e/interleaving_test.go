package e2e_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"shiken/devtools/client"
)

const (
	// interleavings is how many sittings there are of the whole program. Many more, with the same
	// rules, are sat in package handlers.
	interleavings = 48
	workers       = 8
	// steps are the random ones; afterwards the exam is answered to its end.
	steps = 14
)

// TestStaleFormsOfThreeTabs (R1, R5, R6) sits the linear exam again and again,
// in three tabs that send fresh, stale and repeated forms in random order.
func TestStaleFormsOfThreeTabs(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	accounts := candidates(t, i, workers)
	t.Run("all", func(t *testing.T) {
		for w, account := range accounts {
			t.Run(fmt.Sprintf("candidate %d", w+1), func(t *testing.T) {
				t.Parallel()
				person := signedIn(t, i.URL(), account)
				for n := w; n < interleavings && !t.Failed(); n += workers {
					interleave(t, i.URL(), person, uint64(n))
				}
			})
		}
	})
	for _, met := range []string{`outcome="applied"`, `outcome="replayed"`, `reason="stale"`, `reason="closed_question"`, `reason="unanswered"`} {
		if metric(t, "shiken_commands_total", []string{met}, i.URL()) == 0 {
			t.Errorf("no command had %s: these interleavings prove nothing", met)
		}
	}
	verify(t, i)
}

// desk is a candidate with three tabs, and what was acknowledged so far.
type desk struct {
	t       *testing.T
	base    string
	seed    uint64
	dice    *rand.Rand
	person  *client.Client
	attempt string
	tabs    [3]*client.Page
	sent    []letter
	cursor  int
	acked   map[int]string // text of the answer of record, by position
	known   map[string]bool
}

// letter is a form that was filled in.
type letter struct {
	request
	position      int
	command, text string // text of the answer, "" for none
	next, skip    bool
}

func interleave(t *testing.T, base string, person *client.Client, seed uint64) {
	t.Helper()
	page := begin(t, person, "sample-linear")
	d := &desk{t: t, base: base, seed: seed, dice: rand.New(rand.NewPCG(seed, 0)), person: person, attempt: page.Data("attempt"),
		tabs: [3]*client.Page{page, page, page}, cursor: 1, acked: map[int]string{}, known: map[string]bool{}}
	for range steps {
		d.step()
	}
	for d.cursor <= questions && !t.Failed() {
		d.tabs[0] = get(t, person, "/attempts/"+d.attempt)
		d.send(d.fill(d.tabs[0], true, true))
	}
	if !t.Failed() {
		d.finish()
	}
}

func (d *desk) errorf(format string, args ...any) {
	d.t.Helper()
	d.t.Errorf("seed %d: %s", d.seed, fmt.Sprintf(format, args...))
}

// step lets one tab look at the attempt, send its form, or send a form again.
func (d *desk) step() {
	d.t.Helper()
	tab := d.dice.IntN(len(d.tabs))
	switch roll := d.dice.IntN(10); {
	case roll < 3:
		if page := get(d.t, d.person, "/attempts/"+d.attempt); page.IsQuestion() {
			d.tabs[tab] = page
		}
	case roll < 5 && len(d.sent) > 0:
		d.send(d.sent[d.dice.IntN(len(d.sent))])
	default:
		d.send(d.fill(d.tabs[tab], d.dice.IntN(3) > 0, d.dice.IntN(2) > 0))
	}
}

// fill answers the page's question, or leaves it, and maybe asks to skip it.
func (d *desk) fill(page *client.Page, answer, next bool) letter {
	d.t.Helper()
	form := page.Form(client.QuestionForm)
	if form == nil {
		d.t.Fatalf("seed %d: no question: %s", d.seed, page)
	}
	if answer {
		form.Fill(d.dice.IntN)
	}
	l := letter{next: next, skip: d.dice.IntN(4) == 0, command: form.Fields.Get("command_id"), text: answerText(page, form)}
	if l.skip {
		form.Fields.Set("skip", "1")
	}
	if _, err := fmt.Sscan(page.Data("position"), &l.position); err != nil {
		d.t.Fatal(err)
	}
	action := "save"
	if next {
		action = "next"
	}
	l.request = press(d.base, d.person, form, action)
	d.sent = append(d.sent, l)
	return l
}

// answerText is how the result page shows the form's answer.
func answerText(page *client.Page, form *client.Form) string {
	value := form.Fields.Get("answer")
	text := value
	page.Find("main label.choice").Each(func(_ int, label *goquery.Selection) {
		if v, _ := label.Find("input").Attr("value"); v == value {
			text = label.Text()
		}
	})
	return squeeze(text)
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// send posts a form and compares what is said with where the attempt stands.
func (d *desk) send(l letter) {
	d.t.Helper()
	got := l.request.send(d.t)
	switch got.status {
	case http.StatusSeeOther:
		if !d.known[l.command] && l.position == d.cursor {
			d.acked[l.position] = l.text
		}
		d.known[l.command] = true
	case http.StatusConflict, http.StatusUnprocessableEntity:
	default:
		d.errorf("answered %d, %v: %s", got.status, got.err, l.body)
	}
	if got.status != http.StatusSeeOther {
		return // had it moved the cursor, the next look would tell
	}
	before := d.cursor
	d.look()
	moved := l.next && l.position == before
	if d.cursor != before && (d.cursor != before+1 || !moved) {
		d.errorf("the cursor went from %d to %d when %s was answered %d", before, d.cursor, l.body, got.status)
	}
	if d.cursor != before && d.acked[before] == "" && !l.skip {
		d.errorf("question %d was closed without answer or skip by %s", before, l.body)
	}
	if d.cursor > questions+1 {
		d.errorf("the cursor is at %d", d.cursor)
	}
}

// look reads the cursor.
func (d *desk) look() {
	d.t.Helper()
	got := request{method: http.MethodGet, url: d.base + "/api/v1/session", cookies: d.person.Cookies()}.send(d.t)
	var session struct {
		Attempts []struct {
			ID     string
			Cursor int
		}
	}
	if err := json.Unmarshal([]byte(got.body), &session); err != nil {
		d.t.Fatalf("seed %d: session %d %s: %v", d.seed, got.status, got.body, err)
	}
	d.cursor = 0
	for _, a := range session.Attempts {
		if a.ID == d.attempt {
			d.cursor = a.Cursor
		}
	}
}

// finish submits and finds every acknowledged answer on the result page.
func (d *desk) finish() {
	d.t.Helper()
	result, err := d.person.Submit(d.t.Context(), get(d.t, d.person, "/attempts/"+d.attempt+"/review"))
	if err != nil {
		d.t.Fatal(err)
	}
	shown := result.Find(".result-question")
	if shown.Length() != questions {
		d.errorf("%d questions on the result page", shown.Length())
	}
	shown.Each(func(n int, question *goquery.Selection) {
		own := question.Find("h4 ~ *").First()
		text := squeeze(own.Text())
		if own.HasClass("answer-none") {
			text = ""
		}
		if want := d.acked[n+1]; text != want {
			d.errorf("question %d: the result shows %q, acknowledged was %q", n+1, text, want)
		}
	})
}
