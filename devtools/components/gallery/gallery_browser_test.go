//go:build !race

// Pages in a browser, in which the race detector can find nothing.

package gallery_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
	"shiken/devtools/components/gallery"
	"shiken/templates"
)

// surroundings is what a page is shown in. A window of 320 by 256 is one of 1280 by 1024 at 400 %.
type surroundings struct {
	width, height int64
	lang          string
	theme         templates.Theme
	text          int
	forced        bool // colours, see WCAG and forced-colors
}

func (s surroundings) String() string {
	return fmt.Sprintf("%dx%d %s %s %d forced=%t", s.width, s.height, s.lang, s.theme, s.text, s.forced)
}

// chosen are surroundings in which any value of one thing meets any value of the theme and of the language.
var chosen = []surroundings{
	{320, 640, "ja", templates.ThemeLight, 100, false},
	{320, 256, "en", templates.ThemeDark, 100, false},
	{1280, 900, "rtl", templates.ThemeLight, 100, false},
	{320, 640, "rtl", templates.ThemeDark, 150, false},
	{768, 1024, "ja", templates.ThemeDark, 200, true},
	{1280, 900, "en", templates.ThemeLight, 200, true},
}

// all are all of them, which takes long: SHIKEN_LOOKS=all.
func all() []surroundings {
	var out []surroundings
	for _, size := range [][2]int64{{320, 640}, {320, 256}, {768, 1024}, {1280, 900}} {
		for _, lang := range gallery.Langs() {
			for _, theme := range []templates.Theme{templates.ThemeLight, templates.ThemeDark} {
				for _, text := range []int{100, 200} {
					for _, forced := range []bool{false, true} {
						out = append(out, surroundings{size[0], size[1], lang, theme, text, forced})
					}
				}
			}
		}
	}
	return out
}

// sideways lists what is wider than the window and does not scroll in itself.
const sideways = `(() => {
	const room = document.documentElement.clientWidth;
	if (document.scrollingElement.scrollWidth <= room) return [];
	const scrolls = (e) => e && e !== document.body && (/auto|scroll|hidden/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
	return ["wider than " + room].concat([...document.body.querySelectorAll("*")].filter((e) => {
		const r = e.getBoundingClientRect();
		return r.width > 0 && (r.right > room + 1 || r.left < -1) && !scrolls(e);
	}).map((e) => e.tagName + "." + e.className).slice(0, 5));
})()`

// hidden lists what has the focus and is not seen: out of the window, below something else, or without a mark.
const hidden = `(() => {
	const faults = [];
	const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
	for (const e of stops) {
		if (!e.checkVisibility({ visibilityProperty: true }) || e.disabled || e.matches(":disabled, [tabindex='-1']")) continue;
		e.focus({ focusVisible: true });
		if (document.activeElement !== e) continue;
		const name = e.tagName + "." + e.className + " " + (e.textContent || e.name || "").trim().slice(0, 20);
		const r = e.getBoundingClientRect();
		const x = r.x + r.width / 2, y = Math.max(r.y, 0) + Math.min(r.height, innerHeight) / 2;
		if (r.bottom < 0 || r.top > innerHeight) faults.push("out of sight: " + name);
		const top = document.elementFromPoint(x, Math.min(y, innerHeight - 1));
		if (top && top !== e && !e.contains(top) && !top.contains(e) && !e.labels?.[0]?.contains(top)) faults.push("covered: " + name + " by " + top.tagName + "." + top.className);
		const marked = [e, e.closest(".choice")].some((m) => m && getComputedStyle(m).outlineStyle !== "none" && parseFloat(getComputedStyle(m).outlineWidth) >= 2);
		if (!marked) faults.push("no mark: " + name);
	}
	return faults;
})()`

// judged is of how many looks at a state axe-core judges one, which takes longer than the rest.
const judged = 3

func judge(t *testing.T, tab *browser.Tab, name string, s surroundings) {
	t.Helper()
	for _, fault := range axe.Faults(tab) {
		// Forced colours are the device's own; axe-core sees those of the style sheet.
		if !s.forced || !strings.HasPrefix(fault, "color-contrast ") {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// Every state of every page fits the window without scrolling sideways, shows where the focus is, and is one
// that axe-core finds no fault with.
func TestEveryState(t *testing.T) {
	looks, whole := chosen, os.Getenv("SHIKEN_LOOKS") == "all"
	if whole {
		looks = all()
	}
	base := browser.Serve(t, gallery.Handler())
	for i, s := range looks {
		t.Run(s.String(), func(t *testing.T) {
			tab := browser.Start(t).Person(t, browser.Options{Base: base}).First()
			tab.Resize(s.width, s.height)
			if s.forced {
				tab.Media(map[string]string{"forced-colors": "active", "prefers-reduced-motion": "reduce"})
			}
			look := gallery.Look{Lang: s.lang, Display: templates.Display{Theme: s.theme, Text: s.text}}
			for j, state := range append(gallery.States(), gallery.State{Name: "parts"}) {
				tab.Open(look.Path(state.Name))
				if wide := browser.Eval[[]string](tab, sideways); len(wide) > 0 {
					t.Errorf("%s: %s", state.Name, strings.Join(wide, ", "))
				}
				if lost := browser.Eval[[]string](tab, hidden); len(lost) > 0 {
					t.Errorf("%s: %s", state.Name, strings.Join(lost, "\n\t"))
				}
				if whole || (i+j)%judged == 0 {
					judge(t, tab, state.Name, s)
				}
			}
		})
	}
}
