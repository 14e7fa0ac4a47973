package e2e_test

import (
	"testing"

	"shiken/devtools/browser"
	"shiken/devtools/cluster"
)

// briefExam ends seconds after its start.
const briefExam = `exam: brief
title: {ja: 短い試験, en: Brief exam}
navigation: free
time_limit: 12s
grace: 3s
attempts: 0
shuffle: {questions: true, options: true}
release: {score: immediately, answers: immediately, keys: never}
open_to: [everyone]
published: true
sections:
  - title: {ja: 問題, en: Questions}
    draw: 3
    from: {set: sample-ja}
`

// TestTimeUp (R9): at zero the page sends what is on the screen and waits for
// the result, which comes when the server has closed. Without JavaScript what
// is sent after the end is refused, and kept.
func TestTimeUp(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	load(t, i, "brief.yaml", briefExam)
	for _, script := range scripts {
		t.Run(script.name, func(t *testing.T) {
			t.Parallel()
			s := sitDown(t, i, i.URL(), "brief", script.noScript)
			tab := s.person.First()
			answer := choose(tab, 2)
			if script.noScript {
				s.tooLate(i, tab, answer)
			} else {
				tab.Await(`location.pathname.endsWith("/result")`)
			}
			tab.Await(`document.querySelector("main")?.dataset.status === "expired" && document.querySelector("main").dataset.phase === "done"`)
			saved := "1 of 3 answered."
			if script.noScript {
				saved = "0 of 3 answered."
			}
			s.want(tab, "answers", tab.Text("dl.terms div:nth-of-type(4) dd"), saved)
			if tab.Main("receipt") == "" || tab.Count(".score-points") != 1 {
				t.Error("the result lacks the receipt or the score")
			}
		})
	}
}

// tooLate sends the answer after the server has closed.
func (s *seat) tooLate(i *cluster.Instance, tab *browser.Tab, answer string) {
	s.t.Helper()
	c := signedIn(s.t, i.URL(), s.account)
	await(s.t, "the server's closing", func() error {
		return wantData(get(s.t, c, s.attempt+"/result"), "status", "expired")
	})
	tab.Press(saveButton)
	s.conflict(tab, "finished", "No answer", answer)
	tab.Press(".actions a")
}
