package templates

import "time"

// Phase is what a result page is about.
type Phase string

// The phases of a result.
const (
	PhaseInProgress Phase = "in_progress" // the attempt is still open
	PhasePaused     Phase = "paused"      // open, and paused by an administrator
	PhaseTimeUp     Phase = "time_up"     // time is up, the server has not closed yet
	PhaseMarking    Phase = "marking"     // closed, automatic marking under way
	PhaseAwaiting   Phase = "awaiting"    // closed, a marker has to read answers
	PhaseDone       Phase = "done"        // marked; shown as far as released
	PhaseVoided     Phase = "voided"
)

// ResultView is the result page of an attempt.
type ResultView struct {
	Sitting
	Phase Phase
	// Exam is the slug of an exam whose page tells which of several attempts counts; empty otherwise.
	Exam string
	// Candidate is the name on the printed page.
	Candidate string
	// StartedAt and ClosedAt bound the sitting; ClosedAt is zero while open.
	StartedAt, ClosedAt time.Time
	// Expired says that the server closed at the deadline.
	Expired bool
	// Answered counts the answered positions out of Sitting.Total.
	Answered int
	// Score is nil until it is released.
	Score *ScoreView
	// ScoreAt is when the score is released, zero when no time is known.
	ScoreAt time.Time
	// Corrected lists the keys that were corrected after the candidate could see what they had given, the oldest first.
	Corrected []CorrectedKey
	// Questions is empty until own answers or keys are released.
	Questions []QuestionResult
	// Late counts answers that came after the end and are kept, not counted; Accepted those that were
	// rejected at first and count now.
	Late, Accepted int
	// Next is where a paused attempt goes on.
	Next string
	// Practice leads on to the notebook.
	Practice bool
}

// ScoreView is a released score; points are in 1/10,000 point.
type ScoreView struct {
	Points, MaxPoints int
	// PassMark is in percent, 0 for none.
	PassMark int
	Pass     Pass
	Sections []SectionResult
}

// SectionResult is the score of a section; points are in 1/10,000 point.
type SectionResult struct {
	Title             string
	Points, MaxPoints int
	// Minimum is in percent, 0 for none; Met says whether it was reached.
	Minimum int
	Met     bool
}

// CorrectedKey is a key that was corrected after the release of what it had given.
type CorrectedKey struct {
	At time.Time
	// Position is 0 where the keys are not released.
	Position int
	// Change is of the question's points, or without a Position of the whole score; nil where no points are told.
	Change *PointsChange
	// Kept says that the points stay what they were, since the corrected key would have lowered the result.
	Kept bool
}

// PointsChange is in 1/10,000 point. A maximum of 0 says that the question does not count.
type PointsChange struct {
	Before, BeforeMax, After, AfterMax int
}

// QuestionResult is one question of a released result.
type QuestionResult struct {
	Position int
	// Body is the question with the candidate's answer as far as ShowOwn says.
	Body Body
	// ShowOwn says that the candidate's own answers are released; Own is empty
	// for unanswered.
	ShowOwn bool
	Own     []AnswerLine
	// ShowScore tells a released 0 from an unreleased score.
	ShowScore         bool
	Points, MaxPoints int
	Verdict           Verdict
	// Dropped says that the question counts no more.
	Dropped bool
	// Awaiting says that the answer waits for its marker; Comment is what the marker says of it.
	Awaiting bool
	Comment  string
	// ShowKey says that key, explanation and reference are released.
	ShowKey bool
	Key     []AnswerLine
	// Notes are as in Feedback; empty unless own answers are released too.
	Notes       []AnswerLine
	Explanation SafeHTML
	Reference   string
}
