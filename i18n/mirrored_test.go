package i18n_test

import (
	"slices"
	"testing"

	"shiken/i18n"
)

// The mirrored language lays pages out from right to left, fills its placeholders, and is nobody's choice.
func TestMirrored(t *testing.T) {
	m := i18n.Mirrored()
	if m.Dir() != "rtl" || i18n.Lookup("", "ja").Dir() != "ltr" || i18n.Lookup("", "en").Dir() != "ltr" {
		t.Error("directions")
	}
	if got, want := m.T("question.heading", "n", 1200, "total", "abc"), "قخعستیون 1,200 وف abc"; got != want {
		t.Errorf("heading %q, want %q", got, want)
	}
	if got, want := m.T("exam.questions", "n", 1), "1 قخعستیون"; got != want {
		t.Errorf("singular %q, want %q", got, want)
	}
	if slices.Contains(i18n.Tags(), m.Tag()) {
		t.Error("it is offered")
	}
	if got := i18n.Lookup(m.Tag(), m.Tag()); got.Dir() != "ltr" {
		t.Error("it can be asked for")
	}
}
