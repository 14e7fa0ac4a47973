package proctor

import (
	"context"

	"shiken/exam"
	"shiken/store"
)

// Offer is what a candidate may choose from in a practice, in numbers: a set may have 100,000 questions.
type Offer struct {
	Questions int // each counted once
	Asking    int // of these, those that ask something
	// Met are those of them with which the candidate has done anything, each once, as Offered lists them.
	Met []exam.PoolQuestion
}

// Offers tells what practices offer to one candidate. It reads each set once, and is as of then.
type Offers struct {
	store  Store
	met    []store.PoolEntry
	counts map[setCount][]store.PoolCount
}

// setCount is a set as its questions are counted.
type setCount struct {
	set  string
	tags bool
}

// Offers begins to tell what practices offer to a candidate with a history.
func (p *Proctor) Offers(ctx context.Context, h *exam.History) (*Offers, error) {
	met, err := p.Store.PoolEntries(ctx, h.Met())
	return &Offers{store: p.Store, met: met, counts: map[setCount][]store.PoolCount{}}, err
}

// Of tells what an exam offers.
func (o *Offers) Of(ctx context.Context, d *exam.Definition) (Offer, error) {
	f := offering{d: d, chosen: make([]map[string]bool, len(d.Sections))}
	if d.PicksOnce() {
		picked, err := o.store.Picked(ctx, d.Slug)
		if err != nil {
			return Offer{}, err
		}
		f.chosen = d.Chosen(picked)
	}
	if err := o.countOpen(ctx, &f); err != nil {
		return Offer{}, err
	}
	if err := o.countChosen(ctx, &f); err != nil {
		return Offer{}, err
	}
	f.addMet(o.met)
	return f.Offer, nil
}

// offering is an Offer in the making.
type offering struct {
	Offer
	d      *exam.Definition
	chosen []map[string]bool // by section; nil: it is open to all that fits it
}

// open reports whether a section that keeps to no choice takes questions like these.
func (f *offering) open(set, category string, year int, tags []string) bool {
	for i := range f.d.Sections {
		from := &f.d.Sections[i].From
		if f.chosen[i] == nil && from.Set == set && from.Takes(category, year, tags) {
			return true
		}
	}
	return false
}

// takes reports whether a section offers a question.
func (f *offering) takes(section int, e *store.PoolEntry) bool {
	from := &f.d.Sections[section].From
	return from.Set == e.Set && from.Takes(e.Category, e.Year, e.Tags) && (f.chosen[section] == nil || f.chosen[section][e.Identity])
}

// offers reports whether any section does.
func (f *offering) offers(e *store.PoolEntry) bool {
	for i := range f.d.Sections {
		if f.takes(i, e) {
			return true
		}
	}
	return false
}

func (f *offering) count(n int, t exam.QuestionType) {
	f.Questions += n
	if t != exam.Description {
		f.Asking += n
	}
}

// countOpen counts what the sections offer that keep to no choice.
func (o *Offers) countOpen(ctx context.Context, f *offering) error {
	tags := map[string]bool{} // by set: whether a section chooses by tags
	for i := range f.d.Sections {
		if from := &f.d.Sections[i].From; f.chosen[i] == nil {
			tags[from.Set] = tags[from.Set] || len(from.Tag) > 0
		}
	}
	for set, tagged := range tags {
		counts, err := o.countsOf(ctx, setCount{set, tagged})
		if err != nil {
			return err
		}
		for i := range counts {
			if n := &counts[i]; f.open(set, n.Category, n.Year, n.Tags) {
				f.count(n.N, n.Type)
			}
		}
	}
	return nil
}

func (o *Offers) countsOf(ctx context.Context, of setCount) ([]store.PoolCount, error) {
	if known, ok := o.counts[of]; ok {
		return known, nil
	}
	counts, err := o.store.PoolCounts(ctx, of.set, of.tags)
	if err == nil {
		o.counts[of] = counts
	}
	return counts, err
}

// countChosen counts what is offered by sections that keep to a choice, and by no other.
func (o *Offers) countChosen(ctx context.Context, f *offering) error {
	var identities []string
	for _, chosen := range f.chosen {
		for identity := range chosen {
			identities = append(identities, identity)
		}
	}
	if len(identities) == 0 {
		return nil
	}
	entries, err := o.store.PoolEntries(ctx, identities)
	for i := range entries {
		e := &entries[i]
		if f.open(e.Set, e.Category, e.Year, e.Tags) {
			continue
		}
		if f.offers(e) {
			f.count(1, e.Question.Type)
		}
	}
	return err
}

// addMet lists what is offered, section by section.
func (f *offering) addMet(entries []store.PoolEntry) {
	listed := map[string]bool{}
	for i := range f.d.Sections {
		for j := range entries {
			if e := &entries[j]; !listed[e.Identity] && f.takes(i, e) {
				f.Met, listed[e.Identity] = append(f.Met, e.PoolQuestion), true
			}
		}
	}
}
