package templates

import (
	"strconv"
	"time"
)

// examTime words the time limit with the candidate's extra time.
func examTime(page Page, view ExamView) string {
	switch {
	case view.Limit <= 0:
		return page.T("exam.time.none")
	case view.Extra > 0:
		return page.T("exam.time.extra",
			"total", view.Limit+view.Extra, "limit", view.Limit, "extra", view.Extra)
	}
	return page.Locale.Duration(view.Limit)
}

func examNavigation(page Page, view ExamView) string {
	if view.Linear {
		return page.T("exam.navigation.linear")
	}
	return page.T("exam.navigation.free")
}

func examFeedback(page Page, view ExamView) string {
	if view.Practice {
		return page.T("exam.feedback.practice")
	}
	return page.T("exam.feedback.exam")
}

func examAttempts(page Page, view ExamView) string {
	if view.AttemptsAllowed <= 0 {
		return page.T("exam.attempts.unlimited")
	}
	left := max(view.AttemptsAllowed-view.AttemptsUsed, 0)
	return page.T("exam.attempts.of", "n", left, "allowed", view.AttemptsAllowed)
}

// refusedText says when a closed exam opens, that it has closed, or that it cannot be started at all.
func refusedText(page Page, view RefusedView) string {
	if view.Broken {
		return page.T("refused.broken")
	}
	if view.Reason == RefusalNoAttemptsLeft {
		return page.T("refused.no_attempts_left")
	}
	if !view.Opens.IsZero() && view.Now.Before(view.Opens) {
		return page.T("refused.too_early", "time", page.Locale.DateTime(view.Opens))
	}
	return page.T("refused.too_late")
}

// numberList writes numbers on one line.
func numberList(page Page, numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return joined(page, texts)
}

// The page of an exam that opens within an hour waits for it: it is looked at again when that is so, and
// meanwhile so often, in seconds, that it follows a change of the window.
const (
	waitsFor   = time.Hour
	waitingFor = 20
)

// refresh is after how many seconds the page looks again whether the exam is open, 0 for never.
func (v ExamView) refresh() int {
	left := v.Opens.Sub(v.Now)
	if v.MayStart || v.OpenAttempt != "" || v.Broken || v.Refusal != RefusalNotOpen || v.Now.IsZero() || left <= 0 || left > waitsFor {
		return 0
	}
	return min(int(left/time.Second)+1, waitingFor)
}
