//go:build !race

// Pages in a browser, in which the race detector can find nothing.

package gallery_test

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
	"shiken/devtools/components/gallery"
	"shiken/templates"
)

//go:embed look.js
var lookScript string

// viewer looks at states, one after another, in a tab that stays the same.
type viewer struct {
	tab     *browser.Tab
	size    int
	colours int
	reviews *reviews
	looks   int
}

// open shows a state, and waits until it is one.
func (v *viewer) open(state gallery.State, lang string) {
	look := gallery.Look{Lang: lang, Display: templates.Display{Theme: templates.ThemeLight, Text: 100}}
	v.tab.Open(look.Path(state.Name))
	if state.Ready != "" {
		v.tab.Await(state.Ready)
	}
	browser.Eval[any](v.tab, lookScript)
}

// unasked lets pages be left with what is not saved: nobody is asked in a window without hands.
const unasked = `addEventListener("beforeunload", (e) => e.stopImmediatePropagation())`

// leave forgets what the product's scripts keep of what was chosen.
func (v *viewer) leave(state gallery.State) {
	if state.Script != "" {
		browser.Eval[any](v.tab, `localStorage.clear(), sessionStorage.clear(), null`)
	}
}

// look brings the page to its surroundings, and lists what is wrong with it there.
func (v *viewer) look(state gallery.State, s surroundings, without ...string) []string {
	z, c := sizes[s.size], palettes[s.colours]
	if v.size != s.size {
		v.tab.Zoom(z.width, z.height, z.zoom)
		v.size = s.size
	}
	if v.colours != s.colours {
		v.tab.Media(mediaOf(c))
		v.colours = s.colours
	}
	wanted, _ := json.Marshal(map[string]any{"width": z.width, "theme": c.theme, "text": texts[s.text], "forced": c.forced}) // it holds no channels
	faults := browser.Settle[[]string](v.tab, fmt.Sprintf(`gallery.put(%s).then(() => gallery.look())`, wanted))
	for _, finding := range axe.Findings(v.tab, without...) {
		if !v.reviews.settle(v.tab, state.Name, finding) {
			faults = append(faults, finding.String())
		}
	}
	v.looks++
	return faults
}

func mediaOf(c colours) map[string]string {
	forced := "none"
	if c.forced {
		forced = "active"
	}
	return map[string]string{"forced-colors": forced, "prefers-reduced-motion": "reduce"}
}

// Every state of every page fits every window, at every size of text, shows where the focus is, moves nothing for who
// asks for that, and is one that axe-core finds no fault with, nor leaves a doubt that nobody has looked into.
// SHIKEN_LOOKS=all: in every look instead of pairwise; SHIKEN_STATES: those whose names match.
func TestEveryState(t *testing.T) {
	looksOf, whole := pairwise, os.Getenv("SHIKEN_LOOKS") == "all"
	if whole {
		looksOf = all
	}
	only := regexp.MustCompile(os.Getenv("SHIKEN_STATES"))
	base := browser.Serve(t, gallery.Handler())
	reviews := &reviews{used: map[int]bool{}}
	states := append(gallery.States(), gallery.State{Name: "parts"})
	began := time.Now()
	var mu sync.Mutex
	total := 0
	const tabs = 2
	t.Run("states", func(t *testing.T) {
		for n := range tabs {
			t.Run(fmt.Sprintf("tab %d", n+1), func(t *testing.T) {
				t.Parallel()
				v := &viewer{tab: browser.Start(t).Person(t, browser.Options{Base: base}).First(), size: -1, colours: -1, reviews: reviews}
				v.tab.Before(unasked)
				for i := n; i < len(states); i += tabs {
					if only.MatchString(states[i].Name) {
						v.show(t, states[i], looksOf(i))
					}
				}
				mu.Lock()
				defer mu.Unlock()
				total += v.looks
			})
		}
	})
	t.Logf("%d looks at %d states in %v", total, len(states), time.Since(began).Round(time.Second))
	if whole && only.String() == "" { // which doubts come up pairwise depends on the machine's fonts
		reviews.unused(t)
	}
}

// contrast is a rule that takes axe-core longer than all others together. It judges a state once in each theme, look.js
// in every look; colours that the device forces upon a page are not the page's.
const contrast = "color-contrast"

// show looks at a state in all of its surroundings, with one load for each language.
func (v *viewer) show(t *testing.T, state gallery.State, looks []surroundings) {
	measured := map[int]bool{}
	for lang, tag := range gallery.Langs() {
		v.open(state, tag)
		for _, s := range looks {
			if s.lang != lang {
				continue
			}
			var without []string
			if measured[s.colours] || palettes[s.colours].forced {
				without = []string{contrast}
			}
			measured[s.colours] = true
			if faults := v.look(state, s, without...); len(faults) > 0 {
				t.Errorf("%s, %s:\n  %s", state.Name, s, strings.Join(faults, "\n  "))
			}
		}
		v.leave(state)
	}
}
