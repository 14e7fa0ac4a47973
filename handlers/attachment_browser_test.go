//go:build !race

// Pages in a browser, one after another: the race detector would find nothing in Chromium, and what the server does
// here it also does in tests without a browser.

package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
	"shiken/exam"
	"shiken/store"
)

// reading is ann's tab at a typed question of an exam with attachments.
func reading(t *testing.T, options browser.Options) (*site, *browser.Tab, string) {
	t.Helper()
	s := newSite(t)
	s.load([]storeQuestion{loaded(0, exam.Question{Type: exam.ShortText, Stem: exam.Text{Source: "Capital?"}},
		exam.Key{Revision: 1, Texts: []exam.TextKey{{Pattern: "tokyo", Weight: exam.FullCredit}}})})
	s.exam()
	s.attaches(titledFile(sheet, "公式集", "Formulas"), figure, table)
	c := s.signedIn("ann")
	attempt := c.start()
	options.Base = s.url
	ann := browser.Start(t).Person(t, options)
	ann.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	tab := ann.First()
	tab.Open(questionPath(attempt, 1))
	return s, tab, attempt
}

// By the keyboard alone, with and without JavaScript: an attachment opens in a tab of its own, and the answer
// that was being typed is neither left nor asked about.
func TestAttachmentOpensBesideTheAnswer(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]browser.Options{
		"with scripts": {Language: "ja"}, "without scripts": {Language: "en", NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			s, tab, attempt := reading(t, options)
			tab.Fill("input[name=answer]", "tok")
			for _, n := range []string{"1", "2", "3"} {
				tab.TabTo(`[data-attachments] a[href$="/` + n + `"]`)
				tab.Type(browser.KeyEnter)
				s.asked(t, attempt+"/attachments/"+n)
			}
			if tab.Path() != questionPath(attempt, 1) || tab.Dialogs() != 0 {
				t.Errorf("the page was left for %s, with %d questions", tab.Path(), tab.Dialogs())
			}
			if got := browser.Eval[string](tab, `document.querySelector("input[name=answer]").value`); got != "tok" {
				t.Errorf("what was typed is %q", got)
			}
			tab.Fill("input[name=answer]", "tokyo")
			tab.Leaving(func() { tab.Press("button[value=save]") })
			snap, err := s.store.LoadAttempt(t.Context(), store.AttemptQuery{Attempt: idOf(attempt), All: true})
			must(t, err)
			if got := snap.Attempt.Response(1).Answer; got.Text != "tokyo" {
				t.Errorf("saved %+v", got)
			}
			if faults := tab.Faults(); len(faults) > 0 {
				t.Errorf("the browser tells %v", faults)
			}
		})
	}
}

// asked awaits that a path was asked for, and answered.
func (s *site) asked(t *testing.T, path string) {
	t.Helper()
	answered := func(line string) bool { return strings.Contains(line, path) && strings.Contains(line, "status=200") }
	patience := time.After(time.Minute)
	for look := time.NewTicker(10 * time.Millisecond); ; {
		if slices.ContainsFunc(strings.Split(s.log.String(), "\n"), answered) {
			return
		}
		select {
		case <-look.C:
		case <-patience:
			t.Fatalf("%s was not asked for", path)
		}
	}
}

// The pages that show attachments are accessible, and no wider than a phone.
func TestAttachmentPagesAreAccessible(t *testing.T) {
	t.Parallel()
	s, tab, attempt := reading(t, browser.Options{Language: "en"})
	s.user("cleo", store.RoleAuthor)
	tab.Resize(phoneWidth, phoneHeight)
	for _, path := range []string{questionPath(attempt, 1), attempt + "/review"} {
		tab.Open(path)
		axe.Check(t, tab)
		fits(t, tab, path)
	}
	cleo := browser.Start(t).Person(t, browser.Options{Base: s.url, Language: "ja"})
	cleo.Carry([]*http.Cookie{{Name: "shiken_session", Value: s.signedIn("cleo").token}})
	desk := cleo.First()
	desk.Resize(phoneWidth, phoneHeight)
	for _, path := range []string{editPath, editPath + "/attachments"} {
		desk.Open(path)
		axe.Check(t, desk)
		fits(t, desk, path)
	}
	desk.Press("button.primary")
	desk.Await(`document.querySelector("[data-refused=no_file]") !== null`)
	axe.Check(t, desk)
}
