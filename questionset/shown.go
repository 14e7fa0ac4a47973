package questionset

import (
	"cmp"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/richtext"
)

// tellLeftOut tells what the texts of a question hold and no page will show.
func (r *Report) tellLeftOut(q *Question) {
	var elements, raw []string
	var colours, hidden bool
	eachText(&q.Question, &q.Key, &q.Feedback, func(t exam.Text) {
		out := richtext.LeftOutOf(t)
		if t.Format == exam.Markdown {
			raw = append(raw, out.Elements...)
		} else {
			elements = append(elements, out.Elements...)
		}
		colours, hidden = colours || out.Colours, hidden || out.Hidden
	})
	p := place{line: q.Line, question: excerpt(cmp.Or(q.Number, q.Question.Stem.Source))}
	r.tellNames(p, codeLeftOut, elements)
	r.tellNames(p, codeLeftOutMarkdown, raw)
	if colours {
		r.warning(p, codeColours)
	}
	if hidden {
		r.warning(p, codeHidden)
	}
}

func (r *Report) tellNames(p place, code Code, names []string) {
	if len(names) > 0 {
		slices.Sort(names)
		r.warning(p, code, "names", strings.Join(slices.Compact(names), ", "))
	}
}
