package templates

import (
	"strconv"
	"time"
)

// DismissedCookie lists the messages that were dismissed on a browser: the first MessageIDLength
// characters of their ids, separated by dots. It is set by a script for the pages of one attempt.
const (
	DismissedCookie = "shiken_dismissed"
	MessageIDLength = 8
)

// utcOffset is how far the zone of display is ahead of UTC, in minutes.
func (p Page) utcOffset(now time.Time) string {
	return strconv.Itoa(int(p.Locale.UTCOffset(now) / time.Minute))
}

// Ends words when a sitting ends, as the countdown of its pages does; empty when it is untimed.
func (p Page) Ends(deadline, now time.Time) string {
	if deadline.IsZero() {
		return ""
	}
	return p.T("timer.ends", "time", p.moment(deadline, now))
}

// Moment words a time as messages do.
func (p Page) Moment(t, now time.Time) string { return p.moment(t, now) }
