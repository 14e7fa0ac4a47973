package exam

// Began is what is known of an earlier attempt of the same candidate and exam.
type Began struct {
	ID      string
	Number  int // 1..
	Command string
	Status  Status
	Cursor  int
}

// StartRequest is what starting an attempt is judged on.
type StartRequest struct {
	Command string  // id
	Seen    int     // attempts that the start form had seen
	Earlier []Began // by number
	Arrived Instant
}

// StartVerdict says what a start leads to: an earlier attempt, a new one, or a refusal.
type StartVerdict struct {
	Lead   *Began // go there
	Begin  bool   // draw a paper and begin attempt number len(Earlier)+1
	Reason Reason // not_open, no_attempts_left
}

// JudgeStart judges a start (R10). A start that was applied before leads to what it began; an open
// attempt is led to; and when more attempts were begun than the form had seen, the latest is.
// Whether the candidate may know of the exam at all is the caller's to judge (OpenToAny).
func JudgeStart(d *Definition, q StartRequest) StartVerdict {
	for i := range q.Earlier {
		if q.Earlier[i].Command == q.Command {
			return StartVerdict{Lead: &q.Earlier[i]}
		}
	}
	for i := range q.Earlier {
		if q.Earlier[i].Status.Open() {
			return StartVerdict{Lead: &q.Earlier[i]}
		}
	}
	if n := len(q.Earlier); n > q.Seen && !bug("start_ignores_seen") {
		return StartVerdict{Lead: &q.Earlier[n-1]}
	}
	if r := MayStart(d, q.Earlier, q.Arrived); r != "" {
		return StartVerdict{Reason: r}
	}
	return StartVerdict{Begin: true}
}

// MayStart: the exam is published, its window admits a start now, and attempts are left. Voided
// attempts do not count.
func MayStart(d *Definition, earlier []Began, now Instant) Reason {
	w := &d.Rules.Window
	late := w.LastStart != 0 && now > w.LastStart || w.Close != 0 && now >= w.Close
	if !d.Published || now < w.Open || late {
		return NotOpen
	}
	if left, limited := AttemptsLeft(d, earlier); limited && left <= 0 {
		return NoAttemptsLeft
	}
	return ""
}

// AttemptsLeft counts what is left of a limited number of attempts; false when unlimited.
func AttemptsLeft(d *Definition, earlier []Began) (int, bool) {
	used := 0
	for i := range earlier {
		if earlier[i].Status != Voided {
			used++
		}
	}
	return d.Attempts - used, d.Attempts > 0
}

// Begin makes the attempt that a paper was drawn for, with the first entry of its journal, which
// names the paper's hash. It belongs to the device, where the paper's rules want one.
func Begin(p *Paper, command, device string, salt Salt, arrived Instant) (Attempt, Outcome, error) {
	if command == "" || len(salt) != SaltBytes || p.Len() == 0 {
		return Attempt{}, Outcome{}, ErrMalformed
	}
	payload := Payload{Kind: Start}
	e := &Entry{
		Seq: 1, Prev: p.Hash(), Command: command, Kind: Start,
		Actor: Actor{Role: Candidate, ID: p.Candidate}.String(), Arrived: arrived, Digest: payload.Digest(salt),
		Effect: Effect{Status: InProgress, Opening: 1, Cursor: 1, Target: 1},
	}
	if p.Rules.Devices == OneDevice {
		e.Effect.Device = device
	}
	e.Hash = e.ComputeHash()
	a := fold(p, Attempt{}, e, &payload)
	a.remember(command, Prior{Applied: true, Digest: e.Digest, Salt: salt, Target: 1, Receipt: a.Head})
	return a, Outcome{
		Result: Applied, Target: 1, Receipt: a.Head, Entry: e, Payload: &payload, Salt: salt,
	}, nil
}
