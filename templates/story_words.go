package templates

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"
)

// StoryPath is everything that happened in an attempt; PaperPath its paper.
func StoryPath(attempt string) string { return "/admin/attempts/" + url.PathEscape(attempt) }

// PaperPath is the paper of an attempt as its candidate saw it.
func PaperPath(attempt string) string { return StoryPath(attempt) + "/paper" }

func storyAbout(attempt string, position int) string {
	return StoryPath(attempt) + "?position=" + strconv.Itoa(position)
}

// SittingPath is the page on which an exam is watched; ResultsPath the table of its results.
func SittingPath(slug string) string { return "/admin/exams/" + url.PathEscape(slug) }

// ResultsPath is the table of an exam's results.
func ResultsPath(slug string) string { return SittingPath(slug) + "/results" }

// storyFrame is the heading of a page about one attempt.
func storyFrame(page Page, head StoryHead, here string) StaffFrame {
	return StaffFrame{
		Title: page.T("story.title", "name", head.Name, "n", head.Number),
		Crumbs: []Crumb{
			{Text: page.T("staff.nav.sittings"), Path: "/admin"}, {Text: head.ExamTitle, Path: SittingPath(head.ExamSlug)},
			{Text: page.T("results.crumb"), Path: ResultsPath(head.ExamSlug)},
		},
		Actions: tabs(page.T("story.tabs"), []Tab{
			{Text: page.T("story.timeline"), Path: StoryPath(head.Attempt), Current: here == StoryPath(head.Attempt)},
			{Text: page.T("story.paper"), Path: PaperPath(head.Attempt), Current: here == PaperPath(head.Attempt)},
		}),
		Data: templ.Attributes{"data-attempt": head.Attempt, "data-status": head.Status},
	}
}

func (v StoryView) title(page Page) string {
	if v.Position > 0 {
		return page.T("story.of_position", "n", v.Position)
	}
	return page.T("story.timeline")
}

// beginsDay: the event is the first of its day.
func (v StoryView) beginsDay(page Page, i int) bool {
	return i == 0 || page.Locale.Date(v.Events[i].At) != page.Locale.Date(v.Events[i-1].At)
}

// id names an event, so that a link can lead to it.
func (e StoryEvent) id() string {
	if e.Rejection > 0 {
		return "rejection-" + strconv.FormatInt(e.Rejection, 10)
	}
	return "entry-" + strconv.FormatInt(e.Seq, 10)
}

func (e StoryEvent) who(page Page) string {
	switch {
	case e.Server:
		return page.T("story.who.server")
	case e.Who == "":
		return page.T("story.who.candidate")
	}
	return e.Who
}

// words says what happened.
func (e StoryEvent) words(page Page) string {
	switch e.What {
	case "rejected":
		return page.T("story.event.rejected", "reason", page.T("story.refusal."+e.Reason))
	case "mark_refused":
		return page.T("marking.event.refused", "points", page.Locale.Points(e.Points))
	case "move":
		return e.moved(page)
	case "extend":
		return page.T("story.event.extend", "amount", e.Amount)
	case "reopen":
		if e.Amount > 0 {
			return page.T("story.event.reopen.amount", "amount", e.Amount)
		}
	case "mark":
		return page.T("story.event.mark", "points", page.Locale.Points(e.Points))
	case "accept_late":
		return page.T("story.event.accept_late", "n", int(e.Accepted))
	case "grade":
		if e.Awaiting {
			return page.T("marking.event.awaiting")
		}
		if e.Former != nil {
			return page.T("story.event.grade.again", e.scores(page)...)
		}
		if e.Score != nil {
			return page.T("story.event.grade", "score", page.score(e.Score.Points, e.Score.MaxPoints))
		}
	case "regrade":
		return e.regraded(page)
	}
	return page.T("story.event." + e.What)
}

// regraded says what a regrade made of the score; one of a whole attempt only asks for the marking that follows.
func (e StoryEvent) regraded(page Page) string {
	switch {
	case e.Score == nil:
		return page.T("story.event.regrade")
	case e.Awaiting || e.Former == nil:
		return page.T("story.event.regrade.awaiting")
	case e.Kept:
		return page.T("story.event.regrade.kept", e.scores(page)...)
	}
	return page.T("story.event.regrade.score", e.scores(page)...)
}

// scores are the former score and the one that took its place, as arguments of a text.
func (e StoryEvent) scores(page Page) []any {
	return []any{"before", page.score(e.Former.Points, e.Former.MaxPoints), "after", page.score(e.Score.Points, e.Score.MaxPoints)}
}

// moved says where a candidate went who changed no answer.
func (e StoryEvent) moved(page Page) string {
	switch {
	case e.Review:
		return page.T("story.event.move.review")
	case e.Target > 0:
		return page.T("story.event.move.to", "n", e.Target)
	}
	return page.T("story.event.move")
}

// known writes what is known, or that it is not.
func known(page Page, text string) string {
	if text == "" {
		return page.T("story.device.unknown")
	}
	return text
}
