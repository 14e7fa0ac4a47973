package exam_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"shiken/exam"
)

// checkStep holds one step of an attempt against the rules, whatever the command was. It returns
// the first rule that is broken.
func checkStep(p *exam.Paper, before, after exam.Attempt, c exam.Command, o exam.Outcome, arrived exam.Instant) error {
	checks := []func(*step) error{checkVersion, checkResult}
	if o.Entry != nil { // else checkVersion has shown that nothing changed
		checks = append(checks, checkCursor, checkStatus, checkOthers, checkResponse, checkRecord, checkTime, checkDevice)
	}
	for _, check := range checks {
		s := step{p, &before, &after, &c, &o, arrived, before.Response(c.Position), after.Response(c.Position)}
		if err := check(&s); err != nil {
			return fmt.Errorf("%s %s at %d → %s %s: %w", c.ID, c.Kind, c.Position, o.Result, o.Reason, err)
		}
	}
	return nil
}

type step struct {
	p             *exam.Paper
	before, after *exam.Attempt
	c             *exam.Command
	o             *exam.Outcome
	arrived       exam.Instant
	was, is       exam.Response // at the command's position
}

// checkVersion: one entry for each effective command, and without an entry nothing changes (R2).
func checkVersion(s *step) error {
	want := s.before.Head.Seq
	if e := s.o.Entry; e != nil {
		want++
		if s.after.Head != (exam.Receipt{Seq: e.Seq, Hash: e.Hash}) || e.Prev != s.before.Head.Hash {
			return fmt.Errorf("R11: head %v does not name entry %d", s.after.Head, e.Seq)
		}
	} else if !sameState(s.before, s.after) {
		return fmt.Errorf("R2: state changed without an entry")
	}
	if s.after.Head.Seq != want {
		return fmt.Errorf("R2: version %d, want %d", s.after.Head.Seq, want)
	}
	return nil
}

// sameState compares all but the memory of commands and the count of rejections.
func sameState(a, b *exam.Attempt) bool {
	x, y := *a, *b
	x.Commands, y.Commands, x.Rejections, y.Rejections = nil, nil, 0, 0
	if x.Responses == nil {
		x.Responses = map[int]exam.Response{}
	}
	if y.Responses == nil {
		y.Responses = map[int]exam.Response{}
	}
	return reflect.DeepEqual(x, y)
}

// checkResult: results, entries, reasons and what is kept fit together (R15).
func checkResult(s *step) error {
	o := s.o
	switch {
	case (o.Result == exam.Applied) && o.Entry == nil:
		return fmt.Errorf("applied without an entry")
	case (o.Result == exam.Replayed || o.Result == exam.Rejected) && o.Entry != nil:
		return fmt.Errorf("R2: %s wrote an entry", o.Result)
	case o.Result == exam.Overtaken && o.Entry != nil && s.p.Rules.Navigation != exam.Linear:
		return fmt.Errorf("overtaken wrote an entry in free navigation")
	case (o.Result == exam.Rejected) != slices.Contains(exam.Reasons, o.Reason):
		return fmt.Errorf("reason %q", o.Reason)
	case o.Rejection != nil && s.after.Rejections != s.before.Rejections+1:
		return fmt.Errorf("R15: rejection not counted")
	case o.Rejection == nil && s.after.Rejections != s.before.Rejections:
		return fmt.Errorf("R15: counted without a rejection")
	}
	return nil
}

// checkCursor: R5 forward only, by one, with answer or skip; R6 in range.
func checkCursor(s *step) error {
	from, to := s.before.Cursor, s.after.Cursor
	if to < 1 || to > s.p.Len()+1 {
		return fmt.Errorf("R6: cursor %d of %d", to, s.p.Len())
	}
	if from == to || s.p.Rules.Navigation == exam.Free {
		return nil
	}
	switch {
	case to != from+1 || s.c.Kind != exam.Move || s.c.Position != from || s.c.Target != to:
		return fmt.Errorf("R5: cursor from %d to %d by %s", from, to, s.c.Kind)
	case !s.c.Skip && s.is.Answer.IsZero() && s.p.Item(from).Type != exam.Description:
		return fmt.Errorf("R5: question %d closed without answer or skip", from)
	}
	return nil
}

var transitions = map[exam.Status][]exam.Status{
	exam.InProgress: {exam.Paused, exam.Submitted, exam.Expired, exam.Voided},
	exam.Paused:     {exam.InProgress, exam.Submitted, exam.Voided},
	exam.Submitted:  {exam.InProgress, exam.Voided},
	exam.Expired:    {exam.InProgress, exam.Voided},
	exam.Voided:     {exam.InProgress, exam.Paused, exam.Submitted, exam.Expired},
}

// checkStatus: the diagram; openings count reopens; one closing for each opening (R7).
func checkStatus(s *step) error {
	from, to := s.before, s.after
	if from.Status != to.Status && !slices.Contains(transitions[from.Status], to.Status) {
		return fmt.Errorf("status from %s to %s", from.Status, to.Status)
	}
	reopened := from.Status.Closed() && to.Status == exam.InProgress
	if opening := to.Opening - from.Opening; opening != 0 && opening != 1 || (opening == 1) != reopened {
		return fmt.Errorf("R7: opening from %d to %d", from.Opening, to.Opening)
	}
	if (to.Status == exam.Voided) != (to.Before != "") {
		return fmt.Errorf("before is %q in %s", to.Before, to.Status)
	}
	if to.Status.Open() && (to.Marking != exam.MarkingNone || to.Score != nil) {
		return fmt.Errorf("R13: %s with marking %s", to.Status, to.Marking)
	}
	if to.Changes < from.Changes {
		return fmt.Errorf("changes fell")
	}
	return nil
}

// checkOthers: a command touches no position but its own (R4).
func checkOthers(s *step) error {
	for i := range s.p.Len() + 2 {
		if i != s.c.Position && !reflect.DeepEqual(s.before.Response(i), s.after.Response(i)) {
			return fmt.Errorf("R4: position %d changed", i)
		}
	}
	return nil
}

// checkResponse: rev, seq and page rules; closed is closed (R7).
func checkResponse(s *step) error {
	changed := !s.was.Answer.Equal(s.is.Answer)
	raised := s.is.Rev - s.was.Rev
	switch {
	case raised != 0 && raised != 1:
		return fmt.Errorf("rev from %d to %d", s.was.Rev, s.is.Rev)
	case changed && raised != 1:
		return fmt.Errorf("answer changed without a rev")
	case changed && s.after.Changes != s.before.Changes+1, !changed && s.after.Changes != s.before.Changes:
		return fmt.Errorf("changes from %d to %d", s.before.Changes, s.after.Changes)
	case changed && s.c.Kind != exam.AcceptLate && (s.was.Checked || s.before.Status != exam.InProgress):
		return fmt.Errorf("R7: a closed answer changed")
	case raised == 1 && !changed && s.c.Kind != exam.AcceptLate && s.c.Kind != exam.TimeUp && (s.c.Kind != exam.Save || s.c.Draft):
		return fmt.Errorf("an equal answer raised rev by %s", s.c.Kind)
	case s.was.Checked && !s.is.Checked:
		return fmt.Errorf("check undone")
	}
	for page, mark := range s.was.Pages {
		if s.is.Pages[page].Seq < mark.Seq || s.is.Pages[page].Rev < mark.Rev {
			return fmt.Errorf("mark of page %s fell", page)
		}
	}
	return nil
}

// checkRecord: an applied answer is the answer of record, and nothing else ever becomes it (R1).
func checkRecord(s *step) error {
	it := s.p.Item(s.c.Position)
	answers := slices.Contains([]exam.Kind{exam.Save, exam.Move, exam.Flag, exam.Check, exam.TimeUp, exam.AcceptLate}, s.c.Kind)
	if it == nil || !answers {
		return nil
	}
	sent, err := it.Canonical(s.c.Answer)
	if s.o.Result == exam.Applied {
		if err != nil || !s.is.Answer.Equal(sent) {
			return fmt.Errorf("R1: acknowledged %v, on record %v", s.c.Answer, s.is.Answer)
		}
		if s.o.Rev != s.is.Rev {
			return fmt.Errorf("rev %d reported, %d saved", s.o.Rev, s.is.Rev)
		}
	} else if !s.was.Answer.Equal(s.is.Answer) {
		return fmt.Errorf("R1: %s changed the answer", s.o.Result)
	}
	return nil
}

// checkTime: R8 no candidate's command after deadline and grace; R16 the deadline's formula.
func checkTime(s *step) error {
	d, timed := s.before.Deadline(s.p)
	running := s.before.Status == exam.InProgress // else the clock stands, and only the device may change
	if s.o.Entry != nil && s.c.Actor.Role == exam.Candidate && timed && running && s.arrived > d.Add(s.p.Rules.Grace) {
		return fmt.Errorf("R8: counted %d µs late", s.arrived.Sub(d.Add(s.p.Rules.Grace)))
	}
	got, timed := s.after.Deadline(s.p)
	r := &s.p.Rules
	extra := r.TimeLimit * exam.Micros(r.ExtraPercent) / 100
	given := s.after.Extended + s.after.PausedFor
	ends := slices.DeleteFunc([]exam.Instant{
		(s.after.Started + exam.Instant(r.TimeLimit+extra+given)) * exam.Instant(min(r.TimeLimit, 1)),
		(r.Window.Close + exam.Instant(extra+given)) * min(r.Window.Close, 1),
	}, func(i exam.Instant) bool { return i == 0 })
	if timed != (len(ends) > 0) || timed && got != slices.Min(ends) {
		return fmt.Errorf("R16: deadline %d of %v", got, ends)
	}
	return nil
}

// checkDevice: R10 where one device writes, the attempt belongs to that whose command was applied last, and
// goes to another only when that one takes it over, or the one before is signed out or was none.
func checkDevice(s *step) error {
	was, is := s.before.Device, s.after.Device
	one := s.p.Rules.Devices == exam.OneDevice
	switch {
	case !one && is != "":
		return fmt.Errorf("R10: on any device, held by %q", is)
	case one && s.c.Actor.Role == exam.Candidate && s.c.Device != "" && is != s.c.Device:
		return fmt.Errorf("R10: applied from %q, held by %q", s.c.Device, is)
	case was == is:
		if s.before.DeviceSince != s.after.DeviceSince {
			return fmt.Errorf("R10: held since %d, then %d", s.before.DeviceSince, s.after.DeviceSince)
		}
		return nil
	case s.c.Actor.Role != exam.Candidate || s.c.Kind != exam.TakeOver && was != "" && !s.c.Released:
		return fmt.Errorf("R10: %s moved it from %q to %q", s.c.Kind, was, is)
	case s.after.DeviceSince != s.arrived:
		return fmt.Errorf("R10: held since %d, moved at %d", s.after.DeviceSince, s.arrived)
	}
	return nil
}

// checkReplay: folding the journal gives the attempt (R11).
func checkReplay(s *sitting) error {
	a, erased, err := exam.Replay(s.p, s.records)
	if err != nil || len(erased) > 0 {
		return fmt.Errorf("R11: %w, erased %v", err, slices.Collect(maps.Keys(erased)))
	}
	if !sameState(&a, &s.a) {
		return fmt.Errorf("R11: replay gives\n%+v, want\n%+v", a, s.a)
	}
	return nil
}
