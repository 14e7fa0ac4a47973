package desk

import (
	"context"
	"errors"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// Reader is what judging reads of a store.
type Reader interface {
	LoadPools(ctx context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error)
	Keys(ctx context.Context, versions []string) (map[string]store.KeyedFeedback, error)
	LeftOut(ctx context.Context, from exam.Source) (store.LeftOut, error)
}

// FaultCode names what keeps an exam from being drawn.
type FaultCode string

// The faults, with the arguments that their texts take.
const (
	NoQuestions FaultCode = "no_questions" // of a section: set
	TooFew      FaultCode = "too_few"      // of a section: draw, sure, all
	WrongSize   FaultCode = "size"         // of the whole exam: max
	// Questions of a group are drawn together (exam.Units).
	WholeGroups  FaultCode = "whole_groups"  // of a section: draw, near; whole groups make another number
	SharedGroups FaultCode = "shared_groups" // of a section: draw; what the sections before leave may not make it
	// Attachments, see Attach.
	AttachmentGone   FaultCode = "attachment_gone"   // of the whole exam: name
	AttachmentsLarge FaultCode = "attachments_large" // of the whole exam: mb
	// Notices.
	TornGroup  FaultCode = "torn_group"   // of a section: taken, all, questions of the group
	OpenToNone FaultCode = "open_to_none" // of the whole exam
	ByHand     FaultCode = "by_hand"      // of the whole exam: n, questions of its pools that a person has to mark
	LeftOut    FaultCode = "left_out"     // of a section: unapproved, retired questions that fit it
	// RuledBySource: of all choices of several that fit a section, `multiple` has no effect on n.
	RuledBySource FaultCode = "ruled_by_source" // of a section: n, all
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
	Notices  []Fault // what an author should know and may want
}

// Judge judges an exam against what is stored once the batches are, too. Nothing is stored.
func Judge(ctx context.Context, r Reader, d *exam.Definition, batches ...*Batch) (Verdict, error) {
	pools, err := loadPools(ctx, r, d, batches)
	if err != nil {
		return Verdict{}, err
	}
	notices, err := tornGroups(ctx, r, d, batches, pools)
	if err != nil {
		return Verdict{}, err
	}
	left, err := leftOut(ctx, r, d)
	if err != nil {
		return Verdict{}, err
	}
	ruled, err := ruledBySource(ctx, r, d, batches, pools)
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{Matching: make([]int, len(pools)), Faults: drawFaults(d, pools), Notices: slices.Concat(notices, left, ruled, wholeNotices(d, pools))}
	for i := range pools {
		v.Matching[i] = len(pools[i])
	}
	return v, nil
}

// wholeNotices are what an author should know of a whole exam.
func wholeNotices(d *exam.Definition, pools [][]exam.PoolQuestion) []Fault {
	var out []Fault
	if len(d.OpenTo) == 0 {
		out = append(out, Fault{0, OpenToNone, nil})
	}
	byHand := map[string]bool{}
	for _, pool := range pools {
		for i := range pool {
			if pool[i].Question.Type == exam.Essay {
				byHand[pool[i].Identity] = true
			}
		}
	}
	if n := len(byHand); n > 0 {
		out = append(out, Fault{0, ByHand, []any{"n", n}})
	}
	return out
}

// leftOut tells of questions that fit a section and are not drawn, since they are not approved or were retired.
func leftOut(ctx context.Context, r Reader, d *exam.Definition) ([]Fault, error) {
	var notices []Fault
	for i := range d.Sections {
		n, err := r.LeftOut(ctx, d.Sections[i].From)
		if err != nil {
			return nil, err
		}
		if n != (store.LeftOut{}) {
			notices = append(notices, Fault{i + 1, LeftOut, []any{"unapproved", n.Unapproved, "retired", n.Retired}})
		}
	}
	return notices, nil
}

// drawFaults judges an exam against its pools.
func drawFaults(d *exam.Definition, pools [][]exam.PoolQuestion) []Fault {
	order, drawing := d.DrawOrder(), *d
	drawing.Sections = make([]exam.SectionDefinition, len(order))
	from := make([][]exam.PoolQuestion, len(order))
	for i, section := range order {
		drawing.Sections[i], from[i] = d.Sections[section], pools[section]
	}
	faults := faultsInOrder(&drawing, from)
	for i := range faults {
		if n := faults[i].Section; n > 0 {
			faults[i].Section = order[n-1] + 1
		}
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return a.Section - b.Section })
	return faults
}

// faultsInOrder judges sections in the order in which they draw. One draws from what those before it left
// (R14), so it must find enough even when these happened to take as many of its questions as they could.
func faultsInOrder(d *exam.Definition, pools [][]exam.PoolQuestion) []Fault {
	var faults []Fault
	for i := range d.Sections {
		s := &d.Sections[i]
		sure := len(pools[i]) - takenBefore(d, pools[:i], pools[i])
		switch {
		case len(pools[i]) == 0:
			faults = append(faults, Fault{i + 1, NoQuestions, []any{"set", s.From.Set}})
		case sure < max(s.Draw, 1):
			faults = append(faults, Fault{i + 1, TooFew,
				[]any{"draw", max(s.Draw, 1), "sure", sure, "all", len(pools[i])}})
		default:
			faults = append(faults, groupFaults(d, pools, i)...)
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

// takenBefore returns how many of some questions the sections before, of the given pools, may take.
func takenBefore(d *exam.Definition, before [][]exam.PoolQuestion, questions []exam.PoolQuestion) int {
	mine := map[string]bool{}
	for _, q := range questions {
		mine[q.Identity] = true
	}
	common := map[string]bool{}
	taken := 0
	for i := range before {
		shared := 0
		for _, q := range before[i] {
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
