package history_test

import (
	"testing"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/store"
)

// TestOneDeviceIsAccepted: what one device at a time may look like.
func TestOneDeviceIsAccepted(t *testing.T) {
	cases := map[string]struct {
		rejections int
		happens    func(s scene)
	}{
		"the other one is refused, takes over, and the first is refused": {3, func(s scene) {
			s.write("one", 1, `"a"`)
			s.write("two", 1, `"b"`)
			s.takeOver("two")
			s.write("two", 1, `"b"`)
			s.write("one", 2, `"c"`)
			s.again(s.write("one", 1, `"c"`))
			s.look(1)
		}},
		"taken over twice, and taken back": {1, func(s scene) {
			over := s.takeOver("two")
			s.again(over)
			s.takeOver("one")
			s.again(over)
			s.write("two", 1, `"b"`)
			s.write("one", 1, `"a"`)
		}},
		"a device that has signed out holds nothing": {1, func(s scene) {
			s.signOut("one")
			s.write("two", 1, `"a"`, released)
			s.write("three", 1, `"b"`)
			s.write("two", 2, `"c"`)
		}},
		"taken over while it is paused": {1, func(s scene) {
			s.byAdmin(exam.Pause)
			s.now += 13 * time.Minute // past the deadline as it is until the exam goes on
			s.takeOver("two")
			s.byAdmin(exam.Resume)
			s.write("one", 1, `"a"`)
			s.write("two", 1, `"b"`)
		}},
		"nothing is taken over what is handed in": {2, func(s scene) {
			s.write("one", 1, `"a"`)
			s.give(history.Submit, 0, "", 0, s.attempt.Changes, "", on("two"), func(_ *history.Op, c *exam.Command) { c.Kind = exam.Submit })
			s.give(history.Submit, 0, "", 0, s.attempt.Changes, "", on("one"), func(_ *history.Op, c *exam.Command) { c.Kind = exam.Submit })
			s.takeOver("two")
		}},
		"nobody was told who sent it": {1, func(s scene) {
			s.ops[s.write("two", 1, `"a"`).at].Session = ""
			s.ops[s.write("one", 1, `"b"`).at].Session = ""
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newScene(free)
			s.onOneDevice()
			c.happens(s)
			s.end()
			if report := s.judged(nil); !report.OK() || len(s.rejections) != c.rejections {
				t.Errorf("%d rejections are kept\n%s", len(s.rejections), report)
			}
		})
	}
}

// anyDevice is what a program does that does not look at the device.
func anyDevice(_ *history.Op, c *exam.Command) { c.Released = true }

// brokenDevices: an attempt is written on two devices, or on none.
var brokenDevices = []broken{
	{"applied on another device", free, "R10", history.Invariants, "belonged to another device", func(s scene) func(*store.StoredAttempt) {
		s.onOneDevice()
		s.write("one", 1, `"a"`)
		s.write("two", 1, `"b"`, anyDevice)
		return nil
	}},
	{"applied on another device, which the journal does not tell", free, "R10", history.Invariants, "than the journal says", func(s scene) func(*store.StoredAttempt) {
		s.onOneDevice()
		c := s.write("two", 1, `"b"`, anyDevice)
		s.forge(func() { s.entry(c).Entry.Effect.Device = "" })
		return nil
	}},
	{"applied on another device, and its sign-in ended only afterwards", free, "R10", history.Invariants, "belonged to another device", func(s scene) func(*store.StoredAttempt) {
		s.onOneDevice()
		s.write("two", 1, `"b"`, anyDevice)
		s.signOut("one")
		return nil
	}},
	{"refused on the device that holds it", free, "R10", history.Invariants, "as other_device", func(s scene) func(*store.StoredAttempt) {
		s.onOneDevice()
		s.rejectInstead(s.write("one", 1, `"a"`), exam.OtherDevice)
		return nil
	}},
	{"refused after it took over", free, "R10", history.Invariants, "as other_device", func(s scene) func(*store.StoredAttempt) {
		s.onOneDevice()
		s.takeOver("two")
		s.rejectInstead(s.write("two", 1, `"a"`), exam.OtherDevice)
		return nil
	}},
	{"refused as of another device, and any may write", free, "R10", history.Invariants, "as other_device", refused(exam.OtherDevice)},
	{"another device is told that it is too late, which it is", free, "R8", history.Invariants, "rejected as other_device", func(s scene) func(*store.StoredAttempt) {
		s.onOneDevice()
		s.now += 12*time.Minute + 40*time.Second
		s.write("two", 1, `"a"`)
		s.ops[len(s.ops)-1].Reason, s.rejections[0].Reason = string(exam.TimeIsUp), exam.TimeIsUp
		return nil
	}},
	{"a take-over that is refused while paused", free, "§4", history.Invariants, "as paused", func(s scene) func(*store.StoredAttempt) {
		s.onOneDevice()
		s.byAdmin(exam.Pause)
		s.rejectInstead(s.takeOver("two"), exam.IsPaused)
		return nil
	}},
	{"moved to a device, and any may write", free, "R10", history.Invariants, "moves the attempt to a device", func(s scene) func(*store.StoredAttempt) {
		c := s.write("one", 1, `"a"`)
		s.forge(func() { s.entry(c).Entry.Effect.Device = "a device" })
		return nil
	}},
	{"stored as another device's", free, "R10", history.Invariants, "held by device", func(s scene) func(*store.StoredAttempt) {
		s.onOneDevice()
		return func(a *store.StoredAttempt) { a.Attempt.Device = deviceOf("two") }
	}},
	{"a take-over that nobody sent", free, "R2", history.Witness, "nobody sent it", func(s scene) func(*store.StoredAttempt) {
		s.onOneDevice()
		s.takeOver("two")
		s.ops = s.ops[:1]
		return nil
	}},
}
