package sqlstore

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
	"shiken/store"
)

// maxLikely bounds the questions on either side among which changed ones are looked for: a file that differs
// in more is another file.
const maxLikely = 1_000

// leastLikeness is how much of their texts, of 1, two questions share that may be one: what a corrected word
// leaves, and a sentence written anew does not.
const leastLikeness = 0.5

// likeness is what is compared of a question that may be another one, changed.
type likeness struct {
	kind     exam.QuestionType
	category string
	year     int
	number   string // in the source; a number alone is no identity, as each file may count from 1
	answers  string // options, prompts and key in canonical form
	pieces   map[string]int
}

// recognise finds, among stored questions that matched nothing, those that loaded ones without a match are once
// their text was corrected, where their keys were made of it (store.Unnamed). A stored question is taken for a
// loaded one when their texts are alike, and
//   - no other has the same options and the same key, on either side, or
//   - no other has the same number, or
//   - it alone stands between the same neighbours.
//
// Where two fit neither is taken. It returns the stored ones that are left.
func recognise(ctx context.Context, c Conn, load *store.QuestionLoad, plan []placed, stored, absent []*storedQuestion) ([]*storedQuestion, error) {
	r := &recogniser{plan: plan, ofLoaded: map[int]*likeness{}, ofStored: map[*storedQuestion]*likeness{}}
	if !r.gather(absent) {
		return absent, nil
	}
	if err := r.read(ctx, c, load); err != nil {
		return nil, err
	}
	answers := func(l *likeness) string { return l.answers }
	number := func(l *likeness) string { return l.number }
	for at, q := range r.single(r.same(answers), r.same(number), r.between(stored)) {
		plan[at].stored = q
		plan[at].compare()
	}
	taken := map[*storedQuestion]bool{}
	for i := range plan {
		taken[plan[i].stored] = true
	}
	return slices.DeleteFunc(absent, func(q *storedQuestion) bool { return taken[q] }), nil
}

// gather finds what matched nothing; it reports false where there is nothing to look for, or too much.
func (r *recogniser) gather(absent []*storedQuestion) bool {
	for _, q := range absent {
		if !q.retired && q.sourceKey != "" && !strings.HasPrefix(q.sourceKey, ownKey) {
			r.ofStored[q] = nil
		}
	}
	if len(r.ofStored) == 0 || len(r.ofStored) > maxLikely {
		return false
	}
	for i := range r.plan {
		if r.plan[i].stored != nil {
			continue
		}
		if r.ofLoaded[i] = nil; len(r.ofLoaded) > maxLikely {
			return false
		}
	}
	return len(r.ofLoaded) > 0
}

// recogniser holds what matched nothing.
type recogniser struct {
	plan     []placed
	ofLoaded map[int]*likeness // by place in the plan
	ofStored map[*storedQuestion]*likeness
}

// pair is a loaded question, by its place, and a stored one that it may be.
type pair struct {
	at     int
	stored *storedQuestion
}

// read reads the questions on both sides.
func (r *recogniser) read(ctx context.Context, c Conn, load *store.QuestionLoad) error {
	for q := range r.ofStored {
		b, err := readBanked(ctx, c, q.id)
		if err != nil {
			return err
		}
		r.ofStored[q] = likenessOf(&b.question)
	}
	at := 0
	return load.Each(ctx, func(q *store.LoadedQuestion) error {
		if _, free := r.ofLoaded[at]; free {
			r.ofLoaded[at] = likenessOf(q)
		}
		at++
		return nil
	})
}

func likenessOf(q *store.LoadedQuestion) *likeness {
	key := q.Key
	key.Revision, key.Treatment = 0, exam.ByKey
	l := &likeness{kind: q.Question.Type, category: q.Category, year: q.Year, number: q.Number, pieces: map[string]int{}}
	l.answers = string(exam.Canonical(struct {
		Options []exam.Option
		Prompts []exam.Prompt
		Key     exam.Key
	}{q.Question.Options, q.Question.Prompts, key}))
	text := []rune("\x02" + strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(q.Question.Stem.Source)), " ")) + "\x03")
	for i := range text[1:] {
		l.pieces[string(text[i:i+2])]++
	}
	return l
}

// may tells whether a stored question may be a loaded one: whose text is alike, and whose key is no name.
func (r *recogniser) may(p pair) bool {
	a, b := r.ofLoaded[p.at], r.ofStored[p.stored]
	if a == nil || b == nil || a.kind != b.kind || a.category != b.category || a.year != b.year {
		return false
	}
	return (store.Unnamed(r.plan[p.at].loaded.SourceKey) || store.Unnamed(p.stored.sourceKey)) && alike(a.pieces, b.pieces)
}

// alike compares texts by the pairs of letters that both have (Dice's coefficient), beginning and end included.
func alike(a, b map[string]int) bool {
	common, all := 0, 0
	for piece, n := range a {
		common += min(n, b[piece])
		all += n
	}
	for _, n := range b {
		all += n
	}
	return all > 0 && float64(2*common) >= leastLikeness*float64(all)
}

// same pairs questions that have something in common which no other has, on either side.
func (r *recogniser) same(of func(*likeness) string) []pair {
	loaded, stored := map[string][]int{}, map[string][]*storedQuestion{}
	for at, l := range r.ofLoaded {
		if l != nil {
			loaded[of(l)] = append(loaded[of(l)], at)
		}
	}
	for q, l := range r.ofStored {
		stored[of(l)] = append(stored[of(l)], q)
	}
	var out []pair
	for common, list := range loaded {
		if common != "" && len(list) == 1 && len(stored[common]) == 1 {
			out = append(out, pair{list[0], stored[common][0]})
		}
	}
	return out
}

// between pairs questions that stand alone between the same neighbours; the ends of file and set are such, but
// not both.
func (r *recogniser) between(stored []*storedQuestion) []pair {
	live := slices.DeleteFunc(slices.Clone(stored), func(q *storedQuestion) bool { return q.retired })
	place := make(map[*storedQuestion]int, len(live))
	for i, q := range live {
		place[q] = i
	}
	neighbour := func(at, beyond int) (int, bool) {
		if at < 0 || at == len(r.plan) {
			return beyond, true
		}
		i, known := place[r.plan[at].stored]
		return i, known
	}
	var out []pair
	for at := range r.ofLoaded {
		before, okBefore := neighbour(at-1, -1)
		after, okAfter := neighbour(at+1, len(live))
		if okBefore && okAfter && after == before+2 && len(live) > 1 {
			out = append(out, pair{at, live[before+1]})
		}
	}
	return out
}

// single keeps what may be, where neither side of it may be anything else.
func (r *recogniser) single(lists ...[]pair) map[int]*storedQuestion {
	found, owner, twice := map[int]*storedQuestion{}, map[*storedQuestion]int{}, map[pair]bool{}
	clash := map[int]bool{}
	for _, p := range slices.Concat(lists...) {
		if twice[p] || !r.may(p) {
			continue
		}
		twice[p] = true
		if other, again := owner[p.stored]; again {
			clash[other], clash[p.at] = true, true
		}
		if found[p.at] != nil {
			clash[p.at] = true
		}
		found[p.at], owner[p.stored] = p.stored, p.at
	}
	for at := range clash {
		delete(found, at)
	}
	return found
}
