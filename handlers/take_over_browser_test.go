//go:build !race

package handlers_test

import (
	"net/http"
	"testing"

	"shiken/devtools/browser"
)

// R10: both devices are told: the one that takes over by its page, the other by the stream of its open one,
// which keeps what was typed and can take the exam back.
func TestBothDevicesAreTold(t *testing.T) {
	t.Parallel()
	s, ann, attempt := atBrowser(t, oneDevice)
	here := ann.First()
	here.Open(questionPath(attempt, 1))
	s.listens(1)
	c := s.signedIn("ann")
	other := browser.Start(t).Person(t, browser.Options{Base: s.url, Language: "en"})
	other.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	there := other.First()
	there.Open(questionPath(attempt, 1))
	there.Await(`document.querySelector("main[data-elsewhere] [data-holder]") !== null`)
	const gone = `document.querySelector("[data-elsewhere-cover]")?.checkVisibility() === true`
	follows(t, here, "told of the other device", func() {
		there.Click("[data-take-over] button")
		there.Await(`document.querySelector("form[data-question]") !== null`)
	}, gone)
	follows(t, here, "taken back", func() { here.Click("[data-elsewhere-back]") }, uncovered)
	follows(t, there, "told of the first device", func() {}, gone)
	if a := s.stored(attempt).Attempt; a.Device == c.signIn {
		t.Error("it was not taken back")
	}
}

// R10, R15: what the other device saved before the exam was taken back is shown.
func TestWhatTheOtherDeviceSavedIsShown(t *testing.T) {
	s, ann, attempt := atBrowser(t, oneDevice)
	here := ann.First()
	here.Open(questionPath(attempt, 1))
	s.listens(1)
	other := s.signedIn("ann")
	other.takesOver(attempt)
	here.Await(`document.querySelector("[data-elsewhere-cover]")?.checkVisibility() === true`)
	other.put(attempt, 1, newCall("written elsewhere")).status(http.StatusOK)
	here.Click("[data-elsewhere-back]")
	here.Await(`document.querySelector("main textarea").value === "written elsewhere" && !document.querySelector("main").classList.contains("covered")`)
}
