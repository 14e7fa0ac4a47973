package desk

import (
	"context"

	"shiken/exam"
)

// ruledBySource tells of each section that says how choices of several are scored, and draws questions whose
// source has a rule of its own: for these it has no effect (exam.Key.Rule).
func ruledBySource(ctx context.Context, r Reader, d *exam.Definition, batches []*Batch, pools [][]exam.PoolQuestion) ([]Fault, error) {
	var notices []Fault
	for i := range d.Sections {
		s := &d.Sections[i]
		if s.Multiple != exam.AllOrNothing && s.Multiple != exam.Partial {
			continue
		}
		rules, all, err := rulesOf(ctx, r, batchOf(batches, s.From.Set), pools[i])
		if err != nil {
			return nil, err
		}
		ruled := 0
		for _, rule := range rules {
			if rule != exam.ByExam {
				ruled++
			}
		}
		if ruled > 0 {
			notices = append(notices, Fault{i + 1, RuledBySource, []any{"n", ruled, "all", all}})
		}
	}
	return notices, nil
}

// rulesOf are the scoring rules of the choices of several in a pool, by version, and how many such there are.
func rulesOf(ctx context.Context, r Reader, b *Batch, pool []exam.PoolQuestion) (map[string]exam.ScoringRule, int, error) {
	rules, all := map[string]exam.ScoringRule{}, 0
	var stored []string
	loaded := b.rules()
	for i := range pool {
		if pool[i].Question.Type != exam.MultipleChoice {
			continue
		}
		all++
		if rule, new := loaded[pool[i].Version]; new {
			rules[pool[i].Version] = rule
		} else {
			stored = append(stored, pool[i].Version)
		}
	}
	keys, err := r.Keys(ctx, stored)
	if err != nil {
		return nil, 0, err
	}
	for version, k := range keys {
		rules[version] = k.Key.Rule
	}
	return rules, all, nil
}

// rules are those of a batch's questions, by the versions that fitting gives them.
func (b *Batch) rules() map[string]exam.ScoringRule {
	out := map[string]exam.ScoringRule{}
	if b == nil {
		return out
	}
	for i := range b.Questions {
		out[b.Set+"/"+b.Questions[i].SourceKey] = b.Questions[i].Key.Rule
	}
	return out
}
