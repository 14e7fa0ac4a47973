package store

import (
	"context"

	"shiken/exam"
)

// MarkState is how far the marking of an answer by a person is.
type MarkState string

// The states of an answer of a closed attempt: it waits for a marker, has a mark by hand or one that a
// regrade has kept, or is none, so that there is nothing to mark.
const (
	MarkWaiting MarkState = "waiting"
	MarkGiven   MarkState = "given"
	MarkBlank   MarkState = "blank"
)

// MarkingTask counts the answers of a question that a person marks, those of closed attempts.
type MarkingTask struct {
	Version               string
	Waiting, Given, Blank int
}

// MarkedAnswer is an answer that a person marks, or has marked. Before markers its label alone stands
// for it.
type MarkedAnswer struct {
	Label    string // 16 hexadecimal digits: random, and the same for good
	Attempt  string
	Position int
	Version  string
	State    MarkState
	Points   *int // 1/10,000 point; nil unless given
	Closed   bool // the attempt is closed, so that it may be marked
}

// MarkingQuery selects answers of closed attempts to a question; zero fields beside Exam and Version do
// not filter.
type MarkingQuery struct {
	Exam, Version string
	State         MarkState
	From          string // labels from this one on
	Without       string // id of a candidate, whose answers are left out
	Offset        int
	Limit         int // 1..
}

// Markings is what markers read.
type Markings interface {
	// MarkingTasks counts, by question version, the answers of an exam that a person marks, but for those of
	// the candidate with the id without: nobody marks themselves.
	MarkingTasks(ctx context.Context, exam, without string) ([]MarkingTask, error)
	// AwaitingMarker counts, by exam, the attempts that wait for a marker, of every exam on whose papers
	// there is something that a person marks; those of the candidate with the id without do not count.
	AwaitingMarker(ctx context.Context, without string) (map[string]int, error)
	// MarkedAnswers lists answers by label and counts all that match.
	MarkedAnswers(ctx context.Context, q MarkingQuery) ([]MarkedAnswer, int, error)
	// MarkedAnswer finds an answer of an exam by its label, of whatever attempt; ErrNotFound when there is none.
	MarkedAnswer(ctx context.Context, exam, label string) (MarkedAnswer, error)
}

// HandItems are the versions of a paper's questions whose answers a person marks, by position.
func HandItems(p *exam.Paper) map[int]string {
	out := map[int]string{}
	for i := range p.Items {
		if p.Items[i].Type == exam.Essay {
			out[i+1] = p.Items[i].Version
		}
	}
	return out
}
