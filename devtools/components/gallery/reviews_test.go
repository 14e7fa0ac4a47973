//go:build !race

package gallery_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sync"
	"testing"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
)

// review is the judgement of people on what axe-core cannot judge by itself.
type review struct {
	rule, reason string // of axe-core
	states       string // a pattern of the states' names
	elements     string // a selector
	why          string // it is right
	by           string // who looked at it, and how it was judged
}

const measured = "measured in each look by pale in look.js, which fails below 4.5 (3 for large text); the pairs of tokens by TestContrastOfThemes"

var reviewed = []review{
	{"color-contrast", "bgOverlap", ".*", "*", "a bar or a box that scrolls lies above it, at the place to which the page is scrolled; it stands on the colour of its own box", measured},
	{"color-contrast", "nonBmp", ".*", "*", "a sign beside words, such as a check mark, in the colour of those words", measured},
	{"color-contrast", "shortTextContent", ".*", "*", "a letter of an option or a number, in the colour of the text around it", measured},
	{"color-contrast", "elmPartiallyObscured", ".*", "*", "a bar, a dialog or a box that scrolls lies above a part of it; what is to be seen stands on the colour of its own box", measured},
	{"color-contrast", "elmPartiallyObscuring", ".*", "*", "it lies above something else, on a colour of its own that nothing shines through", measured},
	{"color-contrast", "imgNode", ".*", "*", "a picture stands beside it, not behind it", measured},
	{"color-contrast", "emptyValue", "signed-out.*", "#signin-password", "nothing is typed yet; what is typed has the colours of the field above it", measured},
	{"skip-link", "", "outbox-(sending|stuck)", ".skip-link",
		"the page is out of use until an answer is sent: there is nothing to skip to", "read in the page; TestEveryState sees where the focus goes"},
}

// reviews holds which lines of the table were needed.
type reviews struct {
	mu   sync.Mutex
	used map[int]bool
}

// settle reports whether a finding is one that was looked into.
func (r *reviews) settle(tab *browser.Tab, state string, f axe.Finding) bool {
	if !f.Incomplete {
		return false
	}
	for i, line := range reviewed {
		if line.rule != f.Rule || line.reason != f.Reason || !regexp.MustCompile("^(?:"+line.states+")$").MatchString(state) {
			continue
		}
		if line.elements == "*" {
			r.use(i)
			return true
		}
		selector, _ := json.Marshal(f.Selector) // text
		pattern, _ := json.Marshal(line.elements)
		if browser.Eval[bool](tab, fmt.Sprintf(`document.querySelector(%s).matches(%s)`, selector, pattern)) {
			r.use(i)
			return true
		}
	}
	return false
}

func (r *reviews) use(line int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used[line] = true
}

// unused fails for each line that settled nothing: what it was about is gone.
func (r *reviews) unused(t *testing.T) {
	for i, line := range reviewed {
		if !r.used[i] {
			t.Errorf("nothing needs the review of %s (%s) on %s", line.rule, line.reason, line.elements)
		}
	}
}
