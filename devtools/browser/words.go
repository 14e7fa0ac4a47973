package browser

import (
	"fmt"
	"strconv"
	"strings"
)

// Named is a selector of the first element that matches, can be seen and whose
// whole text is this one, however it is spaced: what somebody who reads the
// page would point at. It is waited for. The selector holds for this page only.
func (t *Tab) Named(selector, text string) string {
	t.tb.Helper()
	return t.point(selector, fmt.Sprintf(`%s === %s`, spaced(`e.innerText`), spaced(strconv.Quote(text))), text)
}

// Row is a selector of the first element that matches, can be seen and contains
// the text: a row of a table, by a name in it.
func (t *Tab) Row(selector, text string) string {
	t.tb.Helper()
	return t.point(selector, fmt.Sprintf(`%s.includes(%s)`, spaced(`e.innerText`), spaced(strconv.Quote(text))), text)
}

// Field is a selector of the field whose label begins with the text, within
// what the selector matches.
func (t *Tab) Field(within, label string) string {
	t.tb.Helper()
	found := t.point(within+" label", fmt.Sprintf(`%s.startsWith(%s)`, spaced(`e.innerText`), spaced(strconv.Quote(label))), label)
	return t.path(fmt.Sprintf(`document.querySelector(%q).control`, found))
}

// spaced is an expression of the text without what spacing and line breaks make
// of it.
func spaced(expression string) string {
	return fmt.Sprintf(`(%s).replace(/\s+/g, " ").trim()`, expression)
}

func (t *Tab) point(selector, condition, text string) string {
	t.tb.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll(%q)].find((e) => e.checkVisibility() && %s)`, selector, condition)
	t.await(fmt.Sprintf("find %q among %s", text, selector), find+` !== undefined`)
	return t.path(find)
}

// path is the selector of one element: its place among its siblings, and
// theirs, up to the document.
func (t *Tab) path(element string) string {
	t.tb.Helper()
	path := Eval[[]int](t, fmt.Sprintf(`(() => {
		const path = [];
		for (let e = %s; e?.parentElement; e = e.parentElement) {
			path.unshift([...e.parentElement.children].indexOf(e) + 1);
		}
		return path;
	})()`, element))
	var b strings.Builder
	b.WriteString(":root")
	for _, n := range path {
		fmt.Fprintf(&b, ">:nth-child(%d)", n)
	}
	return b.String()
}
