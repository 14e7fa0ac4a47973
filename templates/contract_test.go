package templates_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	. "shiken/templates"
)

// attrs compares attributes of the first match.
func attrs(t *testing.T, doc *goquery.Document, selector string, want map[string]string) {
	t.Helper()
	found := doc.Find(selector).First()
	if found.Length() == 0 {
		t.Fatalf("no %s", selector)
	}
	for name, value := range want {
		if got, ok := found.Attr(name); !ok || got != value {
			t.Errorf("%s: %s = %q (there: %v), want %q", selector, name, got, ok, value)
		}
	}
}

func actions(doc *goquery.Document) []string {
	return doc.Find("form[data-question] button[name=action]").Map(func(_ int, s *goquery.Selection) string {
		return s.AttrOr("value", "")
	})
}

// hidden gives the hidden fields of the form at the selector, in order.
func hidden(doc *goquery.Document, form string) []Field {
	var fields []Field
	doc.Find(form + " input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		fields = append(fields, Field{Name: s.AttrOr("name", ""), Value: s.AttrOr("value", "")})
	})
	return fields
}

var wantKeys = []Field{
	{"rev", "2"}, {"command_id", commandID}, {"page", pageID}, {"seq", "1"}, {"opening", "1"},
}

func TestQuestionFormFollowsTheContract(t *testing.T) {
	doc := render(t, Question(pageIn("ja"), freeQuestion(choiceBody())))
	attrs(t, doc, "main", map[string]string{
		"data-attempt": attemptID, "data-position": "3", "data-total": "10", "data-rev": "2",
		"data-status": "in_progress", "data-deadline": "2026-12-01T00:43:37.123456Z",
	})
	attrs(t, doc, "form[data-question]", map[string]string{
		"method": "post", "action": "/attempts/" + attemptID + "/questions/3", "autocomplete": "off",
	})
	if got := hidden(doc, "form[data-question]"); !slices.Equal(got, wantKeys) {
		t.Errorf("hidden fields %v, want %v", got, wantKeys)
	}
	want := []string{"save", "flag", "clear", "previous", "next", "review"}
	for position := range 10 {
		want = append(want, "goto:"+strconv.Itoa(position+1))
	}
	want = append(want, "time_up")
	if got := actions(doc); !slices.Equal(got, want) {
		t.Errorf("buttons %v, want %v", got, want)
	}
}

// Enter presses the first submit button, so it must be harmless (R5).
func TestFirstButtonIsHarmless(t *testing.T) {
	views := map[string]QuestionView{"linear": linearQuestion()}
	for kind, body := range bodies() {
		views[string(kind)] = freeQuestion(body)
	}
	for name, view := range views {
		doc := render(t, Question(pageIn("en"), view))
		first := doc.Find("form[data-question]").Find("button, input[type=submit]").First()
		if got := first.AttrOr("value", ""); got != "save" {
			t.Errorf("%s: the first button is %q", name, got)
		}
		if doc.Find("form[data-question] button:not([type=submit])").Length() != 0 {
			t.Errorf("%s: a button without type=submit", name)
		}
	}
}

func TestAnswerInputs(t *testing.T) {
	tests := []struct {
		kind     AnswerKind
		selector string
		count    int
	}{
		{KindSingleChoice, "input[type=radio][name=answer]", 4},
		{KindSingleChoice, "input[name=answer][value=p9q][checked]", 1},
		{KindSingleChoice, "input[checked]", 1},
		{KindTrueFalse, "input[type=radio][name=answer]", 2},
		{KindMultipleChoice, "input[type=checkbox][name=answer]", 4},
		{KindMultipleChoice, "input[checked]", 2},
		{KindShortText, "input[type=text][name=answer][value=oxygen][maxlength='200']", 1},
		{KindNumber, "input[type=text][inputmode=decimal][name=answer][value='12.5']", 1},
		{KindNumber, ".warning", 0},
		{KindEssay, "textarea[name=answer]", 1},
		{KindMatching, "select[name='answer.fr'] option[value=a1][selected]", 1},
		{KindMatching, "select[name='answer.it'] option[value=''][selected]", 1},
		{KindOrdering, "select[name='answer.x'] option[value='2'][selected]", 1},
		{KindOrdering, "select[name='answer.y'] option", 3},
		{KindGaps, "input[type=text][name='answer.1'][value=typed]", 1},
		{KindGaps, "select[name='answer.2'] option[value=b2][selected]", 1},
		{KindDescription, "[name^=answer]", 0},
	}
	for _, test := range tests {
		doc := render(t, Question(pageIn("en"), freeQuestion(bodies()[test.kind])))
		if n := doc.Find("form[data-question] " + test.selector).Length(); n != test.count {
			t.Errorf("%s: %d × %s, want %d", test.kind, n, test.selector, test.count)
		}
	}
}

// The parser drops the first line break of a text area; the answer's own must
// survive.
func TestEssayKeepsItsFirstLineBreak(t *testing.T) {
	body := bodies()[KindEssay]
	doc := render(t, Question(pageIn("en"), freeQuestion(body)))
	if got := doc.Find("textarea").Text(); got != body.Text {
		t.Errorf("text area holds %q, want %q", got, body.Text)
	}
}

func TestUnparsableNumberIsWarnedAbout(t *testing.T) {
	body := bodies()[KindNumber]
	body.Text, body.NotANumber = "twelve", true
	doc := render(t, Question(pageIn("en"), freeQuestion(body)))
	attrs(t, doc, "input[name=answer]", map[string]string{"value": "twelve", "aria-describedby": "stem number-help"})
	if !strings.Contains(doc.Find("#number-help.warning").Text(), "not a number") {
		t.Error("no warning")
	}
}

func TestLinearQuestionOffersSaveAndNextOnly(t *testing.T) {
	doc := render(t, Question(pageIn("en"), linearQuestion()))
	if got, want := actions(doc), []string{"save", "next", "time_up"}; !slices.Equal(got, want) {
		t.Errorf("buttons %v, want %v", got, want)
	}
	attrs(t, doc, "main", map[string]string{"data-outcome": "rejected", "data-reason": "unanswered"})
	attrs(t, doc, "form[data-question] input[name=skip]", map[string]string{"type": "checkbox", "value": "1"})
	attrs(t, doc, "progress", map[string]string{"max": "10", "value": "2"})
	free := render(t, Question(pageIn("en"), freeQuestion(choiceBody())))
	if free.Find("[name=skip], [data-outcome], [data-reason], progress").Length() != 0 {
		t.Error("a plain question page shows skip, outcome or progress")
	}
}

func TestNavigatorSaysStatesInWords(t *testing.T) {
	doc := render(t, Question(pageIn("en"), freeQuestion(choiceBody())))
	want := map[string]string{
		"goto:1": "Question1✓answered", "goto:2": "Question2○not answered", "goto:3": "Question 3 ✓◆ answered, this question",
		"goto:4": "Question4✓⚑answered, flagged", "goto:9": "Question9inothing to answer",
	}
	for value, text := range want {
		button := doc.Find("nav button[value='" + value + "']")
		if got := strings.Join(strings.Fields(button.Text()), " "); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(text, " ", "") {
			t.Errorf("%s says %q, want %q", value, got, text)
		}
	}
	attrs(t, doc, "nav button[value='goto:3']", map[string]string{"aria-current": "step"})
	if doc.Find("[aria-current]").Length() != 1 {
		t.Error("more than one current question")
	}
}

// A checked question cannot be changed, and moving on sends the same answer.
func TestCheckedQuestionIsClosed(t *testing.T) {
	doc := render(t, Question(pageIn("en"), checkedQuestion()))
	if doc.Find("fieldset[disabled]").Length() != 1 {
		t.Error("inputs are not disabled")
	}
	want := append(slices.Clone(wantKeys), Field{Name: "answer", Value: "p9q"})
	if got := hidden(doc, "form[data-question]"); !slices.Equal(got, want) {
		t.Errorf("hidden fields %v, want %v", got, want)
	}
	text := doc.Find("[data-feedback]").Text()
	for _, part := range []string{"Partly right", "0.5 / 1 points", "水素", "最も軽い元素です。", "二番目に軽い元素です。", "Source: 理科年表"} {
		if !strings.Contains(text, part) {
			t.Errorf("feedback %q lacks %q", text, part)
		}
	}
	if slices.Contains(actions(doc), "time_up") {
		t.Error("an untimed question has a time_up button")
	}
	attrs(t, doc, "main", map[string]string{"data-deadline": ""})
}

func TestTimer(t *testing.T) {
	doc := render(t, Question(pageIn("ja"), freeQuestion(choiceBody())))
	attrs(t, doc, "[data-timer]", map[string]string{
		"data-deadline": "2026-12-01T00:43:37.123456Z", "data-now": "2026-12-01T00:14:07.123456Z",
		"data-after": "/attempts/" + attemptID + "/result",
	})
	if got := doc.Find("[data-timer] [role=timer]").Text(); got != "29:30" {
		t.Errorf("time left %q", got)
	}
	if got := doc.Find("[data-timer] time").Text(); got != "09:43:37 終了" {
		t.Errorf("end %q", got)
	}
	view := freeQuestion(choiceBody())
	view.Status = "paused"
	if render(t, Question(pageIn("ja"), view)).Find("[data-timer]").Length() != 0 {
		t.Error("a paused exam counts down")
	}
}

func TestSavedStateInWords(t *testing.T) {
	view := freeQuestion(choiceBody())
	for saved, want := range map[time.Time]string{
		{}:                       "Not saved yet",
		now.Add(-time.Minute):    "Saved 09:13:07",
		now.Add(-24 * time.Hour): "Saved 30 Nov 2026 09:14 JST",
	} {
		view.SavedAt = saved
		doc := render(t, Question(pageIn("en"), view))
		if got := strings.TrimSpace(doc.Find("[data-when-saved]").Text()); strings.TrimPrefix(got, "✓ ") != want {
			t.Errorf("saved state %q, want %q", got, want)
		}
	}
}
