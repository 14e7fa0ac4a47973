package questionset

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// The ways to write a local time: as browsers send it, and as people type it where a browser has no
// input for times. A fraction may follow the seconds.
var localLayouts = []string{
	"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006/1/2 15:04", "2006/1/2 15:04:05",
}

// LocalTime writes an instant as the input datetime-local takes it: to the millisecond, which is all
// that it can hold.
func LocalTime(at exam.Instant, zone *time.Location) string {
	if at == 0 {
		return ""
	}
	t := time.UnixMicro(int64(at)).In(zone).Truncate(time.Millisecond)
	if t.Second() == 0 && t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04")
	}
	return t.Format("2006-01-02T15:04:05.999")
}

// moment is a typed local time as the exam file writes times, or as it was typed when it is none. A
// time that the zone's clocks leave out is none.
func (f *form) moment(path string) string {
	typed := strings.TrimSpace(norm.NFKC.String(f.get(path)))
	wall, ok := parseLocal(typed, time.UTC)
	if !ok {
		return typed
	}
	if shown, ok := parseInstant(f.get(path + ".exact")); ok && sameWall(LocalTime(shown, f.zone), wall) {
		return f.get(path + ".exact")
	}
	t, _ := parseLocal(typed, f.zone)
	if t.Format(time.DateTime) != wall.Format(time.DateTime) {
		return typed
	}
	return t.Format(time.RFC3339Nano)
}

// sameWall reports whether a local time, as written by LocalTime, is that of a clock on the wall.
func sameWall(local string, wall time.Time) bool {
	t, ok := parseLocal(local, time.UTC)
	return ok && t.Equal(wall)
}

func parseLocal(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range localLayouts {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
