package exam

import "math"

// Forever is an instant after every other.
const Forever Instant = math.MaxInt64

// ReleaseState is what the release of an exam's results depends on beside its rules.
type ReleaseState struct {
	OpenAttempts bool    // somebody is still writing an attempt of the exam
	OwnUntil     Instant // the latest bound of a window of somebody's own (Accommodation) who may still begin; 0 = none
	Score        Instant // released by hand; 0 = not
	Answers      Instant
	Keys         Instant
}

// Released says what a candidate may see of a closed attempt.
type Released struct {
	Score   bool
	Answers bool
	Keys    bool // keys and explanations
}

// ReleasedAt judges what of an attempt is released at a moment (R12). The rules are those of the
// paper. Nothing of an open or voided attempt is; keys are not while any attempt of the exam is
// open or somebody may still begin in a window of their own; the score is not before marking is done.
func ReleasedAt(p *Paper, a *Attempt, s ReleaseState, now Instant) Released {
	if !a.Status.Closed() {
		return Released{}
	}
	r, closes := &p.Rules.Release, p.Rules.ReleaseClose()
	return Released{
		Score:   a.Marking == MarkingDone && (bug("score_released_unasked") || r.Score.due(s.Score, closes, now)),
		Answers: r.Answers.due(s.Answers, closes, now),
		Keys: (!s.OpenAttempts && now >= s.OwnUntil || bug("keys_released_while_open")) &&
			r.Keys.due(s.Keys, closes, now),
	}
}

// TellsVerdicts reports whether a candidate may know which of the own answers of a closed attempt were right, whoever
// still sits the exam: of a practice that shows score and keys at once. Each of its positions could have been checked,
// which tells the key besides; and the attempt takes no answer any more.
func TellsVerdicts(p *Paper, a *Attempt) bool {
	r := &p.Rules
	return a.Status.Closed() && r.Feedback == PracticeFeedback &&
		r.Release.Score.When == Immediately && r.Release.Keys.When == Immediately
}

// ReleaseClose is the close by which results are released (AfterClose): the exam's, whatever close the
// candidate has of their own.
func (r *Rules) ReleaseClose() Instant {
	if r.ExamClose != 0 {
		return r.ExamClose
	}
	return r.Window.Close
}

// due: a release by hand counts for everything but "never".
func (r Release) due(byHand, windowClose, now Instant) bool {
	if r.When == Never {
		return false
	}
	if byHand > 0 && byHand <= now {
		return true
	}
	switch r.When {
	case Immediately:
		return true
	case AfterClose:
		return windowClose > 0 && now >= windowClose
	case At:
		return now >= r.At
	}
	return false
}
