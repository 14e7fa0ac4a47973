package accounts

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
	"shiken/store"
)

// MaxReasonRunes bounds the reason of an accommodation.
const MaxReasonRunes = 500

// Years of the times of an accommodation; what is outside is mistyped.
const (
	firstYear = 2000
	lastYear  = 2100
)

// The columns of a file of accommodations beside username and extra_time_percent, and what the fields of
// a form are called.
const (
	columnExam      = "exam"
	columnOpen      = "open"
	columnLastStart = "last_start"
	columnClose     = "close"
	columnAttempts  = "attempts"
	columnReason    = "reason"
)

// Given is what somebody wrote about an accommodation, as typed. What is empty is the exam's, or the
// person's.
type Given struct {
	ExtraPercent, Open, LastStart, Close, Attempts, Reason string
}

// AccommodationFaultCodes lists the codes of a RosterFault that mean something else, or are met, in files
// and forms of accommodations alone.
var AccommodationFaultCodes = []string{
	"header_missing", "no_people", "column_missing", "column_unknown",
	"attempts", "time", "reason_long", "reason_empty", "order_open_last", "order_open_close", "order_last_close",
	"user_unknown", "exam_unknown", "pair_twice",
}

// JudgeGiven reads an accommodation. Times without an offset are of the zone, and are whole minutes. What
// the faults are about is nil or 0.
func JudgeGiven(g Given, zone *time.Location) (store.Accommodated, []RosterFault) {
	j := judge{}
	a := store.Accommodated{Reason: j.reason(g.Reason)}
	if folded(g.ExtraPercent) != "" {
		percent := j.percent(g.ExtraPercent)
		a.ExtraPercent = &percent
	}
	a.Attempts = j.attempts(g.Attempts)
	a.Window = exam.Window{
		Open: j.time(columnOpen, g.Open, zone), LastStart: j.time(columnLastStart, g.LastStart, zone),
		Close: j.time(columnClose, g.Close, zone),
	}
	return a, j.faults
}

// JudgeWindow tells what excludes what in the window that a candidate gets.
func JudgeWindow(a *store.Accommodated, d exam.Definition) []RosterFault {
	j, w := judge{}, a.Of(d).Rules.Window
	switch {
	case w.Ordered():
	case w.LastStart != 0 && w.Open > w.LastStart:
		j.fault(columnLastStart, "order_open_last")
	case w.Close != 0 && w.Open >= w.Close:
		j.fault(columnClose, "order_open_close")
	default:
		j.fault(columnClose, "order_last_close")
	}
	return j.faults
}

// folded is a cell as it is read: full-width digits and signs are those of ASCII.
func folded(cell string) string { return strings.TrimSpace(norm.NFKC.String(cell)) }

func (j *judge) attempts(cell string) *int {
	text := folded(cell)
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > exam.MaxAttempts {
		j.fault(columnAttempts, "attempts", "value", short(text), "max", exam.MaxAttempts)
		return nil
	}
	return &n
}

// timeLayouts are the forms of a time: with its offset, as forms send it, and as spreadsheets write it.
var timeLayouts = []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-1-2 15:04", "2006-1-2 15:04:05"}

func (j *judge) time(column, cell string, zone *time.Location) exam.Instant {
	text := folded(cell)
	if text == "" {
		return 0
	}
	for _, layout := range timeLayouts {
		at, err := time.ParseInLocation(layout, strings.ReplaceAll(text, "/", "-"), zone)
		if err == nil && at.Year() >= firstYear && at.Year() <= lastYear && at.Truncate(time.Minute).Equal(at) {
			return exam.Instant(at.UnixMicro())
		}
	}
	j.fault(column, "time", "value", short(text))
	return 0
}

func (j *judge) reason(typed string) string {
	reason := strings.TrimSpace(typed)
	if utf8.RuneCountInString(reason) > MaxReasonRunes {
		j.fault(columnReason, "reason_long", "max", MaxReasonRunes)
		return ""
	}
	j.readable(columnReason, reason)
	return reason
}

// AccommodationDifferences lists what changes of what a candidate has in an exam; nil is nothing. Times
// are RFC 3339, UTC.
func AccommodationDifferences(was, is *store.Accommodated) map[string]Difference {
	none := store.Accommodated{}
	if was == nil {
		was = &none
	}
	if is == nil {
		is = &none
	}
	out := map[string]Difference{}
	put := func(field string, before, after any) {
		if before != after {
			out[field] = Difference{Before: before, After: after}
		}
	}
	put(columnExtra, number(was.ExtraPercent), number(is.ExtraPercent))
	put(columnAttempts, number(was.Attempts), number(is.Attempts))
	put(columnOpen, timeText(was.Window.Open), timeText(is.Window.Open))
	put(columnLastStart, timeText(was.Window.LastStart), timeText(is.Window.LastStart))
	put(columnClose, timeText(was.Window.Close), timeText(is.Window.Close))
	put(columnReason, was.Reason, is.Reason)
	return out
}

// number is nil, or what p points to.
func number(p *int) any {
	if p == nil {
		return nil
	}
	return *p
}

// timeText is nil for none.
func timeText(at exam.Instant) any {
	if at == 0 {
		return nil
	}
	return time.UnixMicro(int64(at)).UTC().Format(time.RFC3339)
}
