//go:build !race

// Scripts in a browser, in which the race detector can find nothing.

package static_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
)

const gapsPath = "/api/v1/attempts/a/gaps"

// disconnected lets the page believe that it lost its connection some time ago.
const disconnected = `dispatchEvent(new Event("offline"));
	const real = Date.now.bind(Date);
	Date.now = () => real() + 60_000;`

// reported is what a page tells of its gaps.
type reported struct {
	ID     string `json:"id"`
	Lasted int    `json:"lasted_ms"`
}

// reports takes what pages tell, with a status for each; the last one is for all others.
func (h *hall) reports(answers ...int) (gaps chan reported) {
	gaps = make(chan reported, 100)
	h.gaps = func(w http.ResponseWriter, r *http.Request) {
		var g reported
		_ = json.NewDecoder(r.Body).Decode(&g)
		w.WriteHeader(answers[0])
		answers = append(answers[1:len(answers):len(answers)], answers[len(answers)-1])
		gaps <- g
	}
	return gaps
}

// none lets the page hear once more, and wants it to have told nothing before it asks for something else.
func none(t *testing.T, ctx context.Context, h *hall, gaps chan reported) {
	t.Helper()
	await(t, ctx, `document.readyState === "complete"`)
	give(t, h.tell, state("in_progress", `,"pausing":true`))
	await(t, ctx, isCovered)
	script(t, ctx, `fetch("/signal"); void 0`)
	give(t, h.signal, struct{}{})
	if len(gaps) > 0 {
		t.Errorf("told %+v", <-gaps)
	}
}

// A page that could not reach the service tells for how long, once it can, and once.
func TestAGapIsTold(t *testing.T) {
	t.Parallel()
	h := newHall()
	gaps := h.reports(http.StatusOK)
	ctx := h.enter(t)
	give(t, h.tell, state("in_progress", ""))
	script(t, ctx, disconnected)
	give(t, h.tell, state("in_progress", ""))
	if g := next(t, gaps); g.ID == "" || g.Lasted < 60_000 || g.Lasted > 90_000 {
		t.Errorf("told %+v", g)
	}
	await(t, ctx, `sessionStorage.getItem("gap") === null`)
	none(t, ctx, h, gaps)
}

// What could not be told is told with the next contact, under the same id.
func TestAGapIsToldUntilItIsTaken(t *testing.T) {
	t.Parallel()
	h := newHall()
	gaps := h.reports(http.StatusServiceUnavailable, http.StatusOK)
	ctx := h.enter(t)
	give(t, h.tell, state("in_progress", ""))
	script(t, ctx, disconnected)
	give(t, h.tell, state("in_progress", ""))
	first := next(t, gaps)
	await(t, ctx, `sessionStorage.getItem("gap") !== null`)
	give(t, h.tell, state("in_progress", ""))
	if again := next(t, gaps); again != first {
		t.Errorf("told %+v, then %+v", first, again)
	}
	await(t, ctx, `sessionStorage.getItem("gap") === null`)
}

// A page that listens anew, as after a restart of the service, had no gap.
func TestAShortGapIsNotTold(t *testing.T) {
	t.Parallel()
	h := newHall()
	gaps := h.reports(http.StatusOK)
	ctx := h.enter(t)
	give(t, h.tell, state("in_progress", ""))
	script(t, ctx, `dispatchEvent(new Event("offline"))`)
	none(t, ctx, h, gaps)
	await(t, ctx, `sessionStorage.getItem("gap") === null`)
}

// A form that was sent and led to no page of the service is a gap, which the next page tells.
func TestAGapOverAPageOfTheBrowser(t *testing.T) {
	t.Parallel()
	h := newHall()
	gaps := h.reports(http.StatusOK)
	ctx := h.enter(t)
	script(t, ctx, `sessionStorage.setItem("gap", JSON.stringify({ path: "`+gapsPath+`", sent: Date.now() - 42_000 }))`)
	script(t, ctx, `location.reload()`)
	if g := next(t, gaps); g.Lasted < 42_000 || g.Lasted > 72_000 {
		t.Errorf("told %+v", g)
	}
}

// A form whose answer is the next page is none.
func TestAnAnsweredFormIsNoGap(t *testing.T) {
	t.Parallel()
	h := newHall()
	gaps := h.reports(http.StatusOK)
	ctx := h.enter(t)
	script(t, ctx, `document.querySelector('button[value=save]').click()`)
	h.nextPost(t)
	give(t, h.release, struct{}{})
	next(t, h.gets)
	await(t, ctx, `document.readyState === "complete" && sessionStorage.getItem("gap") === null`)
	none(t, ctx, h, gaps)
}
