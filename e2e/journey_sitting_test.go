package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"shiken/devtools/browser"
)

// within is how soon the page of a candidate follows an invigilator.
const within = 5 * time.Second

// keyed are the right answers, by words of the question.
var keyed = map[string]string{
	"こおる": "0", "養分": "光合成", "気体": "ちっ素", "自分で光": "誤り",
	"12 × 8": "96", "91 ÷ 7": "13", "0.5 + 0.75": "1.25", "三角形": "180度", "正方形": "16",
}

// examinee is a pupil in front of a browser, in an exam.
type examinee struct {
	t *testing.T
	pupil
	tab *browser.Tab
}

// arrive signs a pupil in and begins the exam.
func (s *school) arrive(p pupil, exam string, noScript bool) *examinee {
	s.t.Helper()
	o := browser.Options{Base: s.instance.URL(), Language: "ja", NoScript: noScript}
	e := &examinee{t: s.t, pupil: p, tab: browser.Start(s.t).Person(s.t, o).First()}
	e.tab.Open("/")
	signInAt(e.tab, p.Account)
	e.tab.Press(fmt.Sprintf(`a[href="/exams/%s"]`, exam))
	e.tab.Press(`form[action$="/attempts"] button`)
	e.want("position", e.tab.Main("position"), "1")
	return e
}

func (e *examinee) want(what, got, want string) {
	e.t.Helper()
	if got != want {
		e.t.Fatalf("%s: %s (%s): %q, want %q; on the screen: %s", e.name, what, e.tab.Path(), got, want, oneLine(e.tab.Text("main")))
	}
}

// goTo opens the free exam's question with these words.
func (e *examinee) goTo(words string) {
	e.t.Helper()
	for n := range 4 {
		if n > 0 || !strings.Contains(e.tab.Text("#stem"), words) {
			e.tab.Press(fmt.Sprintf(`button[value="goto:%d"]`, n+1))
		}
		if strings.Contains(e.tab.Text("#stem"), words) {
			return
		}
	}
	e.t.Fatalf("%s: no question has the words %q", e.name, words)
}

// answer fills in the question on the screen.
func (e *examinee) answer(text string) {
	e.t.Helper()
	if e.tab.Count("input[name=answer][type=text]") == 1 {
		e.tab.Fill("input[name=answer]", text)
		return
	}
	e.tab.Click(e.tab.Named("label.choice", text))
}

// key is the right answer to the question on the screen.
func (e *examinee) key() string {
	e.t.Helper()
	stem := e.tab.Text("#stem")
	for words, answer := range keyed {
		if strings.Contains(stem, words) {
			return answer
		}
	}
	e.t.Fatalf("%s: unknown question %q", e.name, stem)
	return ""
}

// follows does something at the staff's page and waits until a candidate's page
// shows it, which must be soon after.
func follows(t *testing.T, tab *browser.Tab, what string, do func(), shown string) {
	t.Helper()
	do()
	began := time.Now()
	tab.Await(shown)
	took := time.Since(began)
	t.Logf("%s: %d ms", what, took.Milliseconds())
	if took > within {
		t.Errorf("%s: followed after %s", what, took)
	}
}

// sit is the two exams with all that happens in them.
func (s *school) sit() {
	s.t.Helper()
	s.aoi = s.arrive(s.class[0], freeExam, false)
	s.mina = s.arrive(s.class[1], freeExam, true)
	s.ren = s.arrive(s.class[5], linearExam, false)
	s.watch()
	s.extend()
	s.pauseAndResume()
	s.forceSubmit()
	s.acceptLate()
	s.finish()
}

// watch: what a candidate saves is on the sitting page without a click.
func (s *school) watch() {
	s.t.Helper()
	s.follow("試験の監督")
	s.picture("sittings")
	s.follow(freeTitle)
	s.want("seats", s.staff.Text(`[data-state=""] strong`), fmt.Sprint(inClass))
	s.staff.Await(`document.querySelector("[data-live]")?.checkVisibility() === true`)
	s.aoi.goTo("養分")
	s.aoi.answer("光合成")
	s.aoi.tab.Press(saveButton)
	seat := s.seat(s.aoi)
	s.staff.Await(fmt.Sprintf(`document.querySelector(%q).dataset.answered === "1"`, seat))
	s.picture("sitting")
}

// seat is the row of a candidate on the sitting page.
func (s *school) seat(e *examinee) string {
	s.t.Helper()
	return `#` + s.staff.Attr(s.staff.Row("#seats tbody tr", e.name), "id")
}

// command gives a command to one candidate, or to all where e is nil.
func (s *school) command(e *examinee, kind, confirm string) {
	s.t.Helper()
	s.choose("操作", kind)
	if e == nil {
		s.staff.Press(`button[name=scope][value=all]`)
	} else {
		s.staff.Click(s.seat(e) + " input[type=checkbox]")
		s.staff.Press(`button[name=scope][value=checked]`)
	}
	s.fill("理由", kind+"の理由")
	s.press(confirm)
}

// applied waits until the command is given, and goes back to the sitting.
func (s *school) applied() {
	s.t.Helper()
	s.staff.Await(`document.querySelector("main").dataset.ended === "true"`)
	s.follow("「" + freeTitle + "」に戻る")
}

// extend gives one candidate ten minutes.
func (s *school) extend() {
	s.t.Helper()
	end := s.aoi.tab.Text(".timer-end")
	s.fill("分", "10")
	follows(s.t, s.aoi.tab, "extension", func() { s.command(s.aoi, "延長", "1名を延長する") },
		fmt.Sprintf(`document.querySelector(".timer-end").innerText.trim() !== %q`, end))
	s.staff.Await(`document.querySelector("main").dataset.ended === "true"`)
	s.picture("job")
	s.applied()
}

// pauseAndResume: a pause of all saves what is on the screen before it covers
// it, and without JavaScript the next page tells of it.
func (s *school) pauseAndResume() {
	s.t.Helper()
	s.aoi.goTo("気体")
	s.aoi.answer("ちっ素")
	follows(s.t, s.aoi.tab, "pause", func() { s.command(nil, "一時停止", "2名を一時停止する") },
		`document.querySelector("main.covered [data-cover]")?.checkVisibility() === true`)
	s.aoi.tab.Await(`document.querySelector("[data-cover-saved]").innerText.includes("に保存されました")`)
	s.keep(s.aoi, "paused")
	s.applied()
	s.mina.tab.Reload()
	s.mina.want("status", s.mina.tab.Main("status"), "paused")
	s.want("answers saved", s.staff.Attr(s.seat(s.aoi), "data-answered"), "2")
	s.want("state", s.staff.Text(s.seat(s.aoi)+" .chip"), "一時停止中")

	follows(s.t, s.aoi.tab, "resume", func() { s.command(nil, "再開", "2名を再開する") },
		`!document.querySelector("main").classList.contains("covered")`)
	s.applied()
	s.mina.tab.Reload()
	s.mina.want("status", s.mina.tab.Main("status"), "in_progress")
}

// forceSubmit closes the attempt of somebody who has just changed an answer and
// sends it after that.
func (s *school) forceSubmit() {
	s.t.Helper()
	s.mina.goTo("こおる")
	s.mina.answer("0")
	s.mina.tab.Press(saveButton)
	s.mina.goTo("自分で光")
	s.mina.answer("正しい")
	s.mina.tab.Press(saveButton)
	s.mina.answer("誤り")
	s.command(s.mina, "強制提出", "1名を強制提出する")
	s.applied()
	s.mina.tab.Press(saveButton)
	s.mina.want("reason", s.mina.tab.Main("reason"), "finished")
	if got := s.mina.tab.Text("main"); !strings.Contains(got, "誤り") || !strings.Contains(got, "正しい") {
		s.t.Errorf("the refusal shows %s", oneLine(got))
	}
	s.keep(s.mina, "refused")
}

// acceptLate lets the answer count that came after the end.
func (s *school) acceptLate() {
	s.t.Helper()
	s.staff.Await(fmt.Sprintf(`document.querySelector("%s td:last-child").innerText.trim() === "1"`, s.seat(s.mina)))
	s.follow("不受理の解答")
	s.picture("rejected")
	s.staff.Press(s.staff.Row("table.rejected-answers tbody tr", s.mina.name) + " .actions-cell a")
	s.want("sent", s.staff.Text("[data-answer=sent] .answer-lines"), "誤り")
	s.picture("accept")
	s.fill("理由", "強制提出の直前に選び直していたため")
	s.press("認める")
	s.staff.Await(`document.querySelector("[data-job=accepted]") !== null`)
}

// finish: the others end by themselves.
func (s *school) finish() {
	s.t.Helper()
	for _, words := range []string{"こおる", "自分で光"} {
		s.aoi.goTo(words)
		s.aoi.answer(s.aoi.key())
	}
	s.aoi.tab.Press(nextButton)
	s.aoi.submit(true)
	for n := range 5 {
		answer := s.ren.key()
		if n == 0 {
			answer = "98" // wrong
		}
		s.ren.answer(answer)
		s.ren.tab.Press(nextButton)
	}
	s.ren.submit(false)
}

// submit hands the paper in, which is asked about where something could still be done; what it is worth is not known yet.
func (e *examinee) submit(asked bool) {
	e.t.Helper()
	button := `form[action$="/submit"] button`
	if asked {
		e.tab.Click(button)
		button = "[data-confirm-submit]"
	}
	e.tab.Press(button)
	e.want("status", e.tab.Main("status"), "submitted")
	e.want("scores shown", fmt.Sprint(e.tab.Count(".score-points")), "0")
}
