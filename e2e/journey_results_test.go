package e2e_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"shiken/devtools/browser"
)

// marks are what the candidates of the journey get, by username: points of how
// many, and the points of each section that has a title.
var marks = map[string][]string{
	"s001": {"4", "4"},
	"s002": {"2", "4"},
	"s006": {"6", "7", "2", "4"},
}

// readResults looks at the table of each exam, as page and as files.
func (s *school) readResults() {
	s.t.Helper()
	s.openResults(linearTitle)
	s.want("pass", s.staff.Text(s.result(s.ren)+" td:nth-of-type(8)"), "✓ 合格")
	s.export("s006")
	s.openResults(freeTitle)
	s.picture("results")
	s.export("s001", "s002")
}

func (s *school) openResults(title string) {
	s.t.Helper()
	s.follow("試験の監督")
	s.follow(title)
	s.follow("結果")
	s.heading("結果：" + title)
}

// result is the row of a candidate in the table of results.
func (s *school) result(e *examinee) string {
	s.t.Helper()
	return s.staff.Row("table.results tbody tr", e.Username)
}

// export takes the table as CSV and as a workbook; both hold these candidates
// and no others.
func (s *school) export(candidates ...string) {
	s.t.Helper()
	name, content := s.staff.Download(s.staff.Named("a", "CSVをダウンロード"))
	if !strings.HasSuffix(name, ".csv") || !bytes.HasPrefix(content, []byte("\ufeff")) {
		s.t.Errorf("%s does not begin with the mark by which spreadsheets know UTF-8", name)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff")))).ReadAll()
	if err != nil {
		s.t.Fatal(err)
	}
	s.marked(name, rows, candidates)

	name, content = s.staff.Download(s.staff.Named("a", "Excelをダウンロード"))
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	if rows, err = book.GetRows(book.GetSheetName(0)); err != nil {
		s.t.Fatal(err)
	}
	s.marked(name, rows, candidates)
}

// marked compares a table with marks.
func (s *school) marked(name string, rows [][]string, candidates []string) {
	s.t.Helper()
	for _, title := range []string{"ユーザー名", "氏名", "得点", "満点"} {
		if !slices.Contains(rows[0], title) {
			s.t.Fatalf("%s has no column %s: %q", name, title, rows)
		}
	}
	var found []string
	for _, row := range rows[1:] {
		cell := func(title string) string { return row[slices.Index(rows[0], title)] }
		found = append(found, cell("ユーザー名"))
		got := []string{cell("得点"), cell("満点")}
		for i, title := range rows[0] {
			if strings.HasPrefix(title, "得点：") {
				got = append(got, row[i])
			}
		}
		if want := marks[cell("ユーザー名")]; !slices.Equal(got, want) {
			s.t.Errorf("%s: %s has %q, want %q", name, cell("氏名"), got, want)
		}
	}
	if !slices.Equal(found, candidates) {
		s.t.Errorf("%s is of %q, want %q", name, found, candidates)
	}
}

// release publishes the results of the free exam, which its candidates see from
// then on.
func (s *school) release() {
	s.t.Helper()
	s.aoi.tab.Reload()
	s.aoi.want("scores shown", fmt.Sprint(s.aoi.tab.Count(".score-points")), "0")
	for _, part := range []string{"得点", "自分の解答", "正解と解説"} {
		s.tickIn(s.staff.Row("#release fieldset", part), "手動で公開する")
	}
	s.press("公開の設定を保存")
	s.picture("released")
	s.aoi.tab.Reload()
	s.aoi.want("points", s.aoi.tab.Attr(".score-points", "data-points"), "40000")
	s.mina.tab.Open("/")
	s.mina.tab.Press(`a[href$="/result"]`)
	s.mina.want("points", s.mina.tab.Attr(".score-points", "data-points"), "20000")
	s.mina.want("keys", fmt.Sprint(s.mina.tab.Count(".result-question .feedback")), "4")
	s.keep(s.mina, "result")
}

// readStory looks at all that happened to the candidate whose answer came late,
// and at their paper.
func (s *school) readStory() {
	s.t.Helper()
	s.staff.Press(s.result(s.mina) + " a")
	s.heading(s.mina.name + "さんの受験（1回目）")
	for _, what := range []string{"強制提出の理由", "強制提出", "受け付けませんでした", "認めました", "これが有効な解答です", "完全です"} {
		if !strings.Contains(s.staff.Text("main"), what) {
			s.t.Errorf("the story does not tell %q: %s", what, oneLine(s.staff.Text("main")))
		}
	}
	s.picture("story")
	s.follow("受験者が見た問題と答案")
	s.want("questions", fmt.Sprint(s.staff.Count(".paper-question")), "4")
	s.picture("paper")
}

// readAudit finds all that was done in the audit log, the last first. What is
// loaded and imported is asked for, then done.
func (s *school) readAudit() {
	s.t.Helper()
	s.follow("監査ログ")
	s.picture("audit")
	want := []string{
		"exam.release", "attempts.command", "attempts.command", "attempts.command", "attempts.command", "attempts.command",
		"user.import", "user.import", "exam.publish", "exam.save", "exam.publish", "exam.save",
		"questions.load", "questions.load", "questions.load", "questions.load", "user.create",
	}
	got := browser.Eval[[]string](s.staff, `[...document.querySelectorAll("[data-action]")].map((e) => e.dataset.action)`)
	if !slices.Equal(got, want) {
		s.t.Errorf("audit log: %q, want %q", got, want)
	}
}
