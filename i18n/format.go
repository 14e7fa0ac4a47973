package i18n

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/unicode/norm"
)

// PointUnit is how many units of a score make one point (docs/design.md R13).
const PointUnit = 10_000

// Number groups thousands: 12,345 in both languages.
func (l Locale) Number(n int) string {
	return message.NewPrinter(language.Make(l.source())).Sprintf("%d", n)
}

// Points writes a score given in 1/10,000 point, with no more decimals than it
// has: 75000 is "7.5".
func (l Locale) Points(units int) string {
	sign := ""
	if units < 0 {
		sign, units = "-", -units
	}
	whole := l.Number(units / PointUnit)
	fraction := strings.TrimRight(fmt.Sprintf("%04d", units%PointUnit), "0")
	if fraction == "" {
		return sign + whole
	}
	return sign + whole + "." + fraction
}

// writtenPoints is a score as Points writes it, or without grouping, with at most four decimals.
var writtenPoints = regexp.MustCompile(`^(\d{1,9}|\d{1,3}(?:,\d{3})+)?(?:\.(\d{0,4}))?$`)

// ParsePoints reads a score as people type it, in full width too, as 1/10,000 point; false for what is
// no number, is below 0, or has more than four decimals.
func (l Locale) ParsePoints(text string) (int, bool) {
	m := writtenPoints.FindStringSubmatch(strings.TrimSpace(norm.NFKC.String(text)))
	if m == nil || m[1]+m[2] == "" {
		return 0, false
	}
	units, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", "") + (m[2] + "0000")[:4])
	return units, err == nil
}

// Percent writes part of whole with at most one decimal, see PercentOf. A whole of 0 or less gives "–".
func (l Locale) Percent(part, whole int) string {
	if whole <= 0 {
		return "–"
	}
	const decimals = 1
	return PercentOf(part, whole, decimals) + "%"
}

// PercentOf is part of whole in percent with at most so many decimals, rounded half up; but what is below
// a whole percent never becomes one: pass marks are whole, and a result just below one is never shown as
// having reached it. whole is positive.
func PercentOf(part, whole, decimals int) string {
	one := int64(1) // a percent, in units of the last decimal
	for range decimals {
		one *= 10
	}
	n, d := 100*one*int64(part), int64(whole)
	down := n / d
	if n < 0 && n%d != 0 {
		down--
	}
	rounded := down
	if 2*(n-down*d) >= d {
		rounded++
	}
	if rounded%one == 0 {
		rounded = down // the same, unless it was rounded up to a whole percent
	}
	return strconv.FormatFloat(float64(rounded)/float64(one), 'f', -1, 64)
}

// Clock writes the time of day to the second: 09:14:07.
func (l Locale) Clock(t time.Time) string { return l.local(t).Format("15:04:05") }

// Minute writes the time of day to the minute: 09:14.
func (l Locale) Minute(t time.Time) string { return l.local(t).Format("15:04") }

// Date writes the day: "1 Dec 2026" or "2026年12月1日".
func (l Locale) Date(t time.Time) string {
	if l.Tag() == Japanese {
		return l.local(t).Format("2006年1月2日")
	}
	return l.local(t).Format("2 Jan 2006")
}

// Day writes day and month alone, where there is little room: "1 Dec" or "12/1".
func (l Locale) Day(t time.Time) string {
	if l.Tag() == Japanese {
		return l.local(t).Format("1/2")
	}
	return l.local(t).Format("2 Jan")
}

// DateTime writes day, time and zone to the minute.
func (l Locale) DateTime(t time.Time) string {
	return l.Date(t) + l.local(t).Format(" 15:04 MST")
}

// UTCOffset is how far the zone of display is ahead of UTC at a time.
func (l Locale) UTCOffset(t time.Time) time.Duration {
	_, seconds := l.local(t).Zone()
	return time.Duration(seconds) * time.Second
}

func (l Locale) local(t time.Time) time.Time {
	if l.zone == nil {
		return t.UTC()
	}
	return t.In(l.zone)
}

// Duration writes a length of time: hours and minutes from one hour on, else
// minutes and seconds. Parts of a second are dropped; below zero counts as 0.
func (l Locale) Duration(d time.Duration) string {
	seconds := max(int(d/time.Second), 0)
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	if l.Tag() == Japanese {
		return japaneseDuration(h, m, s)
	}
	return englishDuration(h, m, s)
}

func englishDuration(h, m, s int) string {
	switch {
	case h > 0 && m > 0:
		return fmt.Sprintf("%d h %02d min", h, m)
	case h > 0:
		return fmt.Sprintf("%d h", h)
	case m > 0 && s > 0:
		return fmt.Sprintf("%d min %02d s", m, s)
	case m > 0:
		return fmt.Sprintf("%d min", m)
	}
	return fmt.Sprintf("%d s", s)
}

func japaneseDuration(h, m, s int) string {
	switch {
	case h > 0 && m > 0:
		return fmt.Sprintf("%d時間%d分", h, m)
	case h > 0:
		return fmt.Sprintf("%d時間", h)
	case m > 0 && s > 0:
		return fmt.Sprintf("%d分%d秒", m, s)
	case m > 0:
		return fmt.Sprintf("%d分", m)
	}
	return fmt.Sprintf("%d秒", s)
}
