package gallery

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"shiken/templates"
)

const (
	attemptID = "0d2f7c1e-6a53-4d0a-9a43-8c0b9f6f2a11"
	commandID = "5b0a7c52-7b5a-4b57-8b53-0f6b0e2f0c01"
	pageID    = "9c4c4f6e-3c1f-4f0e-8a53-52f7b9a6d7e2"
	total     = 12
)

// now is the moment of all canned data.
var now = time.Date(2026, 12, 1, 0, 14, 7, 0, time.UTC)

// Looks are the looks that the list of states offers.
func Looks() []Look {
	var looks []Look
	for _, lang := range Langs() {
		for _, theme := range []templates.Theme{templates.ThemeLight, templates.ThemeDark} {
			looks = append(looks, Look{Lang: lang, Display: templates.Display{Theme: theme, Text: 100}})
		}
	}
	return append(looks, Look{Lang: "ja", Display: templates.Display{Theme: templates.ThemeLight, Text: 200}})
}

// States lists every page of candidates in every state.
func States() []State {
	var states []State
	add := func(name string, page func(templates.Page) templ.Component) {
		states = append(states, State{Name: name, Page: page})
	}
	signIns(add)
	exams(add)
	questions(add)
	rejections(add)
	ends(add)
	practice(add)
	states = append(states, scripted()...)
	slices.SortFunc(states, func(a, b State) int { return cmp.Compare(a.Name, b.Name) })
	return states
}

type adder func(name string, page func(templates.Page) templ.Component)

func signIns(add adder) {
	for name, view := range map[string]templates.SignInView{
		"":           {},
		"-wrong":     {Problem: templates.SignInWrong, Username: "j2607"},
		"-throttled": {Problem: templates.SignInThrottled, RetryMinutes: 3, Username: "j2607"},
		"-busy":      {Problem: templates.SignInBusy, Username: "j2607"},
		"-resume":    {Resume: &templates.Resume{Path: "/attempts/" + attemptID + "/questions/3", User: "x", Fields: answerFields()}},
		"-unkept":    {Unkept: templates.UnkeptLong},
	} {
		add("sign-in"+name, func(p templates.Page) templ.Component {
			p.UserName, p.SignInName, p.Account, p.Owner = "", "", "", ""
			return templates.SignIn(p, view)
		})
	}
	add("send-again", func(p templates.Page) templ.Component {
		return templates.SendAgain(p, templates.ResumeView{Path: "/", Fields: answerFields(), Answer: said("ヘリウム")})
	})
}

func exams(add adder) {
	add("account", func(p templates.Page) templ.Component { return templates.Account(p, account()) })
	add("home", func(p templates.Page) templ.Component { return templates.Home(p, home()) })
	add("home-empty", func(p templates.Page) templ.Component { return templates.Home(p, templates.HomeView{Now: now}) })
	view := templates.ExamView{
		Slug: "basics", Title: "情報基礎 期末試験", Questions: total, Sections: []string{"情報セキュリティ", "算数・数学"},
		Limit: time.Hour, Extra: 15 * time.Minute, AttemptsAllowed: 2, AttemptsUsed: 1, PassMark: 60, Attachments: 2,
		Opens: now, Closes: now.Add(9 * time.Hour), MayStart: true, CommandID: commandID, Seen: 1,
		Penalties: []templates.Penalty{{Section: "算数・数学", Points: 2_500}},
	}
	add("exam", func(p templates.Page) templ.Component { return templates.Exam(p, view) })
	add("exam-practice", func(p templates.Page) templ.Component {
		view := view
		view.Practice, view.OneDevice, view.Limit, view.Focus = true, true, 0, focus()
		view.Result = &templates.OwnResult{Rule: "best", State: templates.OwnKnown, Numbers: []int{2}, Score: &templates.ScoreView{Points: 70_000, MaxPoints: 100_000, Pass: templates.Passed}}
		return templates.Exam(p, view)
	})
	add("exam-practice-wrong", func(p templates.Page) templ.Component {
		view := view
		view.Practice, view.Focus = true, focus()
		view.Focus.Count, view.Focus.Problem = "0", templates.FocusCount
		return templates.Exam(p, view)
	})
	add("exam-running", func(p templates.Page) templ.Component {
		view := view
		view.OpenAttempt = attemptID
		return templates.Exam(p, view)
	})
	add("exam-not-open", func(p templates.Page) templ.Component {
		view := view
		view.MayStart, view.Refusal, view.Opens, view.Now = false, templates.RefusalNotOpen, now.Add(time.Minute), now
		return templates.Exam(p, view)
	})
	add("refused-early", func(p templates.Page) templ.Component {
		return templates.Refused(p, templates.RefusedView{Slug: "basics", Title: "情報基礎", Reason: templates.RefusalNotOpen, Opens: now.Add(2 * time.Minute), Now: now})
	})
	add("refused-used", func(p templates.Page) templ.Component {
		return templates.Refused(p, templates.RefusedView{Slug: "basics", Title: "情報基礎", Reason: templates.RefusalNoAttemptsLeft, Now: now})
	})
}

func account() templates.AccountView {
	return templates.AccountView{
		Username: "j2607", Name: "山田 花子", Now: now, Password: templates.PasswordForm{Wrong: true},
		SignIns: []templates.SignInRow{
			{ID: "1", Browser: "Firefox", System: "Windows", Address: "192.0.2.17", Created: now.Add(-time.Hour), Seen: now, Current: true},
			{ID: "2", Address: "2001:db8::1", Created: now.Add(-26 * time.Hour), Seen: now.Add(-time.Hour)},
		},
	}
}

func focus() *templates.FocusView {
	return &templates.FocusView{
		Count: "10", Most: 200,
		Kinds:      []templates.FocusKind{{Value: "all", N: 120, Chosen: true}, {Value: "unseen", N: 40}, {Value: "wrong", N: 7}, {Value: "flagged"}},
		Categories: []templates.FocusPart{{Value: "情報セキュリティ", N: 80, Chosen: true}, {Value: "算数・数学", N: 40}},
		Years:      []templates.FocusPart{{Value: "2024", N: 60}, {Value: "2025", N: 60}},
	}
}

func home() templates.HomeView {
	return templates.HomeView{
		Now:      now,
		Practice: true,
		Running: []templates.ExamCard{
			{Slug: "basics", Title: "情報基礎 期末試験", Attempt: attemptID, Deadline: now.Add(30 * time.Minute), Questions: total},
			{Slug: "math", Title: "数学", Attempt: attemptID, Paused: true, Questions: 10},
		},
		Open:   []templates.ExamCard{{Slug: "free", Title: "サンプル試験", Questions: 10, Limit: 30 * time.Minute, AttemptsLeft: 2, Closes: now.Add(48 * time.Hour)}},
		Coming: []templates.ExamCard{{Slug: "later", Title: "専門科目", Questions: 40, Limit: 2 * time.Hour, Opens: now.Add(72 * time.Hour)}},
		Done: []templates.ExamCard{
			{Slug: "old", Title: "模擬試験", Attempt: attemptID, FinishedAt: now.Add(-26 * time.Hour), Pass: templates.Passed},
			{Slug: "older", Title: "模擬試験 2", Attempt: attemptID, FinishedAt: now.Add(-50 * time.Hour), Pass: templates.NotPassed},
			{Slug: "void", Title: "模擬試験 3", Attempt: attemptID, Voided: true},
		},
	}
}

func sitting() templates.Sitting {
	return templates.Sitting{
		Attempt: attemptID, ExamTitle: "情報基礎 期末試験", Position: 3, Total: total, Rev: 2, Status: "in_progress", Opening: 1,
		Deadline: now.Add(29*time.Minute + 30*time.Second), Now: now,
	}
}

func rejectedFor(reason string) templates.Sitting {
	s := sitting()
	s.Outcome, s.Reason = "rejected", reason
	return s
}

func formKeys() templates.FormKeys {
	return templates.FormKeys{Rev: 2, CommandID: commandID, Page: pageID, Seq: 1, Opening: 1}
}

func answerFields() []templates.Field {
	return []templates.Field{{Name: "rev", Value: "2"}, {Name: "answer", Value: "b"}, {Name: "action", Value: "next"}}
}

func said(text string) []templates.AnswerLine {
	return []templates.AnswerLine{{HTML: templates.SafeHTML("<p>" + text + "</p>"), Letter: "B"}}
}

func positions() []templates.NavItem {
	items := make([]templates.NavItem, total)
	for i := range items {
		items[i] = templates.NavItem{Position: i + 1, Answered: i < 17 && i%5 != 1, Flagged: i%7 == 3, Current: i == 2, Information: i == 20}
	}
	return items
}

func options(texts ...string) []templates.Option {
	var out []templates.Option
	for i, text := range texts {
		out = append(out, templates.Option{Value: string(rune('a' + i)), Letter: string(rune('A' + i)), HTML: templates.SafeHTML("<p>" + text + "</p>"), Text: text})
	}
	return out
}

const stem = templates.SafeHTML("<p>次のうち、<ruby>最<rt>もっと</rt></ruby>も軽い<ruby>元素<rt>げんそ</rt></ruby>はどれか。最も適切なものを選びなさい。</p>")

func choiceBody() templates.Body {
	b := templates.Body{Kind: templates.KindSingleChoice, Stem: stem, Options: options("水素", "ヘリウム", "酸素は空気のおよそ五分の一を占め、ものが燃えるのを助ける。", "窒素")}
	b.Options[1].Chosen = true
	return b
}

// bodies has a question of each kind, with an answer filled in.
func bodies() map[templates.AnswerKind]templates.Body {
	multiple, cities := choiceBody(), options("Paris", "Rome", "Tokyo")
	multiple.Kind = templates.KindMultipleChoice
	multiple.Options[0].Chosen = true
	return map[templates.AnswerKind]templates.Body{
		templates.KindSingleChoice:   choiceBody(),
		templates.KindMultipleChoice: multiple,
		templates.KindTrueFalse:      {Kind: templates.KindTrueFalse, Stem: "<p>氷は水に浮く。</p>", Options: []templates.Option{{Value: "true", Chosen: true}, {Value: "false"}}},
		templates.KindShortText:      {Kind: templates.KindShortText, Stem: "<p>O は何の元素記号か。</p>", Text: "酸素", MaxLength: 200},
		templates.KindNumber:         {Kind: templates.KindNumber, Stem: "<p>長さは何 cm か。</p>", Text: "１２．５", Unit: "cm"},
		templates.KindEssay:          {Kind: templates.KindEssay, Stem: "<p>あなたの考えを 400 字程度で述べなさい。</p>", Text: "一つ目の理由は、\n二つ目の理由は、"},
		templates.KindMatching: {Kind: templates.KindMatching, Stem: "<p>国と首都を結びなさい。</p>", Options: cities,
			Items: []templates.Item{{Key: "fr", Label: "フランス", Value: "a"}, {Key: "it", Label: "イタリア"}}},
		templates.KindOrdering: {Kind: templates.KindOrdering, Stem: "<p>古い順に並べなさい。</p>",
			Items: []templates.Item{{Key: "x", Label: "奈良時代", Value: "2"}, {Key: "y", Label: "平安時代", Value: "1"}}},
		templates.KindGaps: {Kind: templates.KindGaps, Stem: "<p>Fill.</p>",
			Pieces: []templates.Piece{{HTML: "<p>水は ", Gap: 1}, {HTML: " 度で沸騰し、その式は ", Gap: 2}, {HTML: " である。</p>"}},
			Items:  []templates.Item{{Key: "1", Value: "100", Number: true}, {Key: "2", Value: "b", Options: cities}}},
		templates.KindDescription: {Kind: templates.KindDescription, Stem: "<p>次の文章を読み、以下の問いに答えなさい。</p>"},
	}
}

func question(body templates.Body) templates.QuestionView {
	return templates.QuestionView{
		Sitting: sitting(), Form: formKeys(), Body: body, Section: "情報セキュリティ", Points: 10_000, SavedAt: now.Add(-time.Minute),
		Can:       templates.Buttons{Save: true, Next: true, Previous: true, Flag: true, Clear: true, Review: true},
		Navigator: positions(),
	}
}

func questions(add adder) {
	for kind, body := range bodies() {
		add("question-"+hyphened(string(kind)), func(p templates.Page) templ.Component { return templates.Question(p, question(body)) })
	}
	for name, change := range map[string]func(*templates.QuestionView){
		"flagged":  func(v *templates.QuestionView) { v.Flagged, v.Navigator[2].Flagged = true, true },
		"unsaved":  func(v *templates.QuestionView) { v.SavedAt, v.Body.Options[1].Chosen = time.Time{}, false },
		"time-low": func(v *templates.QuestionView) { v.Deadline = now.Add(4 * time.Minute) },
		"untimed":  func(v *templates.QuestionView) { v.Deadline = time.Time{} },
		"linear": func(v *templates.QuestionView) {
			v.Linear, v.Navigator, v.Can = true, nil, templates.Buttons{Save: true, Next: true}
		},
		"one-device": func(v *templates.QuestionView) { v.OneDevice = true },
		"practice":   func(v *templates.QuestionView) { v.Can.Check, v.Deadline, v.SavedAt = true, time.Time{}, time.Time{} },
		"pictures":   pictures,
		"wide":       wide,
		"long":       long,
		"ask-skip":   askSkip,
		"checked":    checked,
		"passage":    passage,
		"messages":   messages,
		"not-sound":  notANumber,
	} {
		add("question-"+name, func(p templates.Page) templ.Component {
			view := question(choiceBody())
			change(&view)
			return templates.Question(p, view)
		})
	}
}

func askSkip(v *templates.QuestionView) {
	v.Sitting = rejectedFor("unanswered")
	v.Linear, v.Navigator, v.AskSkip, v.Removes, v.Can = true, nil, true, said("ヘリウム"), templates.Buttons{Save: true, Next: true}
}

func checked(v *templates.QuestionView) {
	v.Closed, v.Held, v.Can = true, []templates.Field{{Name: "answer", Value: "b"}}, templates.Buttons{Next: true, Previous: true, Flag: true, Review: true}
	v.Navigator[2].Closed, v.Navigator[0].Closed = true, true
	v.Feedback = &templates.Feedback{
		Verdict: templates.VerdictPartly, Points: 5_000, MaxPoints: 10_000, ShowPoints: true, Key: said("水素"),
		Notes:       []templates.AnswerLine{{Label: "ヘリウム", HTML: "<p>二番目に軽い元素です。</p>"}},
		Explanation: "<p>水素の原子番号は 1 です。</p>", Reference: "理科年表",
	}
}

func passage(v *templates.QuestionView) {
	v.Body.Stimulus = templates.Stimulus{HTML: "<p>元素は、原子番号の順に並べると、よく似た性質のものが周期的に現れる。これを周期律という。</p>", First: 3, Last: 5}
	v.Attachments = []templates.AttachmentLink{{Title: "周期表", Media: "x", Kind: "PDF", Bytes: 240_000}, {Title: "聞き取り", Media: "y", Kind: "MP3"}}
}

func messages(v *templates.QuestionView) {
	v.Messages = []templates.Message{
		{ID: "2", At: now.Add(-time.Minute), Text: "第12問の図は、黒板に書いたものを見てください。"},
		{ID: "1", At: now.Add(-9 * time.Minute), Text: "試験を始めてください。"},
	}
}

const figure = templates.SafeHTML(`<p><img src="/media/figure" alt="時間とともに増える曲線" width="640" height="360"></p>`)

func pictures(v *templates.QuestionView) {
	v.Body.Stem = stem + figure
	v.Body.Stimulus = templates.Stimulus{HTML: figure, First: 3, Last: 5}
	for i := range v.Body.Options {
		v.Body.Options[i].HTML = figure
	}
}

// wide has what is wider than a phone.
func wide(v *templates.QuestionView) {
	v.Body.Stem += `<pre>SELECT attempt, position, rev, answer, saved_at FROM responses WHERE attempt = $1 ORDER BY position;</pre>` +
		`<table><tr><th>年</th><th>人口</th><th>世帯</th><th>面積</th><th>備考</th></tr><tr><td>2020</td><td>126,146,099</td><td>55,830,154</td><td>377,976 km²</td><td>国勢調査</td></tr></table>` +
		`<math display="block"><mrow><mi>x</mi><mo>=</mo><mfrac><mrow><mo>−</mo><mi>b</mi><mo>±</mo><msqrt><mrow><msup><mi>b</mi><mn>2</mn></msup><mo>−</mo><mn>4</mn><mi>a</mi><mi>c</mi></mrow></msqrt></mrow><mrow><mn>2</mn><mi>a</mi></mrow></mfrac></mrow></math>`
}

func long(v *templates.QuestionView) {
	v.ExamTitle = "Fundamentals of Information Technology, Final Examination of the Second Semester"
	v.Body.Stem += `<p>https://example.org/a/very/long/address/without/any/place/where/it/could/be/parted</p>`
	v.Body.Options[0].HTML = "<p>Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft</p>"
	v.Messages = []templates.Message{{ID: "1", At: now, Text: strings.Repeat("abcdefghij", 12)}}
}

func notANumber(v *templates.QuestionView) {
	v.Body = bodies()[templates.KindNumber]
	v.Body.Text, v.Body.NotANumber = "十二", true
}

func rejection(reason string) templates.RejectionView {
	body := choiceBody()
	view := templates.RejectionView{
		Sitting: rejectedFor(reason), Body: &body, HasSent: true, Kept: true, Saved: said("ヘリウム"), Sent: said("窒素"),
		SavedAt: now.Add(-time.Minute), SentAt: now,
	}
	switch reason {
	case "stale", "id_reused", "paused", templates.ReasonTakenOver:
		view.Again = &templates.AnswerForm{Keys: formKeys(), Fields: []templates.Field{{Name: "answer", Value: "d"}}}
	case "time_up":
		view.Deadline = now.Add(-14 * time.Second)
	case "other_device":
		view.Holder, view.Over = holder(), over()
		view.Over.Position, view.Over.Fields = 3, answerFields()
	}
	return view
}

func holder() *templates.Holder {
	return &templates.Holder{Browser: "Firefox", System: "Windows", Since: now.Add(-3 * time.Minute), LastSeen: now.Add(-10 * time.Second)}
}

func over() templates.TakeOverForm { return templates.TakeOverForm{CommandID: commandID, Opening: 1} }

// essay is a conflict of two texts.
func essay() templates.RejectionView {
	view, body := rejection("stale"), bodies()[templates.KindEssay]
	view.Body = &body
	view.Saved = []templates.AnswerLine{{Text: "一つ目の理由は", Spans: []templates.TextSpan{{Text: "一つ目の理由は、"}, {Text: "安全", Alone: true}, {Text: "である。"}}}}
	view.Sent = []templates.AnswerLine{{Text: "一つ目の理由は", Spans: []templates.TextSpan{{Text: "一つ目の理由は、"}, {Text: "速さ", Alone: true}, {Text: "である。"}}}}
	return view
}

func rejections(add adder) {
	add("rejected-stale-essay", func(p templates.Page) templ.Component { return templates.Rejected(p, essay()) })
	add("elsewhere", func(p templates.Page) templ.Component {
		view := templates.ElsewhereView{Sitting: sitting(), Holder: *holder(), Over: over(), Here: "/attempts/" + attemptID}
		view.OneDevice, view.Position = true, 0
		return templates.Elsewhere(p, view)
	})
	for _, note := range []templates.Note{templates.NoteCursor, templates.NoteExtended, templates.NoteHere} {
		add("question-note-"+string(note), func(p templates.Page) templ.Component {
			p.Note = note
			return templates.Question(p, question(choiceBody()))
		})
	}
	for _, reason := range []string{
		"stale", "id_reused", "closed_question", "not_reached", "finished", "time_up", "paused", "voided", "out_of_range",
		"invalid_answer", "unanswered", "other_device", templates.ReasonTakenOver,
	} {
		add("rejected-"+hyphened(reason), func(p templates.Page) templ.Component {
			return templates.Rejected(p, rejection(reason))
		})
	}
	for _, kind := range []templates.ErrorKind{
		templates.ErrorMalformed, templates.ErrorForeignOrigin, templates.ErrorNotFound, templates.ErrorMethod, templates.ErrorTooLarge, templates.ErrorType, templates.ErrorInternal, templates.ErrorBusy, templates.ErrorDown,
	} {
		add("error-"+hyphened(string(kind)), func(p templates.Page) templ.Component {
			return templates.Error(p, templates.ErrorView{Kind: kind, Status: 500, RequestID: "b7c1-77", Reload: kind == templates.ErrorDown})
		})
	}
	add("error-down-kept", func(p templates.Page) templ.Component {
		return templates.Error(p, templates.ErrorView{Kind: templates.ErrorDown, Status: 503, Resend: &templates.Resend{Path: "/", Fields: answerFields(), Answer: said("窒素")}})
	})
}

func review() templates.ReviewView {
	v := templates.ReviewView{Sitting: sitting(), Positions: positions(), CommandID: commandID}
	v.Position, v.Rev = 0, 7
	return v
}

func ends(add adder) {
	for name, change := range map[string]func(*templates.ReviewView){
		"": func(*templates.ReviewView) {},
		"-complete": func(v *templates.ReviewView) {
			v.Positions = []templates.NavItem{{Position: 1, Answered: true}, {Position: 2, Answered: true}}
		},
		"-linear": func(v *templates.ReviewView) { v.Linear = true },
		"-stale":  func(v *templates.ReviewView) { v.Outcome, v.Reason, v.Changed = "rejected", "stale", []int{2, 5} },
	} {
		add("review"+name, func(p templates.Page) templ.Component {
			view := review()
			change(&view)
			return templates.Review(p, view)
		})
	}
	for _, phase := range []templates.Phase{templates.PhaseInProgress, templates.PhasePaused, templates.PhaseTimeUp, templates.PhaseMarking, templates.PhaseAwaiting, templates.PhaseDone, templates.PhaseVoided} {
		add("result-"+hyphened(string(phase)), func(p templates.Page) templ.Component { return templates.Result(p, result(phase)) })
	}
	add("result-full", func(p templates.Page) templ.Component { return templates.Result(p, fullResult()) })
	add("receipts", func(p templates.Page) templ.Component { return templates.Receipts(p, templates.ReceiptsView{}) })
	add("result-not-passed", func(p templates.Page) templ.Component {
		view := result(templates.PhaseDone)
		view.Practice, view.Exam = true, "basics"
		view.Score = &templates.ScoreView{Points: 185_000, MaxPoints: 400_000, PassMark: 60, Pass: templates.NotPassed}
		return templates.Result(p, view)
	})
	add("receipts-misread", func(p templates.Page) templ.Component {
		return templates.Receipts(p, templates.ReceiptsView{Typed: "K7QX", Answer: templates.ReceiptMisread})
	})
	add("receipts-unknown", func(p templates.Page) templ.Component {
		return templates.Receipts(p, templates.ReceiptsView{Typed: "K7QX-2M9P-0001", Code: "K7QX-2M9P-0001", Answer: templates.ReceiptUnknown})
	})
	add("receipts-known", func(p templates.Page) templ.Component {
		return templates.Receipts(p, templates.ReceiptsView{Typed: "x", Code: "K7QX-2M9P-0001", Answer: templates.ReceiptKnown, Found: []templates.ReceiptFound{{
			Attempt: attemptID, Path: "/attempts/" + attemptID + "/result", ExamTitle: "情報基礎", Number: 1, Status: "submitted",
			Seq: 7, Entries: 12, Whole: true, At: now, Kind: "save", Position: 3, Saved: true,
		}}})
	})
}

func result(phase templates.Phase) templates.ResultView {
	v := templates.ResultView{Sitting: sitting(), Phase: phase, Candidate: "山田 花子", StartedAt: now.Add(-time.Hour), Answered: 38}
	v.Position = 0
	switch phase {
	case templates.PhaseInProgress, templates.PhaseTimeUp:
	case templates.PhasePaused:
		v.Status, v.Next = "paused", "/attempts/"+attemptID
	default:
		v.Status, v.ClosedAt = "submitted", now
		v.Receipt = templates.Receipt{Seq: 12, Hash: "ab12cd34", Code: "K7QX-2M9P-0001"}
	}
	return v
}

func fullResult() templates.ResultView {
	v := result(templates.PhaseDone)
	v.Late, v.Accepted, v.Expired = 1, 1, true
	v.Corrected = []templates.CorrectedKey{
		{At: now, Position: 1, Change: &templates.PointsChange{BeforeMax: 10_000, After: 10_000, AfterMax: 10_000}},
		{At: now, Position: 2, Kept: true},
	}
	v.Score = &templates.ScoreView{Points: 285_000, MaxPoints: 400_000, PassMark: 60, Pass: templates.Passed, Sections: []templates.SectionResult{
		{Title: "情報セキュリティ", Points: 185_000, MaxPoints: 200_000, Minimum: 40, Met: true},
		{Title: "算数・数学", Points: 100_000, MaxPoints: 200_000, Minimum: 60},
	}}
	body := choiceBody()
	v.Questions = []templates.QuestionResult{
		{Position: 1, Body: body, ShowOwn: true, Own: said("ヘリウム"), ShowScore: true, MaxPoints: 10_000, Verdict: templates.VerdictWrong, ShowKey: true,
			Key: []templates.AnswerLine{{HTML: "<p>水素</p>", Letter: "A"}}, Explanation: "<p>水素の原子番号は 1 です。</p>", Reference: "理科年表"},
		{Position: 2, Body: body, ShowOwn: true, ShowScore: true, MaxPoints: 10_000, Verdict: templates.VerdictWrong},
		{Position: 3, Body: body, ShowOwn: true, Own: said("水素"), ShowScore: true, Points: 10_000, MaxPoints: 10_000, Dropped: true},
		{Position: 4, Body: bodies()[templates.KindEssay], ShowOwn: true, Own: []templates.AnswerLine{{Text: "一つ目の理由は、\n二つ目の理由は、"}}, Awaiting: true},
		{Position: 5, Body: bodies()[templates.KindEssay], ShowOwn: true, Own: []templates.AnswerLine{{Text: "短い。"}}, Comment: "理由をもう一つ書きましょう。",
			ShowScore: true, Points: 5_000, MaxPoints: 10_000, Verdict: templates.VerdictPartly},
	}
	return v
}

func practice(add adder) {
	notebook := templates.NotebookView{Now: now, Gone: 2, Practices: []templates.PracticeCard{
		{Slug: "practice", Title: "サンプル演習", Questions: 120, Untried: 40, MayStart: true, Most: 200, Missed: 2, More: 3, CommandID: commandID, Categories: []templates.NotebookCategory{
			{Name: "情報セキュリティ", N: 1, CommandID: commandID, Lines: []templates.NotebookLine{{Question: "q1", Text: "次のうち、最も軽い元素はどれか。", Verdict: templates.VerdictWrong, At: now.Add(-time.Hour), Times: 3, NotRight: 2, Attempt: attemptID}}},
			{Name: "", N: 1, CommandID: commandID, Lines: []templates.NotebookLine{{Question: "q2", Text: "国と首都を結びなさい。", Verdict: templates.VerdictPartly, At: now.Add(-2 * time.Hour), Times: 1, NotRight: 1, Attempt: attemptID}}},
		}},
		{Slug: "second", Title: "数学の演習", Questions: 10, Running: attemptID},
	}}
	add("practice", func(p templates.Page) templ.Component { return templates.Notebook(p, notebook) })
	add("practice-empty", func(p templates.Page) templ.Component { return templates.Notebook(p, templates.NotebookView{Now: now}) })
	accuracy := templates.AccuracyView{All: templates.Rate{Answers: 120, Right: 84}}
	for i := range 12 {
		accuracy.Weeks = append(accuracy.Weeks, templates.WeekRate{Monday: now.AddDate(0, 0, 7*(i-12)), Rate: templates.Rate{Answers: 10, Right: i % 11}})
	}
	for _, name := range []string{"情報セキュリティ", "算数・数学", ""} {
		accuracy.Categories = append(accuracy.Categories, templates.PartRate{Value: name, Chosen: name == "算数・数学", Rate: templates.Rate{Answers: 40, Right: 28}})
	}
	accuracy.Years = []templates.PartRate{{Value: "2024", Rate: templates.Rate{Answers: 60, Right: 50}}, {Value: "2025", Rate: templates.Rate{Answers: 60, Right: 34}}}
	add("accuracy", func(p templates.Page) templ.Component { return templates.Accuracy(p, accuracy) })
	add("accuracy-empty", func(p templates.Page) templ.Component { return templates.Accuracy(p, templates.AccuracyView{}) })
}

// hyphened makes a name of a word of the wire.
func hyphened(word string) string { return strings.ReplaceAll(word, "_", "-") }
