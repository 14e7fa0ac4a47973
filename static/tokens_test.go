package static_test

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"strconv"
	"testing"
)

var (
	tokenPattern = regexp.MustCompile(`--([a-z-]+):\s*(#[0-9a-f]{6});`)
	lightBlock   = regexp.MustCompile(`(?s)^[^{]*:root \{(.*?)\n\}`)
	systemDark   = regexp.MustCompile(`(?s)prefers-color-scheme: dark\) \{\s*:root:not\(\[data-theme="light"\]\) \{(.*?)\}`)
	chosenDark   = regexp.MustCompile(`(?s):root\[data-theme="dark"\] \{(\s*--.*?)\}`)
)

// colours are the colours among the tokens of a block of the style sheet.
func colours(t *testing.T, block *regexp.Regexp) map[string]string {
	t.Helper()
	match := block.FindStringSubmatch(body(t, "app.css"))
	if match == nil {
		t.Fatalf("no block %s", block)
	}
	found := map[string]string{}
	for _, m := range tokenPattern.FindAllStringSubmatch(match[1], -1) {
		found[m[1]] = m[2]
	}
	return found
}

// luminance is the relative luminance of WCAG 2.2, of a colour like #1f5490.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// contrast is the contrast ratio of WCAG 2.2, 1 to 21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// What is read has a contrast of 4.5 to what it stands on, what is only seen one of 3 (WCAG 2.2, 1.4.3 and
// 1.4.11), in both themes. Pairs are those that the style sheets use.
func TestContrastOfThemes(t *testing.T) {
	const text, shape = 4.5, 3
	grounds := []string{"ground", "surface", "sunken"}
	washes := []string{"accent-wash", "good-wash", "warn-wash", "bad-wash"}
	type pair struct {
		on    []string
		least float64
	}
	pairs := map[string][]pair{
		"ink":           {{grounds, text}, {washes, text}},
		"ink-soft":      {{grounds, text}, {washes, text}},
		"accent":        {{grounds, text}, {[]string{"accent-wash"}, text}, {washes, shape}}, // it also marks the focus
		"accent-strong": {{grounds, text}},
		"on-accent":     {{[]string{"accent", "accent-strong", "bad"}, text}},
		"good":          {{grounds, text}, {[]string{"good-wash"}, text}},
		"warn":          {{grounds, text}, {[]string{"warn-wash"}, text}},
		"bad":           {{grounds, text}, {[]string{"bad-wash"}, text}},
		"line-strong":   {{grounds, shape}},
	}
	for theme, block := range map[string]*regexp.Regexp{"light": lightBlock, "dark": systemDark} {
		tokens := colours(t, block)
		for front, lists := range pairs {
			for _, list := range lists {
				for _, back := range list.on {
					if tokens[front] == "" || tokens[back] == "" {
						t.Fatalf("%s: no colour %s or %s", theme, front, back)
					}
					if got := contrast(t, tokens[front], tokens[back]); got < list.least {
						t.Errorf("%s: %s on %s is %.2f, want %.1f", theme, front, back, got, list.least)
					}
				}
			}
		}
	}
	if got := fmt.Sprintf("%.1f", contrast(t, "#ffffff", "#000000")); got != "21.0" {
		t.Errorf("black on white is %s", got)
	}
}

// Dark is the same whether the device or its owner asks for it, and redefines every colour.
func TestDarkIsOneTheme(t *testing.T) {
	light, system, chosen := colours(t, lightBlock), colours(t, systemDark), colours(t, chosenDark)
	if !maps.Equal(system, chosen) {
		t.Errorf("by the device %v, by choice %v", system, chosen)
	}
	for name := range light {
		if system[name] == "" {
			t.Errorf("dark lacks %s", name)
		}
	}
	if len(light) < 15 {
		t.Errorf("%d colours", len(light))
	}
}

// What is laid out by left and right would stand on the wrong side in a language that runs from right to left.
func TestStyleSheetsKnowNoLeftAndRight(t *testing.T) {
	physical := regexp.MustCompile(`(?m)(margin|padding|border)-(left|right|top|bottom)|(^|[;{\s])(left|right|top|bottom)\s*:|(text-align|float|clear)\s*:\s*(left|right)`)
	for _, name := range []string{"app.css", "staff.css"} {
		for _, found := range physical.FindAllString(body(t, name), -1) {
			t.Errorf("%s: %s", name, found)
		}
	}
}

// What style sheets could take from people, and do not: the order of the document (WCAG 2.2, 1.3.2 and 2.4.3), the way
// a device is held (1.3.4), a calm page (2.2.2 and 2.3.1).
func TestStyleSheetsLeaveOrderAndCalm(t *testing.T) {
	for what, pattern := range map[string]*regexp.Regexp{
		"moves a thing across others": regexp.MustCompile(`[;{\s](order|grid-area|grid-row|grid-row-start|reading-flow)\s*:|-reverse|\bdense\b`),
		"asks for an orientation":     regexp.MustCompile(`orientation`),
		"moves by itself":             regexp.MustCompile(`@keyframes|[;{\s]animation|\bblink\b`),
	} {
		for _, name := range []string{"app.css", "staff.css"} {
			for _, found := range pattern.FindAllString(body(t, name), -1) {
				t.Errorf("%s %s: %q", name, what, found)
			}
		}
	}
}
