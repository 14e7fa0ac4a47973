package browser

import (
	"fmt"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Point is a place in the window, in CSS pixels.
type Point struct{ X, Y float64 }

// Find scrolls to the first element that matches and returns its middle.
func (t *Tab) Find(selector string) Point {
	t.tb.Helper()
	t.Await(fmt.Sprintf(`document.querySelector(%q)?.checkVisibility() ?? false`, selector))
	at := Eval[[2]float64](t, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({ behavior: "instant", block: "center" });
		const r = e.getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2];
	})()`, selector))
	return Point{at[0], at[1]}
}

// Click clicks on the first element that matches and waits for nothing.
func (t *Tab) Click(selector string) {
	t.tb.Helper()
	t.ClickAt(t.Find(selector))
}

// ClickAt presses and releases the mouse there, whatever page is shown. Unlike
// scripts, the mouse works while the answer to a form is awaited.
func (t *Tab) ClickAt(p Point) {
	t.tb.Helper()
	t.clickAt(p, 1)
}

// clickAt is the n-th of several clicks there.
func (t *Tab) clickAt(p Point, n int64) {
	t.tb.Helper()
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		call(t, "click", input.DispatchMouseEvent, input.DispatchMouseEventParams{
			Type: kind, X: p.X, Y: p.Y, Button: input.MouseButtonLeft, ClickCount: n})
	}
}

// ClickRapidly clicks so often on one place, with so much time between clicks,
// and looks at nothing meanwhile.
func (t *Tab) ClickRapidly(p Point, times int, every time.Duration) {
	t.tb.Helper()
	beat := time.NewTicker(every)
	defer beat.Stop()
	for n := range times {
		t.clickAt(p, int64(n+1))
		<-beat.C
	}
}

// Press clicks on the element and waits for the page to which that leads.
func (t *Tab) Press(selector string) {
	t.tb.Helper()
	t.Leaving(func() { t.Click(selector) })
}

// Type presses keys.
func (t *Tab) Type(keys string) {
	t.tb.Helper()
	t.do("type", chromedp.KeyEvent(keys))
}

// Paste puts text where the caret is, in one go.
func (t *Tab) Paste(text string) {
	t.tb.Helper()
	call(t, "paste", input.InsertText, input.InsertTextParams{Text: text})
}

// TabTo presses Tab until the element has the focus, as a person without a
// mouse does.
func (t *Tab) TabTo(selector string) {
	t.tb.Helper()
	const most = 200 // more stops than a page has: the editor of an exam has over 80
	for range most {
		if Eval[bool](t, fmt.Sprintf(`document.activeElement?.matches(%q) ?? false`, selector)) {
			return
		}
		t.Type(KeyTab)
	}
	t.fail("tab to "+selector, fmt.Errorf("not reached by %d presses", most))
}
