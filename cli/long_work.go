package cli

import "time"

// longWorkSays is the time between two lines of progress; what takes less says nothing.
const longWorkSays = 2 * time.Second

// longWork returns what a long work tells how far it is; now and then a line is said of it, where somebody
// looks.
func (t *Terminal) longWork(line func(done int) string) func(done int) {
	if !t.Progress {
		return func(int) {}
	}
	last := time.Now()
	return func(done int) {
		if now := time.Now(); now.Sub(last) >= longWorkSays {
			last = now
			t.say(line(done))
		}
	}
}
