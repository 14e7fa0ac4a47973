package desk

import (
	"context"
	"errors"

	"shiken/exam"
	"shiken/store"
)

// Reader is what judging reads of a store.
type Reader interface {
	LoadPools(ctx context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error)
	Keys(ctx context.Context, versions []string) (map[string]store.KeyedFeedback, error)
}

// FaultCode names what keeps an exam from being drawn.
type FaultCode string

// The faults, with the arguments that their texts take.
const (
	NoQuestions FaultCode = "no_questions" // of a section: set
	TooFew      FaultCode = "too_few"      // of a section: draw, sure, all
	WrongSize   FaultCode = "size"         // of the whole exam: max
)

// Fault is one thing that keeps an exam from being drawn. Section counts from 1; 0 = the whole exam.
type Fault struct {
	Section int       `json:"section,omitempty"`
	Code    FaultCode `json:"code"`
	Args    []any     `json:"-"` // names and values by turns
}

// Verdict is what judging an exam gives.
type Verdict struct {
	Matching []int   // by section: how many questions fit it
	Faults   []Fault // why it could not be drawn for every seed; none when it could
}

// Judge judges an exam against what is stored once the batches are, too. Nothing is stored.
func Judge(ctx context.Context, r Reader, d *exam.Definition, batches ...*Batch) (Verdict, error) {
	pools, err := loadPools(ctx, r, d, batches)
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{Matching: make([]int, len(pools)), Faults: drawFaults(d, pools)}
	for i := range pools {
		v.Matching[i] = len(pools[i])
	}
	return v, nil
}

// drawFaults judges an exam against its pools. A section draws from what earlier ones left (R14), so
// it must find enough even when those happened to take as many of its questions as they could.
func drawFaults(d *exam.Definition, pools [][]exam.PoolQuestion) []Fault {
	var faults []Fault
	for i := range d.Sections {
		s := &d.Sections[i]
		sure := len(pools[i]) - takenBefore(d, pools, i)
		switch {
		case len(pools[i]) == 0:
			faults = append(faults, Fault{i + 1, NoQuestions, []any{"set", s.From.Set}})
		case sure < max(s.Draw, 1):
			faults = append(faults, Fault{i + 1, TooFew,
				[]any{"draw", max(s.Draw, 1), "sure", sure, "all", len(pools[i])}})
		}
	}
	if len(faults) > 0 {
		return faults
	}
	if _, err := exam.Draw(exam.DrawRequest{Definition: d, Pools: pools}); errors.Is(err, exam.ErrDefinition) {
		faults = append(faults, Fault{0, WrongSize, []any{"max", exam.MaxQuestions}})
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
