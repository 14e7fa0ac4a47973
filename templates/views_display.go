package templates

import (
	"slices"
	"strconv"
	"strings"
)

// Theme is a choice of colours.
type Theme string

// The themes; ThemeSystem follows the device.
const (
	ThemeSystem Theme = "system"
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Themes lists the themes in the order in which they are offered.
func Themes() []Theme { return []Theme{ThemeSystem, ThemeLight, ThemeDark} }

// TextSizes lists the sizes of text in percent of the browser's own, in the order in which they are offered.
func TextSizes() []int { return []int{100, 125, 150, 200} }

// Display is how somebody wants pages to look. The zero value is the device's theme and text in the
// browser's own size.
type Display struct {
	Theme Theme
	// Text is the size of text in percent.
	Text int
}

// ParseDisplay reads what Display.String writes. What is not offered is as if it were not chosen.
func ParseDisplay(value string) Display {
	theme, size, _ := strings.Cut(value, ".")
	text, _ := strconv.Atoi(size) // 0 is not offered
	d, _ := Display{}.With(theme, "")
	if sized, ok := d.With("", strconv.Itoa(text)); ok {
		d = sized
	}
	return d
}

// With changes the theme, the size of text, or both; an empty value leaves it as it is. It tells whether
// what was asked for is offered; if not, nothing is changed.
func (d Display) With(theme, text string) (Display, bool) {
	changed := d
	if theme != "" {
		changed.Theme = Theme(theme)
		if !slices.Contains(Themes(), changed.Theme) {
			return d, false
		}
	}
	if text != "" {
		size, err := strconv.Atoi(text)
		if err != nil || !slices.Contains(TextSizes(), size) {
			return d, false
		}
		changed.Text = size
	}
	return changed, true
}

// String is what a cookie holds.
func (d Display) String() string { return string(d.theme()) + "." + strconv.Itoa(d.text()) }

func (d Display) theme() Theme {
	if d.Theme == "" {
		return ThemeSystem
	}
	return d.Theme
}

func (d Display) text() int {
	if d.Text == 0 {
		return TextSizes()[0]
	}
	return d.Text
}

// colorScheme is what the browser draws by itself in: fields, scroll bars, the page before the style sheet.
func (d Display) colorScheme() string {
	if d.theme() == ThemeSystem {
		return "light dark"
	}
	return string(d.theme())
}
