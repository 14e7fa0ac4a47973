package handlers

import (
	"net/http"
	"strconv"

	"shiken/exam"
	"shiken/proctor"
	"shiken/templates"
)

// stimulus is the passage of the question at position n, with the positions that share it.
func (s *Server) stimulus(r *http.Request, p *exam.Paper, n int, c *content) (templates.Stimulus, error) {
	shown := templates.Stimulus{HTML: c.stimulus}
	if c.stimulus == "" || c.question.Group == "" {
		return shown, nil
	}
	contents, err := s.contents.all(r.Context(), proctor.Versions(p))
	if err != nil {
		return shown, err
	}
	shown.First, shown.Last = n, n
	for shown.First > 1 && shares(p, contents, n, shown.First-1) {
		shown.First--
	}
	for shown.Last < p.Len() && shares(p, contents, n, shown.Last+1) {
		shown.Last++
	}
	return shown, nil
}

// shares reports whether the questions at two positions are of one group: groups are those of a set,
// and a section draws from one set.
func shares(p *exam.Paper, contents map[string]*content, n, other int) bool {
	a, b := p.Item(n), p.Item(other)
	group := contents[a.Version].question.Group
	return group != "" && a.Section == b.Section && group == contents[b.Version].question.Group
}

// pageStimuli are the passages of a page that shows all questions of a paper, each once: questions that
// share one lead to the first of them, whose element has the id stimulus-{position}.
func pageStimuli(p *exam.Paper, contents map[string]*content) []templates.Stimulus {
	out := make([]templates.Stimulus, p.Len())
	for i := range out {
		n := i + 1
		out[i] = templates.Stimulus{HTML: contents[p.Items[i].Version].stimulus, First: n, Last: n}
		if n == 1 || !shares(p, contents, n, n-1) {
			continue
		}
		first := out[i-1].First
		out[i].First, out[i].Above = first, stimulusID(first)
		for j := first - 1; j <= i; j++ {
			out[j].Last = n
		}
	}
	return out
}

func stimulusID(n int) string { return "stimulus-" + strconv.Itoa(n) }
