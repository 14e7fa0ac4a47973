package templates

import "time"

// IsConflict tells whether the candidate has to choose between two answers.
func (v RejectionView) IsConflict() bool {
	return v.Reason == "stale" || v.Reason == "id_reused" || v.Reason == ReasonTakenOver
}

// showsQuestion: the page shows the question, or what was answered to it, which is not printed.
func (v RejectionView) showsQuestion() bool {
	return v.Body != nil || v.HasSent
}

// isCompared: what the two answers differ in is marked.
func (v RejectionView) isCompared() bool {
	return len(v.Saved) == 1 && len(v.Saved[0].Spans) > 0
}

// nextPath is where the candidate goes on: a conflict's own question, else
// what the handler names, else wherever the attempt stands.
func (v RejectionView) nextPath() string {
	switch {
	case v.NextPath != "":
		return v.NextPath
	case v.IsConflict() && v.Position > 0:
		return QuestionPath(v.Attempt, v.Position)
	}
	return AttemptPath(v.Attempt)
}

// mayGoOn tells whether the time left still matters to the candidate.
func (v RejectionView) mayGoOn() bool {
	switch v.Reason {
	case "time_up", "finished", "paused", "voided":
		return false
	}
	return true
}

// late is how long after the end what was sent arrived, in whole seconds; 0 where that is not the reason.
func (v RejectionView) late() time.Duration {
	if v.Reason != "time_up" || v.Deadline.IsZero() || v.SentAt.IsZero() {
		return 0
	}
	return max(v.SentAt.Sub(v.Deadline).Truncate(time.Second), 0)
}

// words say from where the answer came.
func (w SavedWhere) words(page Page) string {
	if w.Place != SavedHere && w.Browser+w.System != "" {
		return page.T("conflict.from."+string(w.Place)+".device", "device", page.device(w.Browser, w.System))
	}
	return page.T("conflict.from." + string(w.Place))
}
