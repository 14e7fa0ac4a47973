package cli

import (
	"context"
	"errors"

	"shiken/exam"
	"shiken/store"
)

// examLoad is what becomes of one exam of a file.
type examLoad struct {
	definition *exam.Definition
	faults     []examFault
	loaded     bool
}

// refused: a draft may still lack questions, a published exam may not.
func (e *examLoad) refused() bool { return e.definition.Published && len(e.faults) > 0 }

// examFault is one thing that keeps an exam from being drawn: a code of the catalogue
// ("load.exam." + code) with arguments. Section counts from 1; 0 = the whole exam.
type examFault struct {
	Section int    `json:"section,omitempty"`
	Code    string `json:"code"`
	args    []any
}

func (ld *loading) judgeExam(ctx context.Context, s store.Store, d *exam.Definition) (examLoad, error) {
	pools, err := ld.pools(ctx, s, d)
	if err != nil {
		return examLoad{}, err
	}
	return examLoad{definition: d, faults: drawFaults(d, pools)}, nil
}

// drawFaults says why an exam could not be drawn for every seed. A section draws from what earlier
// ones left (R14), so it must find enough even when those happened to take as many of its questions
// as they could.
func drawFaults(d *exam.Definition, pools [][]exam.PoolQuestion) []examFault {
	var faults []examFault
	for i := range d.Sections {
		s := &d.Sections[i]
		sure := len(pools[i]) - takenBefore(d, pools, i)
		switch {
		case len(pools[i]) == 0:
			faults = append(faults, examFault{i + 1, "no_questions", []any{"set", s.From.Set}})
		case sure < max(s.Draw, 1):
			faults = append(faults, examFault{i + 1, "too_few",
				[]any{"draw", max(s.Draw, 1), "sure", sure, "all", len(pools[i])}})
		}
	}
	if len(faults) > 0 {
		return faults
	}
	if _, err := exam.Draw(exam.DrawRequest{Definition: d, Pools: pools}); errors.Is(err, exam.ErrDefinition) {
		faults = append(faults, examFault{0, "size", []any{"max", exam.MaxQuestions}})
	}
	return faults
}

// takenBefore returns how many questions of a section's pool the sections before it may take.
func takenBefore(d *exam.Definition, pools [][]exam.PoolQuestion, section int) int {
	mine := map[string]bool{}
	for _, q := range pools[section] {
		mine[q.Identity] = true
	}
	common := map[string]bool{}
	taken := 0
	for i := range section {
		shared := 0
		for _, q := range pools[i] {
			if mine[q.Identity] {
				common[q.Identity] = true
				shared++
			}
		}
		if draw := d.Sections[i].Draw; draw > 0 {
			shared = min(shared, draw)
		}
		taken += shared
	}
	return min(taken, len(common))
}
