package templates_test

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	. "shiken/templates"
)

func TestConflictShowsBothAnswersAndOneChoiceEach(t *testing.T) {
	for _, reason := range []string{"stale", "id_reused"} {
		doc := render(t, Rejected(pageIn("en"), rejection(reason)))
		attrs(t, doc, "main", map[string]string{
			"data-outcome": "rejected", "data-reason": reason, "data-attempt": attemptID, "data-position": "3", "data-rev": "2",
		})
		attrs(t, doc, "[data-answer=saved] a", map[string]string{"href": "/attempts/" + attemptID + "/questions/3"})
		attrs(t, doc, "[data-answer=sent] form", map[string]string{
			"method": "post", "action": "/attempts/" + attemptID + "/questions/3",
		})
		want := append(slices.Clone(wantKeys), Field{Name: "answer", Value: "k3x"})
		if got := hidden(doc, "[data-answer=sent] form"); !slices.Equal(got, want) {
			t.Errorf("%s: hidden fields %v, want %v", reason, got, want)
		}
		attrs(t, doc, "[data-answer=sent] button", map[string]string{"name": "action", "value": "save"})
		for selector, part := range map[string]string{
			"[data-answer=saved]": "ヘリウム", "[data-answer=sent]": "水素",
			"[data-answer=saved] time": "Saved 09:13:07", "[data-answer=sent] time": "Sent 09:14:07",
		} {
			if got := doc.Find(selector).Text(); !strings.Contains(got, part) {
				t.Errorf("%s: %s says %q, want %q", reason, selector, got, part)
			}
		}
	}
}

// R15: every rejection shows what is saved and what was sent, and a next step.
func TestEveryRejectionShowsBothAnswersAndTheNextStep(t *testing.T) {
	for _, reason := range reasons {
		for _, tag := range []string{"ja", "en"} {
			doc := render(t, Rejected(pageIn(tag), rejection(reason)))
			attrs(t, doc, "main", map[string]string{"data-outcome": "rejected", "data-reason": reason})
			if doc.Find("[data-answer]").Length() != 2 {
				t.Errorf("%s: not both answers", reason)
			}
			attrs(t, doc, "main a.button", map[string]string{"class": "button primary"})
			if doc.Find("[role=alert] h1").Text() == "" {
				t.Errorf("%s: no heading", reason)
			}
		}
	}
}

// The page of a conflict must not be taken away before the choice is made, and
// no clock runs where nothing can be answered any more.
func TestRejectionsStayOnTheScreen(t *testing.T) {
	for _, reason := range reasons {
		timer := render(t, Rejected(pageIn("en"), rejection(reason))).Find("[data-timer]")
		over := slices.Contains([]string{"time_up", "finished", "paused", "voided"}, reason)
		if (timer.Length() == 0) != over || timer.AttrOr("data-after", "") != "" {
			t.Errorf("%s: %d timers, leading to %q", reason, timer.Length(), timer.AttrOr("data-after", ""))
		}
	}
}

func TestRejectionWithoutAnswerShowsNone(t *testing.T) {
	view := rejection("not_reached")
	view.Body, view.HasSent, view.Sent, view.Saved = nil, false, nil, nil
	view.NextPath = QuestionPath(attemptID, 2)
	doc := render(t, Rejected(pageIn("en"), view))
	if doc.Find("[data-answer]").Length() != 0 {
		t.Error("answers are shown though none was sent")
	}
	attrs(t, doc, "main a.button", map[string]string{"href": "/attempts/" + attemptID + "/questions/2"})
}

func TestReviewForm(t *testing.T) {
	doc := render(t, Review(pageIn("en"), review("")))
	form := "form[action='/attempts/" + attemptID + "/submit'][method=post]"
	want := []Field{{"command_id", commandID}, {"opening", "1"}, {"rev", "7"}}
	if got := hidden(doc, form); !slices.Equal(got, want) {
		t.Errorf("hidden fields %v, want %v", got, want)
	}
	attrs(t, doc, "main", map[string]string{"data-rev": "7", "data-total": "10"})
	if _, there := doc.Find("main").Attr("data-position"); there {
		t.Error("the review page names a position")
	}
	if n := doc.Find("[data-review-position] a[href*='/questions/']").Length(); n != 10 {
		t.Errorf("%d positions with a link, want 10", n)
	}
	attrs(t, doc, "[data-review-position='4']", map[string]string{"data-state": "answered", "data-flagged": "true"})
	attrs(t, doc, "[data-review-position='2']", map[string]string{"data-state": "unanswered", "data-flagged": "false"})
	if got := doc.Find(".review-summary").Text(); !strings.Contains(got, "4 of 9 answered.") || !strings.Contains(got, "1 flagged.") {
		t.Errorf("summary %q", got)
	}
	if got := doc.Find(".warning").Text(); !strings.Contains(got, "5 questions have no answer.") {
		t.Errorf("warning %q", got)
	}
}

func TestStaleReviewListsWhatChanged(t *testing.T) {
	doc := render(t, Review(pageIn("en"), review("stale")))
	attrs(t, doc, "main", map[string]string{"data-outcome": "rejected", "data-reason": "stale"})
	if n := doc.Find("[data-changed='2'], [data-changed='5']").Length(); n != 2 || doc.Find("[data-changed]").Length() != 2 {
		t.Error("changed positions are not 2 and 5")
	}
}

// R5: a linear exam cannot go back, so its review has no way to.
func TestLinearReviewHasNoWayBack(t *testing.T) {
	view := review("stale")
	view.Linear = true
	doc := render(t, Review(pageIn("en"), view))
	if n := doc.Find("main a[href*='/questions/']").Length(); n != 0 {
		t.Errorf("%d links to questions", n)
	}
}

func TestResultPhases(t *testing.T) {
	refreshing := map[Phase]bool{PhaseTimeUp: true, PhaseMarking: true}
	for _, phase := range []Phase{PhaseInProgress, PhasePaused, PhaseTimeUp, PhaseMarking, PhaseAwaiting, PhaseDone, PhaseVoided} {
		doc := render(t, Result(pageIn("en"), result(phase)))
		attrs(t, doc, "main", map[string]string{"data-phase": string(phase), "data-receipt": "12 ab12cd34", "data-status": "submitted"})
		if got := doc.Find("body[data-refresh]").Length() == 1; got != refreshing[phase] {
			t.Errorf("%s: refreshes %v", phase, got)
		}
		if doc.Find(".score, .result-questions").Length() != 0 {
			t.Errorf("%s: an unreleased score is shown", phase)
		}
		if !strings.Contains(doc.Find(".receipt").Text(), "K7QX-2M9P") {
			t.Errorf("%s: no receipt", phase)
		}
	}
}

func TestReleasedResult(t *testing.T) {
	doc := render(t, Result(pageIn("en"), fullResult()))
	attrs(t, doc, ".score-points", map[string]string{"data-points": "75000", "data-max-points": "100000"})
	for selector, part := range map[string]string{
		".score-line": "7.5 / 10 points", ".score-percent": "75%", ".score .verdict": "Passed",
		".score tbody tr:nth-child(2)": "not reached", "#question-1": "原子番号 1 です。", "#question-2": "No answer",
		"#question-3":     "Your own answers are not released yet.",
		".phase .warning": "1 answer arrived after the end.",
	} {
		if got := doc.Find(selector).Text(); !strings.Contains(got, part) {
			t.Errorf("%s says %q, want %q", selector, got, part)
		}
	}
	if doc.Find("#question-2 .feedback").Length() != 0 {
		t.Error("an unreleased key is shown")
	}
}

func TestStartForm(t *testing.T) {
	doc := render(t, Exam(pageIn("en"), examView()))
	want := []Field{{"command_id", commandID}, {"seen", "1"}}
	if got := hidden(doc, "form[action='/exams/basics/attempts'][method=post]"); !slices.Equal(got, want) {
		t.Errorf("hidden fields %v, want %v", got, want)
	}
	if got := doc.Find("main").Text(); !strings.Contains(got, "1 h 15 min (1 h and 15 min of extra time)") || !strings.Contains(got, "1 of 2 left") {
		t.Errorf("terms %q", got)
	}
	view := examView()
	view.OpenAttempt = attemptID
	doc = render(t, Exam(pageIn("en"), view))
	attrs(t, doc, "main a.primary", map[string]string{"href": "/attempts/" + attemptID})
	if doc.Find("form[action$='/attempts']").Length() != 0 {
		t.Error("a second attempt can be started beside the open one")
	}
}

func TestUnsentCommandSurvivesTheSignIn(t *testing.T) {
	pages := signInPages(pageIn("en"))
	doc := render(t, pages["sign in resume"])
	got := hidden(doc, "form[action='/login'][method=post]")
	want := []Field{{FieldResumePath, "/attempts/" + attemptID + "/questions/3"}, {FieldResumeUser, "dXNlcg.c2ln"}}
	for _, field := range resumeFields() {
		want = append(want, Field{Name: FieldResumeName, Value: field.Name}, Field{Name: FieldResumeValue, Value: field.Value})
	}
	if !slices.Equal(got, want) {
		t.Errorf("hidden fields %v, want %v", got, want)
	}
	for _, name := range []string{"send again", "busy resend"} {
		pages = everyPage(pageIn("en"))
		doc = render(t, pages[name])
		form := "form[action='/attempts/" + attemptID + "/questions/3'][method=post]"
		if got := hidden(doc, form); !slices.Equal(got, resumeFields()) {
			t.Errorf("%s: fields %v, want %v", name, got, resumeFields())
		}
		if doc.Find(form+" button").Length() != 1 || doc.Find(form+" button[name]").Length() != 0 {
			t.Errorf("%s: not one button without a name", name)
		}
	}
}

// A kept path has been through a browser; it must not lead to another site.
func TestKeptPathStaysHere(t *testing.T) {
	for _, path := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\t/evil.example"} {
		doc := render(t, SendAgain(pageIn("en"), ResumeView{Path: path}))
		attrs(t, doc, "main form", map[string]string{"action": "/"})
	}
}

func TestErrorPageSaysNoMoreThanItMay(t *testing.T) {
	doc := render(t, Error(pageIn("en"), ErrorView{Kind: ErrorInternal, Status: 500, RequestID: "req-7f3a"}))
	if got := doc.Find("[data-request-id]").Text(); got != "req-7f3a" {
		t.Errorf("request id %q", got)
	}
}

func TestRefusedStartSaysWhen(t *testing.T) {
	view := RefusedView{Slug: "basics", Title: "Basics", Reason: RefusalNotOpen, Opens: now, Now: now.Add(-1)}
	for _, test := range []struct {
		shift int
		want  string
	}{{-1, "It opens 1 Dec 2026 09:14 JST."}, {1, "It can no longer be started."}} {
		view.Now = now.AddDate(0, 0, test.shift)
		doc := render(t, Refused(pageIn("en"), view))
		attrs(t, doc, "main", map[string]string{"data-outcome": "rejected", "data-reason": "not_open"})
		if got := doc.Find("[role=alert]").Text(); !strings.Contains(got, test.want) {
			t.Errorf("says %q, want %q", got, test.want)
		}
	}
}

func TestAnswerLines(t *testing.T) {
	page := pageIn("en")
	tests := []struct {
		name string
		kind AnswerKind
		form url.Values
		want []AnswerLine
	}{
		{"choice", KindSingleChoice, url.Values{"answer": {"k3x"}}, []AnswerLine{{HTML: "<p>水素</p>"}}},
		{"not on the paper", KindSingleChoice, url.Values{"answer": {"<i>"}}, []AnswerLine{{Text: "<i>"}}},
		{"none", KindMultipleChoice, url.Values{}, nil},
		{"several", KindMultipleChoice, url.Values{"answer": {"k3x", "p9q"}}, []AnswerLine{{HTML: "<p>水素</p>"}, {HTML: "<p>ヘリウム</p>"}}},
		{"truth", KindTrueFalse, url.Values{"answer": {"false"}}, []AnswerLine{{Text: "False"}}},
		{"text", KindShortText, url.Values{"answer": {"a b"}}, []AnswerLine{{Text: "a b"}}},
		{"number", KindNumber, url.Values{"answer": {"3"}}, []AnswerLine{{Text: "3 cm"}}},
		{"empty text", KindEssay, url.Values{"answer": {""}}, nil},
		{"rows", KindMatching, url.Values{"answer.it": {"b2"}}, []AnswerLine{{Label: "France"}, {Label: "Italy", Text: "Rome"}}},
		{"empty rows", KindMatching, url.Values{"answer.it": {""}}, nil},
		{"places", KindOrdering, url.Values{"answer.y": {"1"}}, []AnswerLine{{Rank: 1, HTML: "second"}, {Label: "first"}}},
		{"every place", KindOrdering, url.Values{"answer.x": {"2"}, "answer.y": {"1"}}, []AnswerLine{{Rank: 1, HTML: "second"}, {Rank: 2, HTML: "first"}}},
		{"gaps", KindGaps, url.Values{"answer.1": {"<b>"}}, []AnswerLine{{Label: "Gap 1", Text: "<b>"}, {Label: "Gap 2"}}},
		{"description", KindDescription, url.Values{"answer": {"x"}}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := bodies()[test.kind].AnswerLines(page, test.form); !slices.EqualFunc(got, test.want, sameLine) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func sameLine(a, b AnswerLine) bool { return reflect.DeepEqual(a, b) }

// Whatever people type stays text on every page that shows it.
func TestTypedTextStaysText(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	page := pageIn("en")
	page.UserName, page.Path = evil, evil
	question := freeQuestion(Body{Kind: KindShortText, Text: evil})
	question.ExamTitle, question.Section = evil, evil
	essay := freeQuestion(Body{Kind: KindEssay, Text: "</textarea>" + evil})
	conflict := rejection("stale")
	conflict.Sent, conflict.Again.Fields = []AnswerLine{{Text: evil}}, []Field{{Name: evil, Value: evil}}
	card := home()
	card.Open[0].Title, card.Open[0].Slug = evil, evil
	for name, doc := range map[string]int{
		"question": render(t, Question(page, question)).Find("script").Length(),
		"essay":    render(t, Question(page, essay)).Find("script").Length(),
		"conflict": render(t, Rejected(page, conflict)).Find("script").Length(),
		"home":     render(t, Home(page, card)).Find("script").Length(),
		"sign in":  render(t, SignIn(page, SignInView{Username: evil, Next: evil, Resume: &Resume{Path: evil, User: evil, Fields: []Field{{evil, evil}}}})).Find("script").Length(),
		"error":    render(t, Error(page, ErrorView{Kind: ErrorDown, RequestID: evil, Resend: &Resend{Path: evil, Fields: []Field{{evil, evil}}}})).Find("script").Length(),
	} {
		if doc != 1 {
			t.Errorf("%s: %d scripts, want the one of the page itself", name, doc)
		}
	}
}
