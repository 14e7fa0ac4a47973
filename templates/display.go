package templates

import (
	"fmt"
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// T gives a message in the page's language, see i18n.Locale.T.
func (p Page) T(key string, args ...any) string { return p.Locale.T(key, args...) }

// moment writes the time of day, with the date when it is not today's.
func (p Page) moment(t, now time.Time) string {
	if p.Locale.Date(t) == p.Locale.Date(now) {
		return p.Locale.Clock(t)
	}
	return p.Locale.DateTime(t)
}

// minute is moment to the minute.
func (p Page) minute(t, now time.Time) string {
	if p.Locale.Date(t) == p.Locale.Date(now) {
		return p.Locale.Minute(t)
	}
	return p.Locale.DateTime(t)
}

// stamp is a time for machines: RFC 3339 in UTC, empty for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// scriptlessContent is the content of a refresh.
func (f frame) scriptlessContent() string {
	after := strconv.Itoa(f.scriptless)
	if f.scriptlessTo == "" {
		return after
	}
	return after + "; url=" + f.scriptlessTo
}

// mainAttributes are the data attributes of docs/design.md §7.
func (s Sitting) mainAttributes() templ.Attributes {
	attrs := templ.Attributes{
		"data-total":    strconv.Itoa(s.Total),
		"data-rev":      strconv.FormatInt(s.Rev, 10),
		"data-status":   s.Status,
		"data-deadline": stamp(s.Deadline),
	}
	if s.Preview == nil {
		attrs["data-attempt"] = s.Attempt
	} else {
		attrs["data-preview"] = s.Preview.Path
	}
	if s.Position > 0 {
		attrs["data-position"] = strconv.Itoa(s.Position)
	}
	if s.Outcome != "" {
		attrs["data-outcome"] = s.Outcome
	}
	if s.Reason != "" {
		attrs["data-reason"] = s.Reason
	}
	if s.Receipt != (Receipt{}) {
		attrs["data-receipt"] = s.Receipt.line()
	}
	return attrs
}

// line is the receipt as `shiken verify --receipts` reads it after the id of
// the attempt: sequence number and hash.
func (r Receipt) line() string { return fmt.Sprintf("%d %s", r.Seq, r.Hash) }

// left is the time to the deadline, never below zero.
func (s Sitting) left() time.Duration { return max(s.Deadline.Sub(s.Now), 0) }

// countdown writes a time left as the script does: 29:59 or 1:29:59, a begun
// second counting whole.
func countdown(left time.Duration) string {
	seconds := int((left + time.Second - 1) / time.Second)
	if hours := seconds / 3600; hours > 0 {
		return fmt.Sprintf("%d:%02d:%02d", hours, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%02d:%02d", seconds/60, seconds%60)
}

// score writes "7.5 / 10".
func (p Page) score(points, of int) string {
	return p.Locale.Points(points) + " / " + p.Locale.Points(of)
}

// answered counts the positions with an answer, of those that ask for one.
func answered(items []NavItem) (n, of int) {
	for _, item := range items {
		if item.Information {
			continue
		}
		of++
		if item.Answered {
			n++
		}
	}
	return n, of
}

// flagged counts the flagged positions.
func flagged(items []NavItem) int {
	n := 0
	for _, item := range items {
		if item.Flagged {
			n++
		}
	}
	return n
}

// state names what a position is, for people who hear it and for the style.
func (item NavItem) state() string {
	switch {
	case item.Information:
		return "information"
	case item.Answered:
		return "answered"
	}
	return "unanswered"
}
