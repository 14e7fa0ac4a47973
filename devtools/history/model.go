package history

import (
	"slices"

	"shiken/exam"
)

// maxPages is how many pages a response remembers (docs/decisions/0001): the one whose last write is
// the oldest is forgotten.
const maxPages = 200

// mark is what one page wrote at a position: its highest applied seq, and the rev after it.
type mark struct {
	page     string
	seq, rev int64
}

// response is what is saved at a position, by the text of docs/design.md §2 and §4. It is a value: what
// changes it makes another one.
type response struct {
	rev              int64
	answer           string // normal JSON
	flagged, checked bool
	pages            []mark // the one that wrote last stands last
}

func unsaved() response { return response{answer: nothing} }

// asked is what a command asks of a response.
type asked struct {
	kind     exam.Kind
	draft    bool
	page     string
	seq, rev int64
	answer   string // normal JSON
	flag     *bool
	lone     bool // nothing else of its page is ever asked here: its mark need not be kept
}

// explicit: an applied one raises rev even with an equal answer (§2).
func (a *asked) explicit() bool {
	return a.kind == exam.Save && !a.draft || a.kind == exam.TimeUp || a.kind == exam.AcceptLate
}

// verdict is what becomes of it.
type verdict struct {
	overtaken bool
	reason    exam.Reason // of a rejection; "" = applied or overtaken
	rev       int64       // that the page may adopt
	changed   bool        // the answer
	renewed   bool        // the page's rev
}

func (r *response) mark(page string) (mark, bool) {
	for i := range r.pages {
		if r.pages[i].page == page {
			return r.pages[i], true
		}
	}
	return mark{page: page}, false
}

// judge says what a command does to the response, and what the response is after it. Status, time and
// position of the attempt are not its matter, nor whether the answer is one to the question.
func (r response) judge(a *asked) (verdict, response) {
	m, known := r.mark(a.page)
	if known && (m.seq > a.seq || m.seq == a.seq && a.kind == exam.AcceptLate) {
		return verdict{overtaken: true, rev: m.rev}, r
	}
	equal := a.answer == r.answer
	stale := a.kind != exam.AcceptLate && r.rev > a.rev && r.rev > m.rev
	switch {
	case r.checked && !equal && a.kind != exam.AcceptLate:
		return verdict{reason: exam.ClosedQuestion, rev: r.rev}, r
	case stale && !equal:
		return verdict{reason: exam.Stale, rev: r.rev}, r
	}
	v := verdict{rev: r.rev}
	if !stale && (!r.checked || a.kind == exam.AcceptLate) {
		if v.changed = !equal; v.changed || a.explicit() {
			v.rev++
		}
		v.renewed, m.rev = true, v.rev
	}
	m.seq = max(m.seq, a.seq)
	return v, r.after(a, v, m)
}

// after is the response with what an applied command did to it.
func (r response) after(a *asked, v verdict, m mark) response {
	r.rev = v.rev
	if v.changed {
		r.answer = a.answer
	}
	if a.flag != nil && a.kind != exam.AcceptLate {
		r.flagged = *a.flag
	}
	r.checked = r.checked || a.kind == exam.Check
	if a.lone {
		return r
	}
	pages := make([]mark, 0, len(r.pages)+1)
	for _, other := range r.pages {
		if other.page != m.page {
			pages = append(pages, other)
		}
	}
	r.pages = append(pages, m)
	if len(r.pages) > maxPages {
		r.pages = r.pages[1:]
	}
	return r
}

func (r *response) equal(o *response) bool {
	return r.rev == o.rev && r.answer == o.answer && r.flagged == o.flagged && r.checked == o.checked &&
		slices.Equal(r.pages, o.pages)
}
