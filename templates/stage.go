package templates

import "time"

// Stage is how the session store does, docs/design.md §6.
type Stage struct {
	// Number is 1 while the store is well, 2 when it stumbles, 3 when requests go on without it.
	Number int
	// Since is when stage 1 was left.
	Since time.Time
}

func (s Stage) isTrouble() bool { return s.Number > 1 }

func (s Stage) title() string {
	if s.Number == 2 {
		return "stage.stumbles"
	}
	return "stage.down"
}
