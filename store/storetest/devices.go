package storetest

import (
	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var deviceTests = map[string]func(*world){
	"R10 an attempt belongs to the device that began it":      beganOn,
	"R10 R11 a device takes over, and the journal tells it":   takenOver,
	"R10 of two that take over at once the later one has it":  takenOverAtOnce,
	"R10 the holder is read as it is, until its row is gone":  holderRead,
	"R10 where any device may write nothing is said of which": anyDevice,
}

func oneDevice(d *exam.Definition) { d.Rules.Devices = exam.OneDevice }

// sitOn starts an attempt of a new user on a device, and returns it with the user's two sign-ins.
func (w *world) sitOn(change ...func(*exam.Definition)) (s *sitting, phone, laptop store.SignIn) {
	w.Helper()
	d, u := w.newExam(3, change...), w.newUser()
	phone, laptop = w.newSignIn(u.ID), w.newSignIn(u.ID)
	state, err := w.LoadStart(w.ctx, d.Slug, u.ID)
	w.must(err)
	n, err := newAttempt(w.ctx, w.Store, &state, uuid.NewString())
	w.must(err)
	n.Attempt, n.Outcome, err = exam.Begin(&n.Paper, n.Outcome.Entry.Command, phone.ID, salt(), state.Now)
	w.must(err)
	w.must(w.Create(w.ctx, n))
	return &sitting{world: w, id: n.Attempt.ID, user: u, d: d}, phone, laptop
}

func (s *sitting) from(device store.SignIn, c exam.Command) exam.Command {
	c.Device = device.ID
	return c
}

func (s *sitting) takeOver(device store.SignIn) exam.Command {
	c := s.from(device, s.command(exam.TakeOver, 0, 0, ""))
	c.Page, c.Seq = "", 0
	return c
}

// heldBy wants the attempt to belong to a device.
func (s *sitting) heldBy(step string, device store.SignIn) {
	s.Helper()
	snap := s.load()
	if a := &snap.Attempt; a.Device != device.ID || a.DeviceSince == 0 || snap.Holder == nil || snap.Holder.ID != device.ID {
		s.Errorf("%s: held by %q since %d, holder %+v; want %s", step, a.Device, a.DeviceSince, snap.Holder, device.ID)
	}
	states, _, err := s.States(s.ctx, []string{s.id})
	s.must(err)
	if len(states) != 1 || states[0].Holder != device.ID || states[0].HolderSince != snap.Attempt.DeviceSince {
		s.Errorf("%s: state %+v, want the holder %s", step, states, device.ID)
	}
	if stored := s.stored().Attempt; stored.Device != device.ID || stored.DeviceSince != snap.Attempt.DeviceSince {
		s.Errorf("%s: stored %q since %d", step, stored.Device, stored.DeviceSince)
	}
}

func beganOn(w *world) {
	s, phone, laptop := w.sitOn(oneDevice)
	s.heldBy("begun", phone)
	s.wants(s.from(phone, s.command(exam.Save, 1, 0, "mine")), exam.Applied)
	o := s.wants(s.from(laptop, s.command(exam.Save, 2, 0, "elsewhere")), exam.Rejected)
	if o.Reason != exam.OtherDevice {
		s.Errorf("rejected as %s", o.Reason)
	}
	kept, err := s.Rejections(s.ctx, s.id)
	s.must(err)
	if len(kept) != 1 || kept[0].Reason != exam.OtherDevice || kept[0].Payload.Answer.Text != "elsewhere" {
		s.Errorf("kept %+v", kept)
	}
	s.heldBy("after a command from elsewhere", phone)
	s.sound()
}

func takenOver(w *world) {
	s, phone, laptop := w.sitOn(oneDevice, linear)
	over := s.takeOver(laptop)
	s.wants(over, exam.Applied)
	s.wants(over, exam.Replayed)
	s.heldBy("taken over", laptop)
	s.wants(s.from(phone, s.command(exam.Save, 1, 0, "too late")), exam.Rejected)
	s.wants(s.from(laptop, s.command(exam.Save, 1, 0, "here")), exam.Applied)
	s.wants(s.takeOver(phone), exam.Applied)
	s.wants(over, exam.Replayed)
	s.heldBy("taken back", phone)

	free := s.from(laptop, s.command(exam.Save, 1, 1, "the phone has signed out"))
	free.Released = true
	s.wants(free, exam.Applied)
	s.heldBy("released", laptop)
	s.sound()
	if a, _, err := replay(s.stored()); err != nil || a.Device != laptop.ID {
		s.Errorf("the journal gives %q, %v", a.Device, err)
	}
}

func takenOverAtOnce(w *world) {
	s, phone, laptop := w.sitOn(oneDevice)
	both := []store.SignIn{phone, laptop}
	together(w, 8, func(i int) (exam.Outcome, error) {
		_, o, err := s.do(s.takeOver(both[i%2]))
		return o, err
	})
	records := s.stored().Records
	if len(records) != 9 {
		s.Fatalf("%d entries", len(records))
	}
	last := both[0]
	if records[8].Entry.Effect.Device == laptop.ID {
		last = both[1]
	}
	s.heldBy("at last", last)
	s.sound()
}

func holderRead(w *world) {
	s, phone, laptop := w.sitOn(oneDevice)
	if h := s.load().Holder; h == nil || h.Revoked != 0 || h.LastSeen == 0 || h.User != s.user.ID || h.Agent != phone.Agent {
		s.Errorf("holder %+v", h)
	}
	s.must(s.RevokeSignIn(s.ctx, phone.ID))
	if h := s.load().Holder; h == nil || h.Revoked == 0 {
		s.Errorf("holder %+v, was revoked", h)
	}
	if states, _, err := s.States(s.ctx, []string{s.id}); err != nil || len(states) != 1 || states[0].Holder != "" {
		s.Errorf("state %+v, %v: the holder was revoked", states, err)
	}
	gone := laptop
	gone.ID = uuid.NewString()
	s.wants(s.takeOver(gone), exam.Applied)
	if snap := s.load(); snap.Holder != nil || snap.Attempt.Device != gone.ID {
		s.Errorf("held by %q, holder %+v", snap.Attempt.Device, snap.Holder)
	}
	s.sound()
}

func anyDevice(w *world) {
	s, phone, laptop := w.sitOn()
	s.wants(s.from(phone, s.command(exam.Save, 1, 0, "one")), exam.Applied)
	s.wants(s.from(laptop, s.command(exam.Save, 2, 0, "two")), exam.Applied)
	if o := s.wants(s.takeOver(laptop), exam.Rejected); o.Reason != exam.Stale {
		s.Errorf("taken over: %s", o.Reason)
	}
	if snap := s.load(); snap.Attempt.Device != "" || snap.Holder != nil {
		s.Errorf("held by %q", snap.Attempt.Device)
	}
	s.sound()
}
