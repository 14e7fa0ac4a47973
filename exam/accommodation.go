package exam

// Accommodation is what one candidate has of their own in one exam. What is nil or 0 is the exam's, or
// the person's. It is judged at a start and copied to the paper (R14, R16): later changes of it touch
// no attempt that was begun.
type Accommodation struct {
	ExtraPercent *int   `json:"extra_time_percent,omitempty"` // 0..MaxExtraPercent, in place of the person's own
	Window       Window `json:"window"`                       // each bound in place of the exam's
	Attempts     *int   `json:"attempts,omitempty"`           // 0..MaxAttempts, 0 = unlimited, in place of the exam's
}

// MaxAttempts bounds the number of attempts that somebody is given.
const MaxAttempts = 1_000

// IsZero: nothing differs from what everybody has.
func (a *Accommodation) IsZero() bool {
	return a.ExtraPercent == nil && a.Window == Window{} && a.Attempts == nil
}

// Of is an exam as it is for the candidate. Results are released by the exam's own close.
func (a *Accommodation) Of(d Definition) Definition {
	w := &d.Rules.Window
	if a.Window.Close != 0 && a.Window.Close != w.Close {
		d.Rules.ExamClose = w.Close
	}
	w.Open = instead(a.Window.Open, w.Open)
	w.LastStart = instead(a.Window.LastStart, w.LastStart)
	w.Close = instead(a.Window.Close, w.Close)
	if a.Attempts != nil {
		d.Attempts = *a.Attempts
	}
	return d
}

func instead(own, all Instant) Instant {
	if own != 0 {
		return own
	}
	return all
}

// Extra is the extra time of a person whose own is given, in percent.
func (a *Accommodation) Extra(own int) int {
	if a.ExtraPercent != nil {
		return *a.ExtraPercent
	}
	return own
}

// Ordered: none of the bounds excludes what another one admits.
func (w *Window) Ordered() bool {
	return (w.LastStart == 0 || w.Open <= w.LastStart) &&
		(w.Close == 0 || w.Open < w.Close && w.LastStart <= w.Close)
}
