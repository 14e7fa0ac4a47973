package exam

// Gap is a time in which the service answered nobody, its ends included.
type Gap struct{ Began, Ended Instant }

// AfterOutage is what is left to a candidate after a gap that took the end of the time (R9).
const AfterOutage = 60 * Second

// Extension returns what the server gives an attempt after a gap that met its deadline or grace while
// its clock ran: as much as moves the deadline to AfterOutage behind the gap's end (R9). 0 means
// that the gap did not meet it, or that it is not open.
func (g Gap) Extension(p *Paper, a *Attempt) Micros {
	deadline, timed := a.Deadline(p)
	if !timed || !a.Status.Open() {
		return 0
	}
	ran := g.Ended // how far into the gap the clock ran
	if a.Status == Paused {
		ran = min(ran, a.Stopped)
	}
	if ran < g.Began || deadline > ran || deadline.Add(p.Rules.Grace) < g.Began {
		return 0
	}
	return g.Ended.Add(AfterOutage).Sub(deadline)
}

// Lost returns how long an attempt's clock ran within the gap, less what the command of the id given
// has added. The entries are those of its journal, in order; where they tell nothing of the clock they
// may be left out.
func (g Gap) Lost(journal []Entry, given string) Micros {
	var (
		lost  Micros
		since Instant // when the clock began to run; 0 = it stands
	)
	stop := func(at Instant) {
		if since != 0 {
			lost += max(min(at, g.Ended).Sub(max(since, g.Began)), 0)
		}
		since = 0
	}
	for i := range journal {
		e := &journal[i]
		switch {
		case e.Kind == Start || e.Effect.Running:
			since = e.Arrived
		case e.Effect.Stopped != 0:
			stop(e.Effect.Stopped)
		}
		if e.Command == given {
			lost -= e.Effect.Extended
		}
	}
	stop(g.Ended)
	return max(lost, 0)
}

// Rests reports whether an outcome rests on the attempt's time being over, so that it may stand only if
// no gap took the end of that time (R9): a command that is refused now as too late, the server's
// closing, or a move that is not made.
func (o Outcome) Rests(p *Paper, was *Attempt, arrived Instant) bool {
	switch {
	case o.Entry != nil:
		return o.Entry.Kind == Expire
	case o.Rejection != nil:
		return o.Reason == TimeIsUp
	}
	return o.Result == Overtaken && MayWrite(p, was, arrived) == TimeIsUp
}
