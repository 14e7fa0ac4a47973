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

// incomplete are findings that take from a question what it showed; lostElements are those of a text that may be a
// figure.
var (
	incomplete = map[Code]bool{
		codeMediaSVG: true, codeMediaRemote: true, codeMediaMissing: true, codeMediaType: true, codeMediaTooLarge: true, codeMediaTotal: true,
	}
	lostElements = []string{"svg", "canvas", "object", "embed", "iframe", "applet"}
)

// Attention counts the questions that were taken without a picture, a sound or a figure that they had, and have not
// been mended since: they may not be answered without it. What only feedback showed does not count.
func (r *Report) Attention() int {
	lost, settled := map[int]bool{}, map[int]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		switch {
		case f.Nth == 0:
		case f.Severity == Error || f.IsMended():
			settled[f.Nth] = true
		case f.takesAway():
			lost[f.Nth] = true
		}
	}
	count := 0
	for nth := range lost {
		count += ternaryInt(!settled[nth])
	}
	return count
}

// takesAway reports whether a finding says that something is not shown that belongs to what is asked.
func (f *Finding) takesAway() bool {
	if f.Code == codeLeftOut {
		return slices.ContainsFunc(strings.Split(f.Args["names"], ", "), func(name string) bool { return slices.Contains(lostElements, name) })
	}
	return incomplete[f.Code] && !strings.Contains(strings.ToLower(f.Element), "feedback")
}
