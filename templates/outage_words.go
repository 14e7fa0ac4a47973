package templates

import (
	"strconv"
	"time"
)

// sentence says when the service did not answer, and for how long.
func (o OutageView) sentence(page Page, now time.Time) string {
	return page.T("outage.silent", "from", page.moment(o.Began, now), "to", page.moment(o.Ended, now),
		"time", o.Ended.Sub(o.Began).Round(time.Second))
}

// fields ask for what the gap lasted, for its candidate: whole seconds, and no more than a command gives.
func (g GapLine) fields() []Field {
	seconds := min(int((g.Lasted+time.Second-1)/time.Second), MaxMinutes*60)
	return []Field{
		{"kind", "extend"}, {"scope", "checked"}, {"attempt", g.Attempt},
		{"minutes", strconv.Itoa(seconds / 60)}, {"seconds", strconv.Itoa(seconds % 60)},
	}
}
