package templates_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"shiken/i18n"
	. "shiken/templates"
)

// staff is the page of an admin on the sittings.
func staff(page Page) Page {
	page.Can = Can{Author: true, Admin: true}
	page.Account = "/account"
	page.Nav = []NavLink{
		{Path: "/admin", Key: "sittings", Current: true}, {Path: "/author", Key: "desk"},
		{Path: "/admin/people", Key: "people"}, {Path: "/admin/audit", Key: "audit"},
	}
	return page
}

// around puts children into a component that takes some.
func around(outer templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

var statuses = []Status{
	StatusPublished, StatusDraft, StatusNotArrived, StatusWaiting, StatusInProgress, StatusSilent, StatusPaused,
	StatusSubmitted, StatusExpired, StatusVoided,
}

// gallery is a staff page with every part of such pages.
func gallery(page Page) templ.Component {
	var chips []templ.Component
	for _, s := range statuses {
		chips = append(chips, StatusChip(page, s))
	}
	frame := StaffFrame{
		Title: "基礎科目", Crumbs: []Crumb{{"試験の監督", "/admin"}, {"基礎科目", "/admin/exams/basics"}},
		Beside: StatusChip(page, StatusPublished), Actions: templ.Raw(`<button class="danger">中止</button>`),
		Data: templ.Attributes{"data-exam": "basics"}, Refresh: 5,
	}
	row := templ.Raw(`<tbody><tr><th scope="row">山田 花子</th><td class="num">1,234</td></tr></tbody></table></div>`)
	sorting := Sorting{By: "name", Path: "/admin/people?q=x"}
	return around(StaffLayout(page, frame), append(chips,
		Tabs("基礎科目", []Tab{{"一覧", "/a", true}, {"結果", "/b", false}}),
		Problems(page, []Problem{{"draw", "出題数が多すぎます"}, {"", "公開できません"}}),
		around(Filter(page, FilterForm{
			Path: "/admin/people", Label: "名前", Search: `山"田`, Hidden: []Field{{"sort", "-name"}}, Active: true,
		}), Select("status", "状態", "paused", []Field{{"", "すべて"}, {"paused", "一時停止中"}})),
		templ.Raw(`<div class="list"><table><thead><tr>`),
		SortHead(sorting, "name", "名前", false), SortHead(sorting, "points", "得点", true), templ.Raw(`</tr></thead>`), row,
		PagerOf(page, Pager{Offset: 50, Limit: 50, Total: 3_000, Path: "/admin/people?q=x"}),
		KeyValues([]KeyValue{{"制限時間", "30分"}, {"受付番号", "basics"}}),
		Progress(page, "処理中", 212, 3_000),
		around(ConfirmBox(page, Confirm{
			Title: "212人の試験を延長します", Consequences: []string{"新しい終了時刻は10:52です。"}, Action: "/admin/exams/basics/jobs",
			Fields: []Field{{"id", "x"}}, Button: "延長する", Danger: true, Cancel: "/admin/exams/basics",
		}), templ.Raw(`<div class="field"><label for="reason">理由</label><input id="reason" name="reason" type="text"></div>`)),
		EmptyState(Empty{Text: "まだ誰もいません", Hint: "名簿を読み込んでください。", Action: "名簿を読み込む", Path: "/admin/people/import"}),
	)...)
}

func staffPages(page Page) map[string]templ.Component {
	page = staff(page)
	exams := AdminHomeView{Pager: Pager{Limit: 50, Total: 2}, Exams: []AdminExam{
		{DeskExam: DeskExam{Slug: "basics", Title: "基礎科目", Published: true, Open: 1_234, Closed: 2}, Seats: []SeatChip{
			{State: StatusInProgress, Count: 1_230}, {State: StatusPaused, Count: 4}, {State: StatusVoided},
		}},
		{DeskExam: DeskExam{Slug: "draft", Title: "下書きの試験"}},
	}}
	rejected := RejectedAnswer{
		Attempt: attemptID, Number: 3, Username: "hana", Name: "山田 花子", Position: 2, Question: "<p>どれか。</p>", Reason: "time_up",
		Sent: []AnswerLine{{Text: "<b>水素</b>"}}, Arrived: now, Late: 14 * time.Second, Acceptable: true,
	}
	lists := RejectedAnswers{
		Exam: "basics", Title: "基礎科目", Now: now, Limit: 50, Total: 1, Rows: []RejectedAnswer{rejected},
		Job: &AcceptJob{ID: "j", Ended: true, Refused: "stale"},
	}
	return map[string]templ.Component{
		"staff messages": Messages(page, MessagesView{
			Exam: "basics", Title: "基礎科目", Now: now, ID: commandID, Problem: MessageToWhom, To: "hana", Text: "a\nb",
			Sent: []SentMessage{{ID: commandID, Text: "<b>静かに</b>", At: now, By: "監督"}},
		}),
		"staff messages empty": Messages(page, MessagesView{Exam: "basics", Title: "基礎科目", Now: now, ID: commandID}),
		"staff rejected":       RejectedList(page, lists),
		"staff rejected empty": RejectedList(page, RejectedAnswers{Exam: "basics", Title: "基礎科目", Now: now, All: true, Job: &AcceptJob{}}),
		"staff accept":         Accept(page, AcceptView{Exam: "basics", Title: "基礎科目", Now: now, Answer: rejected, Job: commandID, Problem: PlanWithoutReason}),
		"staff accept settled": Accept(page, AcceptView{Exam: "basics", Title: "基礎科目", Now: now, Answer: RejectedAnswer{Reason: "stale", Arrived: now}}),
		"staff gallery":        gallery(page),
		"staff admin home":     AdminHome(page, exams),
		"staff admin empty":    AdminHome(page, AdminHomeView{}),
	}
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func attributes(doc *goquery.Document, selector, name string) []string {
	return doc.Find(selector).Map(func(_ int, s *goquery.Selection) string { return s.AttrOr(name, "") })
}

func TestStaffLayout(t *testing.T) {
	doc := render(t, gallery(staff(pageIn("en"))))
	for selector, want := range map[string]int{
		"nav.staff-nav a": 4, "nav.staff-nav a[aria-current]": 1, "link[href*='/static/staff.']": 1, "nav.crumbs a": 2,
		"main.staff[data-exam=basics]": 1, "body[data-refresh='5']": 1, ".page-title .chip-good": 1,
		".page-actions .danger": 1, "header a.bar-user[href='/account']": 1, "header a[href='/admin']": 0,
	} {
		if n := doc.Find(selector).Length(); n != want {
			t.Errorf("%d × %s, want %d", n, selector, want)
		}
	}
	if got := text(doc.Find(".staff-nav [aria-current]")); got != "Sittings" {
		t.Errorf("the current section is %q", got)
	}
}

// Pages of an exam lead staff to theirs, load nothing of theirs, and tell candidates nothing of them.
func TestPagesOfExamsLeadStaffToTheirs(t *testing.T) {
	for name, test := range map[string]struct {
		page         Page
		links, plain int
	}{
		"admin": {staff(pageIn("en")), 1, 0}, "candidate": {pageIn("en"), 0, 1},
	} {
		doc := render(t, Home(test.page, home()))
		if n := doc.Find("header a[href='/admin']").Length(); n != test.links {
			t.Errorf("%s: %d links to staff pages", name, n)
		}
		if n := doc.Find("header span.bar-user").Length(); n != test.plain {
			t.Errorf("%s: %d names without a link", name, n)
		}
		if doc.Find(".staff-nav, link[href*=staff]").Length() != 0 {
			t.Errorf("%s: parts of staff pages", name)
		}
	}
}

func TestPager(t *testing.T) {
	tests := []struct {
		name  string
		pager Pager
		text  string
		links []string
	}{
		{"empty", Pager{Limit: 50, Path: "/a"}, "", nil},
		{"one page", Pager{Limit: 50, Total: 50, Path: "/a"}, "1–50 of 50", nil},
		{"first", Pager{Limit: 50, Total: 3_000, Path: "/a"}, "1–50 of 3,000", []string{"/a?offset=50", "/a?offset=2950"}},
		{"second", Pager{Offset: 50, Limit: 50, Total: 120, Path: "/a?q=x+y"}, "51–100 of 120",
			[]string{"/a?q=x+y", "/a?q=x+y", "/a?offset=100&q=x+y", "/a?offset=100&q=x+y"}},
		{"last", Pager{Offset: 100, Limit: 50, Total: 120, Path: "/a"}, "101–120 of 120", []string{"/a", "/a?offset=50"}},
		{"askew", Pager{Offset: 20, Limit: 50, Total: 60, Path: "/a"}, "21–60 of 60", []string{"/a", "/a"}},
		{"beyond", Pager{Offset: 500, Limit: 50, Total: 60, Path: "/a"}, "60–60 of 60", []string{"/a", "/a?offset=10"}},
	}
	for _, test := range tests {
		doc := render(t, PagerOf(pageIn("en"), test.pager))
		if got := text(doc.Find("nav p")); got != test.text {
			t.Errorf("%s: says %q, want %q", test.name, got, test.text)
		}
		if got := attributes(doc, "nav a", "href"); !slices.Equal(got, test.links) {
			t.Errorf("%s: leads to %q, want %q", test.name, got, test.links)
		}
	}
}

func TestSortLinks(t *testing.T) {
	for _, test := range []struct {
		sorting    Sorting
		link, aria string
	}{
		{Sorting{Path: "/a?q=x"}, "/a?q=x&sort=name", "none"},
		{Sorting{By: "name", Path: "/a"}, "/a?sort=-name", "ascending"},
		{Sorting{By: "name", Descending: true, Path: "/a"}, "/a?sort=name", "descending"},
		{Sorting{By: "points", Path: "/a"}, "/a?sort=name", "none"},
	} {
		doc := render(t, around(templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			return templ.Join(templ.Raw("<table><tr>"), templ.GetChildren(ctx), templ.Raw("</tr></table>")).Render(ctx, w)
		}), SortHead(test.sorting, "name", "Name", false)))
		link, aria := doc.Find("th a").AttrOr("href", ""), doc.Find("th").AttrOr("aria-sort", "")
		if link != test.link || aria != test.aria {
			t.Errorf("%+v: %s %s, want %s %s", test.sorting, link, aria, test.link, test.aria)
		}
	}
}

// Every state has a word of its own in each language, and differs from others not by colour alone.
func TestStatusChips(t *testing.T) {
	for _, tag := range i18n.Tags() {
		words := map[string]bool{}
		for _, s := range statuses {
			chip := render(t, StatusChip(pageIn(tag), s)).Find(".chip")
			word := text(chip)
			if word == "" || words[word] || strings.Contains(word, "status") || chip.AttrOr("class", "") == "chip" {
				t.Errorf("%s: %s says %q", tag, s, word)
			}
			words[word] = true
		}
	}
}

func TestPartsOfForms(t *testing.T) {
	doc := render(t, gallery(staff(pageIn("ja"))))
	if got := text(doc.Find("[role=alert] h2")); !strings.Contains(got, "2か所") {
		t.Errorf("the problems are headed %q", got)
	}
	if doc.Find("[role=alert] a[href='#draw']").Length() != 1 || doc.Find("[role=alert] li").Length() != 2 {
		t.Error("problems do not lead to their fields")
	}
	search := doc.Find("form[role=search]")
	if search.Find("#q").AttrOr("value", "") != `山"田` || search.Find("a[href='/admin/people']").Length() != 1 ||
		search.Find("option[selected]").AttrOr("value", "") != "paused" || search.Find("input[name=sort]").Length() != 1 {
		t.Errorf("the search form is %s", outer(search))
	}
	confirm := doc.Find("form[method=post][action='/admin/exams/basics/jobs']")
	if confirm.Find("button.danger").Length() != 1 || confirm.Find("a[href='/admin/exams/basics']").Length() != 1 ||
		confirm.Find("li").Length() != 1 || confirm.Find("#reason").Length() != 1 {
		t.Errorf("the confirmation is %s", outer(confirm))
	}
	if got := doc.Find("progress"); got.AttrOr("value", "") != "212" || got.AttrOr("max", "") != "3000" {
		t.Errorf("the progress is %s", outer(got))
	}
}
