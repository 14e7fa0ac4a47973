package proctor_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// offered are twelve questions in two sets, of the categories a, b and c, the years 2020 and 2021 and the tags even and odd
// by turns; every fifth asks nothing.
func (d *desk) offered() {
	d.t.Helper()
	for _, set := range []string{"basics", "more"} {
		questions := deskQuestions(12)
		for i := range questions {
			q := &questions[i]
			q.Category, q.Year, q.Tags = "abc"[i%3:i%3+1], 2020+i%2, []string{[]string{"even", "odd"}[i%2]}
			if i%5 == 4 {
				q.Question, q.Key = exam.Question{Type: exam.Description, Stem: q.Question.Stem}, exam.Key{Revision: 1}
			}
		}
		_, err := d.store.PutQuestions(context.Background(), set, questions)
		must(d.t, err)
	}
}

// What is told in numbers is what counting all that is offered gives, whatever sections overlap in.
func TestOfferCountsWhatIsOffered(t *testing.T) {
	from := func(set string, change ...func(*exam.SectionDefinition)) exam.SectionDefinition {
		s := exam.SectionDefinition{From: exam.Source{Set: set}, Points: exam.FullCredit}
		for _, c := range change {
			c(&s)
		}
		return s
	}
	category := func(c string) func(*exam.SectionDefinition) {
		return func(s *exam.SectionDefinition) { s.From.Category = []string{c} }
	}
	tag := func(tag string) func(*exam.SectionDefinition) {
		return func(s *exam.SectionDefinition) { s.From.Tag = []string{tag} }
	}
	same := func(draw int) func(*exam.SectionDefinition) {
		return func(s *exam.SectionDefinition) { s.Pick, s.Draw = exam.PickSame, draw }
	}
	year := func(s *exam.SectionDefinition) { s.From.Year = []int{2021} }
	ctx := context.Background()
	for name, sections := range map[string][]exam.SectionDefinition{
		"a set":                        {from("basics")},
		"a category":                   {from("basics", category("a"), year)},
		"a set twice":                  {from("basics"), from("basics", category("b"))},
		"overlapping":                  {from("basics", category("a")), from("basics", year), from("more", tag("even"))},
		"a tag beside a category":      {from("more", tag("odd")), from("more", category("c"))},
		"the same for everybody":       {from("basics", same(4))},
		"the same beside others":       {from("basics", category("a"), same(2)), from("basics", category("b")), from("more")},
		"the same, and others of them": {from("basics", same(5)), from("basics", year)},
		"a set that there is not":      {from("none"), from("basics", tag("even"))},
	} {
		t.Run(name, func(t *testing.T) {
			d := practiceDesk(t)
			d.offered()
			u := d.user()
			everything := d.start(u, uuid.NewString(), 0).Attempt // of basics, so that there is a history
			for i, it := range d.stored(everything).Paper.Items {
				if i%2 == 0 && it.Type != exam.Description {
					d.answer(everything, i+1, "a")
				}
			}
			d.give(everything, byCandidate(exam.Submit))
			must(t, d.proctor.Round(ctx))
			d.rules.Sections = sections
			d.define()
			pools, err := d.store.LoadPools(ctx, &d.rules)
			must(t, err)
			picked, err := exam.PickOnce(&d.rules, pools, nil, exam.Seed{1})
			must(t, err)
			for _, choice := range [][]exam.Picked{nil, picked} {
				if choice != nil {
					must(t, d.store.KeepPicked(ctx, d.rules.Slug, nil, choice))
				}
				d.wantOffer(u, fmt.Sprintf("%d are chosen", len(choice)))
			}
		})
	}
}

func (d *desk) wantOffer(u store.User, when string) {
	d.t.Helper()
	ctx, h := context.Background(), d.history(u)
	all, err := d.proctor.Offered(ctx, &d.rules)
	must(d.t, err)
	offers, err := d.proctor.Offers(ctx, &h)
	must(d.t, err)
	got, err := offers.Of(ctx, &d.rules)
	must(d.t, err)
	asking := 0
	var met []exam.PoolQuestion
	for _, q := range all {
		if q.Question.Type != exam.Description {
			asking++
		}
		if done := h.Of(q.Identity); done.Tried || done.Flagged {
			met = append(met, q)
		}
	}
	if got.Questions != len(all) || got.Asking != asking || !reflect.DeepEqual(got.Met, met) {
		d.t.Errorf("%s: %d offered, %d asking, %d met of %d, %d, %d", when, got.Questions, got.Asking, len(got.Met), len(all), asking, len(met))
	}
	if len(h.Met()) == 0 {
		d.t.Error("there is no history")
	}
}
