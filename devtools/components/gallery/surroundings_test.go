package gallery_test

import (
	"fmt"
	"testing"

	"shiken/devtools/components/gallery"
	"shiken/templates"
)

// size is that of a window in CSS pixels, each of which takes so many of the device's.
type size struct {
	width, height int64
	zoom          float64
}

// sizes are those of a phone, a tablet, a desk, and of a desk of 1280 by 1024 where everything is shown at 400 %.
var sizes = []size{{320, 640, 1}, {768, 1024, 1}, {1280, 900, 1}, {320, 256, 4}}

// colours are the two themes, and those that the device forces upon pages.
type colours struct {
	theme  templates.Theme
	forced bool
}

var palettes = []colours{{templates.ThemeLight, false}, {templates.ThemeDark, false}, {templates.ThemeLight, true}}

// texts are sizes of text, in percent.
var texts = []int{100, 150, 200}

// surroundings is what a page is shown in. The numbers count in the lists above, lang in gallery.Langs.
type surroundings struct{ size, lang, colours, text int }

func (s surroundings) String() string {
	z, c := sizes[s.size], palettes[s.colours]
	return fmt.Sprintf("%dx%d at %.0f %% %s %s forced=%t text %d %%", z.width, z.height, 100*z.zoom, gallery.Langs()[s.lang], c.theme, c.forced, texts[s.text])
}

// pairwise gives the surroundings of the i-th state: any value of any two things, the state being one of them, meet
// in one of a page's looks.
func pairwise(i int) []surroundings {
	out := make([]surroundings, len(sizes))
	for k := range out {
		text := (k + i/9) % len(sizes) % len(texts)
		out[k] = surroundings{size: k, lang: (k + i) % len(gallery.Langs()), colours: (k + i/3) % len(palettes), text: text}
	}
	return out
}

// all gives those of pairwise, and every window in every language and colour at the usual size of text.
func all(i int) []surroundings {
	out := pairwise(i)
	seen := map[surroundings]bool{}
	for _, s := range out {
		seen[s] = true
	}
	for lang := range gallery.Langs() {
		for colour := range palettes {
			for size := range sizes {
				if s := (surroundings{size, lang, colour, 0}); !seen[s] {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// Any two values of different things meet.
func TestPairsAreCovered(t *testing.T) {
	states := len(gallery.States()) + 1 // and the parts
	levels := []int{states, len(sizes), len(gallery.Langs()), len(palettes), len(texts)}
	met := map[[4]int]bool{}
	for state := range states {
		for _, s := range pairwise(state) {
			values := []int{state, s.size, s.lang, s.colours, s.text}
			for a := range values {
				for b := range a {
					met[[4]int{a, values[a], b, values[b]}] = true
				}
			}
		}
	}
	for a := range levels {
		for b := range a {
			for x := range levels[a] {
				for y := range levels[b] {
					if !met[[4]int{a, x, b, y}] {
						t.Errorf("value %d of %d never meets value %d of %d", x, a, y, b)
					}
				}
			}
		}
	}
}

// The full matrix has each window in each language and colour, for every state.
func TestAllIsAll(t *testing.T) {
	for i := range 36 {
		seen := map[surroundings]bool{}
		for _, s := range all(i) {
			if seen[s] {
				t.Errorf("%v twice for %d", s, i)
			}
			seen[s] = true
		}
		if want := len(sizes) * len(gallery.Langs()) * len(palettes); len(seen) < want {
			t.Errorf("%d looks, want %d and more", len(seen), want)
		}
	}
}
