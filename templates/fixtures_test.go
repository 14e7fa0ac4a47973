package templates_test

import (
	"bytes"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"shiken/i18n"
	. "shiken/templates"
)

const (
	attemptID = "0d2f7c1e-6a53-4d0a-9a43-8c0b9f6f2a11"
	commandID = "5b0a7c52-7b5a-4b57-8b53-0f6b0e2f0c01"
	pageID    = "9c4c4f6e-3c1f-4f0e-8a53-52f7b9a6d7e2"
	nonce     = "bm9uY2U"
)

var (
	tokyo    = time.FixedZone("JST", 9*60*60)
	now      = time.Date(2026, 12, 1, 0, 14, 7, 123456000, time.UTC)
	deadline = now.Add(29*time.Minute + 30*time.Second)
)

// render gives the document of a component.
func render(t testing.TB, c templ.Component) *goquery.Document {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func pageIn(tag string) Page {
	return Page{
		Locale:   i18n.Lookup("", tag).In(tokyo),
		Nonce:    nonce,
		UserName: "山田 花子",
		Path:     "/attempts/" + attemptID,
	}
}

func sitting() Sitting {
	return Sitting{
		Attempt: attemptID, ExamTitle: "基礎科目", Position: 3, Total: 10, Rev: 2,
		Status: "in_progress", Opening: 1, Deadline: deadline, Now: now,
	}
}

func rejectedFor(reason string) Sitting {
	s := sitting()
	s.Outcome, s.Reason = "rejected", reason
	return s
}

func formKeys() FormKeys {
	return FormKeys{Rev: 2, CommandID: commandID, Page: pageID, Seq: 1, Opening: 1}
}

func choiceBody() Body {
	return Body{
		Kind: KindSingleChoice,
		Stem: "<p>次のうち、<em>最も適切</em>なものはどれか。</p>",
		Options: []Option{
			{Value: "k3x", HTML: "<p>水素</p>"}, {Value: "p9q", HTML: "<p>ヘリウム</p>", Chosen: true},
			{Value: "z1w", HTML: "<p>酸素</p>"}, {Value: "m4t", HTML: "<p>窒素</p>"},
		},
	}
}

// bodies has one question of each kind, with an answer filled in.
func bodies() map[AnswerKind]Body {
	multiple := choiceBody()
	multiple.Kind = KindMultipleChoice
	multiple.Options[0].Chosen = true
	cities := []Option{{Value: "a1", Text: "Paris"}, {Value: "b2", Text: "Rome"}}
	return map[AnswerKind]Body{
		KindSingleChoice:   choiceBody(),
		KindMultipleChoice: multiple,
		KindTrueFalse: {Kind: KindTrueFalse, Stem: "<p>Ice floats.</p>",
			Options: []Option{{Value: "true", Chosen: true}, {Value: "false"}}},
		KindShortText: {Kind: KindShortText, Stem: "<p>Name it.</p>", Text: "oxygen", MaxLength: 200},
		KindNumber:    {Kind: KindNumber, Stem: "<p>How long?</p>", Text: "12.5", Unit: "cm"},
		KindEssay:     {Kind: KindEssay, Stem: "<p>Discuss.</p>", Text: "\nfirst\nsecond"},
		KindMatching: {Kind: KindMatching, Stem: "<p>Match.</p>", Options: cities,
			Items: []Item{{Key: "fr", Label: "France", Value: "a1"}, {Key: "it", Label: "Italy"}}},
		KindOrdering: {Kind: KindOrdering, Stem: "<p>Order.</p>",
			Items: []Item{{Key: "x", Label: "first", Value: "2"}, {Key: "y", Label: "second", Value: "1"}}},
		KindGaps: {Kind: KindGaps, Stem: "<p>Fill (1) and (2).</p>",
			Items: []Item{{Key: "1", Value: "typed"}, {Key: "2", Value: "b2", Options: cities}}},
		KindDescription: {Kind: KindDescription, Stem: "<p>Read on.</p>"},
	}
}

func navItems() []NavItem {
	items := make([]NavItem, 10)
	for i := range items {
		items[i] = NavItem{Position: i + 1, Answered: i < 5 && i != 1, Flagged: i == 3, Current: i == 2}
	}
	items[8].Information = true
	return items
}

// freeQuestion is a question of an exam in free navigation.
func freeQuestion(body Body) QuestionView {
	return QuestionView{
		Sitting: sitting(), Form: formKeys(), Body: body, Section: "共通", Points: 10_000,
		SavedAt:   now.Add(-time.Minute),
		Can:       Buttons{Save: true, Next: true, Previous: true, Flag: true, Clear: true, Review: true},
		Navigator: navItems(),
	}
}

// linearQuestion is the 422 page of a move without an answer.
func linearQuestion() QuestionView {
	view := freeQuestion(choiceBody())
	view.Sitting = rejectedFor("unanswered")
	view.Linear, view.Navigator, view.AskSkip, view.Removes = true, nil, true, lines("<p>水素</p>")
	view.SavedAt = time.Time{}
	view.Can = Buttons{Save: true, Next: true}
	return view
}

// checkedQuestion is a checked question of a practice.
func checkedQuestion() QuestionView {
	view := freeQuestion(choiceBody())
	view.Closed, view.Deadline = true, time.Time{}
	view.Held = []Field{{"answer", "p9q"}}
	view.Can = Buttons{Next: true, Previous: true, Flag: true, Review: true}
	view.Feedback = &Feedback{
		Verdict: VerdictPartly, Points: 5_000, MaxPoints: 10_000, ShowPoints: true,
		Key: lines("<p>水素</p>"), Notes: []AnswerLine{{Label: "ヘリウム", HTML: "<p>二番目に軽い元素です。</p>"}}, Explanation: "<p>最も軽い元素です。</p>", Reference: "理科年表",
	}
	return view
}

func lines(html SafeHTML) []AnswerLine { return []AnswerLine{{HTML: html}} }

func rejection(reason string) RejectionView {
	body := choiceBody()
	view := RejectionView{
		Sitting: rejectedFor(reason), Body: &body, HasSent: true, Kept: true,
		Saved: lines("<p>ヘリウム</p>"), Sent: lines("<p>水素</p>"),
		SavedAt: now.Add(-time.Minute), SentAt: now,
	}
	if reason == "stale" || reason == "id_reused" || reason == "paused" {
		view.Again = &AnswerForm{Keys: formKeys(), Fields: []Field{{"answer", "k3x"}}}
	}
	return view
}

// reasons are those that Rejected words.
var reasons = []string{
	"stale", "id_reused", "closed_question", "not_reached", "finished", "time_up",
	"paused", "voided", "out_of_range", "invalid_answer", "unanswered", "other_device",
}

func review(reason string) ReviewView {
	view := ReviewView{
		Sitting: sitting(), Positions: navItems(), CommandID: commandID,
	}
	view.Position, view.Rev = 0, 7
	if reason != "" {
		view.Outcome, view.Reason, view.Changed = "rejected", reason, []int{2, 5}
	}
	return view
}

func result(phase Phase) ResultView {
	view := ResultView{
		Sitting: sitting(), Phase: phase, Candidate: "山田 花子",
		StartedAt: now.Add(-time.Hour), ClosedAt: now, Answered: 8,
	}
	view.Position, view.Status = 0, "submitted"
	view.Receipt = Receipt{Seq: 12, Hash: "ab12cd34", Code: "K7QX-2M9P"}
	return view
}

func fullResult() ResultView {
	view := result(PhaseDone)
	view.Late = 1
	view.Score = &ScoreView{Points: 75_000, MaxPoints: 100_000, PassMark: 60, Pass: Passed,
		Sections: []SectionResult{
			{Title: "共通", Points: 50_000, MaxPoints: 60_000, Minimum: 40, Met: true},
			{Title: "専門", Points: 25_000, MaxPoints: 40_000, Minimum: 70},
		}}
	view.Questions = []QuestionResult{
		{Position: 1, Body: Body{Stem: "<p>最も軽い元素はどれか。</p>"}, ShowOwn: true, Own: lines("<p>水素</p>"), ShowScore: true,
			Points: 10_000, MaxPoints: 10_000, Verdict: VerdictCorrect, ShowKey: true, Key: lines("<p>水素</p>"),
			Explanation: "<p>原子番号 1 です。</p>", Reference: "理科年表"},
		{Position: 2, Body: Body{Stem: "<p>Discuss.</p>"}, ShowOwn: true, Verdict: VerdictWrong, ShowScore: true, MaxPoints: 10_000},
		{Position: 3, Body: Body{Stem: "<p>Keys alone.</p>"}, ShowKey: true, Key: lines("<p>水素</p>")},
	}
	return view
}

func home() HomeView {
	return HomeView{
		Now:     now,
		Running: []ExamCard{{Slug: "basics", Title: "基礎科目", Attempt: attemptID, Deadline: deadline, Questions: 10}},
		Open: []ExamCard{
			{Slug: "sample-free", Title: "サンプル試験", Questions: 10, Limit: 30 * time.Minute, AttemptsLeft: -1},
			{Slug: "math", Title: "数学", Questions: 1, AttemptsLeft: 1, LastStart: now.Add(time.Hour), Closes: now.Add(48 * time.Hour)},
		},
		Coming: []ExamCard{{Slug: "later", Title: "専門科目", Questions: 40, Limit: 2 * time.Hour, Opens: now.Add(72 * time.Hour)}},
		Done: []ExamCard{
			{Slug: "old", Title: "模擬試験", Attempt: attemptID, FinishedAt: now.Add(-26 * time.Hour), Pass: Passed},
			{Slug: "void", Title: "模擬試験 2", Attempt: attemptID, Voided: true},
		},
	}
}

func examView() ExamView {
	return ExamView{
		Slug: "basics", Title: "基礎科目", Questions: 10, Sections: []string{"共通", "専門"},
		Limit: time.Hour, Extra: 15 * time.Minute, Linear: true, AttemptsAllowed: 2, AttemptsUsed: 1,
		PassMark: 60, Opens: now, Closes: now.Add(9 * time.Hour), MayStart: true, CommandID: commandID, Seen: 1,
	}
}

func resumeFields() []Field {
	return []Field{{"rev", "2"}, {"command_id", commandID}, {"answer", "k3x"}, {"answer", "z1w"}, {"action", "next"}}
}

var errorKinds = []ErrorKind{
	ErrorMalformed, ErrorForeignOrigin, ErrorNotFound, ErrorMethod, ErrorTooLarge, ErrorFileTooLarge,
	ErrorPastedTooLarge, ErrorUploadSlow, ErrorType, ErrorInternal, ErrorBusy, ErrorDown,
}

// everyPage renders each page in each of its variants.
func everyPage(page Page) map[string]templ.Component {
	pages := map[string]templ.Component{
		"home":                       Home(page, home()),
		"home empty":                 Home(page, HomeView{Now: now}),
		"exam":                       Exam(page, examView()),
		"question linear unanswered": Question(page, linearQuestion()),
		"question checked":           Question(page, checkedQuestion()),
		"review":                     Review(page, review("")),
		"review stale":               Review(page, review("stale")),
		"result full":                Result(page, fullResult()),
	}
	maps.Copy(pages, signInPages(page))
	maps.Copy(pages, errorPages(page))
	maps.Copy(pages, staffPages(page))
	maps.Copy(pages, receiptPages(page))
	for kind, body := range bodies() {
		pages["question "+string(kind)] = Question(page, freeQuestion(body))
	}
	for _, reason := range reasons {
		pages["rejected "+reason] = Rejected(page, rejection(reason))
	}
	for _, phase := range []Phase{PhaseInProgress, PhasePaused, PhaseTimeUp, PhaseMarking, PhaseAwaiting, PhaseDone, PhaseVoided} {
		pages["result "+string(phase)] = Result(page, result(phase))
	}
	return pages
}

func signInPages(page Page) map[string]templ.Component {
	page.UserName = ""
	resume := &Resume{Path: "/attempts/" + attemptID + "/questions/3", User: "dXNlcg.c2ln", Fields: resumeFields()}
	return map[string]templ.Component{
		"sign in":           SignIn(page, SignInView{Next: "/exams/basics"}),
		"sign in wrong":     SignIn(page, SignInView{Problem: SignInWrong, Username: "hanako"}),
		"sign in throttled": SignIn(page, SignInView{Problem: SignInThrottled, RetryMinutes: 1}),
		"sign in busy":      SignIn(page, SignInView{Problem: SignInBusy, Username: "hanako"}),
		"sign in unkept":    SignIn(page, SignInView{Unkept: UnkeptLong}),
		"sign in, file":     SignIn(page, SignInView{Unkept: UnkeptFile}),
		"sign in, secret":   SignIn(page, SignInView{Unkept: UnkeptSecret}),
		"sign in resume":    SignIn(page, SignInView{Resume: resume}),
		"send again":        SendAgain(page, ResumeView{Path: resume.Path, Fields: resume.Fields, Answer: lines("<p>水素</p>")}),
	}
}

func errorPages(page Page) map[string]templ.Component {
	pages := map[string]templ.Component{
		"refused early":  Refused(page, RefusedView{Slug: "basics", Title: "基礎科目", Reason: RefusalNotOpen, Opens: now.Add(time.Hour), Now: now}),
		"refused broken": Refused(page, RefusedView{Slug: "basics", Title: "基礎科目", Reason: RefusalNotOpen, Broken: true, Now: now}),
		"refused used":   Refused(page, RefusedView{Slug: "basics", Title: "基礎科目", Reason: RefusalNoAttemptsLeft, Now: now}),
		"too large kept": Error(page, ErrorView{Kind: ErrorTooLarge, Status: 413, Answer: lines("<p>水素</p>")}),
		"busy unkept":    Error(page, ErrorView{Kind: ErrorBusy, Status: 503, Unkept: true}),
		"busy resend": Error(page, ErrorView{Kind: ErrorBusy, Status: 503,
			Resend: &Resend{Path: "/attempts/" + attemptID + "/questions/3", Fields: resumeFields(), Answer: lines("<p>水素</p>")}}),
	}
	for _, kind := range errorKinds {
		pages["error "+string(kind)] = Error(page, ErrorView{Kind: kind, Status: 500, RequestID: "req-7f3a"})
	}
	return pages
}

// eachPage runs a subtest for every page in every language.
func eachPage(t *testing.T, check func(t *testing.T, tag string, doc *goquery.Document)) {
	for _, tag := range i18n.Tags() {
		pages := everyPage(pageIn(tag))
		for _, name := range slices.Sorted(maps.Keys(pages)) {
			t.Run(tag+"/"+name, func(t *testing.T) { check(t, tag, render(t, pages[name])) })
		}
	}
}

func receiptPages(page Page) map[string]templ.Component {
	found := ReceiptFound{
		Attempt: "a", Path: "/attempts/a/result", ExamTitle: "Basics", Number: 1, Status: "submitted", Seq: 7, Entries: 12,
		Whole: true, At: now, Kind: "save", Position: 3, Saved: true,
	}
	replaced := found
	replaced.ReplacedBy, replaced.ReplacedAt, replaced.Erased, replaced.Username = 9, now, true, "ann"
	search := &ReceiptSearch{Exam: "basics", Exams: []Field{{Name: "basics", Value: "Basics"}}}
	return map[string]templ.Component{
		"receipts":         Receipts(page, ReceiptsView{}),
		"receipts found":   Receipts(page, ReceiptsView{Typed: "x", Code: "0000-0000-0000", Answer: ReceiptKnown, Found: []ReceiptFound{found}}),
		"receipts staff":   Receipts(page, ReceiptsView{Answer: ReceiptKnown, Found: []ReceiptFound{replaced, {Status: "voided"}}, Search: search}),
		"receipts unknown": Receipts(page, ReceiptsView{Answer: ReceiptUnknown, Search: search}),
		"receipts own":     Receipts(page, ReceiptsView{Answer: ReceiptUnknown}),
		"receipts misread": Receipts(page, ReceiptsView{Answer: ReceiptMisread}),
		"receipts no user": Receipts(page, ReceiptsView{Answer: ReceiptNoUser, Search: search}),
	}
}
