package i18n_test

import (
	"strings"
	"testing"
	"time"

	"shiken/i18n"
)

func TestLookup(t *testing.T) {
	tests := []struct{ accept, hint, want string }{
		{"", "", "en"},
		{"ja", "", "ja"},
		{"ja-JP,ja;q=0.9,en;q=0.8", "", "ja"},
		{"en-US,en;q=0.9,ja;q=0.8", "", "en"},
		{"de-DE,de;q=0.9", "", "en"},
		{"de, ja;q=0.5", "", "ja"},
		{"ja", "en", "en"},
		{"en", "ja", "ja"},
		{"ja", "xx", "ja"},
		{"en", "../ja", "en"},
		{";;;q=,,\xff\x00", "", "en"},
		{strings.Repeat("ja,", 10_000), "", "en"},
	}
	for _, test := range tests {
		if got := i18n.Lookup(test.accept, test.hint).Tag(); got != test.want {
			t.Errorf("Lookup(%.40q, %q) = %s, want %s", test.accept, test.hint, got, test.want)
		}
	}
}

func TestT(t *testing.T) {
	en, ja := i18n.Lookup("", "en"), i18n.Lookup("", "ja")
	tests := []struct{ got, want string }{
		{en.T("question.heading", "n", 3, "total", 10), "Question 3 of 10"},
		{ja.T("question.heading", "n", 3, "total", 10), "問題 3 / 10"},
		{en.T("exam.questions", "n", 1), "1 question"},
		{en.T("exam.questions", "n", 0), "0 questions"},
		{en.T("exam.questions", "n", 1200), "1,200 questions"},
		{ja.T("exam.questions", "n", 1), "1問"},
		{en.T("home.left", "time", 65*time.Minute), "1 h 05 min left"},
		{ja.T("home.left", "time", 65*time.Minute), "残り1時間5分"},
		{en.T("no.such.key"), "no.such.key"},
		{en.T("home.left", "time"), "{time} left"},
		{i18n.Locale{}.T("home.open"), "Open"},
		// What fills a placeholder is never filled again.
		{en.T("exam.attempts.of", "n", "{allowed}", "allowed", 2), "{allowed} of 2 left"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestDuration(t *testing.T) {
	tests := []struct {
		d      time.Duration
		en, ja string
	}{
		{-time.Second, "0 s", "0秒"},
		{999 * time.Millisecond, "0 s", "0秒"},
		{59 * time.Second, "59 s", "59秒"},
		{time.Minute, "1 min", "1分"},
		{90 * time.Second, "1 min 30 s", "1分30秒"},
		{65 * time.Second, "1 min 05 s", "1分5秒"},
		{time.Hour, "1 h", "1時間"},
		{65*time.Minute + 59*time.Second, "1 h 05 min", "1時間5分"},
		{30 * time.Hour, "30 h", "30時間"},
	}
	for _, test := range tests {
		if got := i18n.Lookup("", "en").Duration(test.d); got != test.en {
			t.Errorf("%v in English: %q, want %q", test.d, got, test.en)
		}
		if got := i18n.Lookup("", "ja").Duration(test.d); got != test.ja {
			t.Errorf("%v in Japanese: %q, want %q", test.d, got, test.ja)
		}
	}
}

func TestNumbers(t *testing.T) {
	l := i18n.Lookup("", "en")
	tests := []struct{ got, want string }{
		{l.Number(1234567), "1,234,567"},
		{l.Points(0), "0"},
		{l.Points(75_000), "7.5"},
		{l.Points(3_333), "0.3333"},
		{l.Points(-2_500), "-0.25"},
		{l.Points(12_340_000), "1,234"},
		{l.Percent(1, 2), "50%"},
		{l.Percent(1, 3), "33.3%"},
		{l.Percent(2, 3), "66.7%"},
		{l.Percent(7, 15), "46.7%"},
		{l.Percent(466_499, 1_000_000), "46.6%"},
		{l.Percent(4_665, 10_000), "46.7%"}, // half up
		{l.Percent(600_001, 1_000_000), "60%"},
		{l.Percent(99_999, 100_000), "99.9%"},
		{i18n.PercentOf(2, 3, 2), "66.67"},
		{i18n.PercentOf(1, 8, 2), "12.5"},
		{i18n.PercentOf(599_999, 1_000_000, 2), "59.99"}, // a pass mark of 60 was not reached
		{i18n.PercentOf(599_949, 1_000_000, 2), "59.99"},
		{i18n.PercentOf(6, 10, 2), "60"},
		// Just below a pass mark of 60 must not read 60.
		{l.Percent(59_999, 100_000), "59.9%"},
		{l.Percent(100, 100), "100%"},
		{l.Percent(-1, 3), "-33.3%"},
		{l.Percent(1, 0), "–"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

// TestPointsAreReadAsTheyAreWritten, and as people type them.
func TestPointsAreReadAsTheyAreWritten(t *testing.T) {
	l := i18n.Lookup("", "ja")
	for text, want := range map[string]int{
		"0": 0, "7.5": 75_000, " 2.5 ": 25_000, "２．５": 25_000, "0.3333": 3_333, ".5": 5_000, "3.": 30_000, "1,234": 12_340_000, "1234": 12_340_000,
	} {
		if got, ok := l.ParsePoints(text); !ok || got != want {
			t.Errorf("%q is read as %d, %t; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", ".", "-1", "1.23456", "x", "1e3", "1,2", "2,5", "1 2", "1234567890", "٣"} {
		if got, ok := l.ParsePoints(text); ok {
			t.Errorf("%q is read as %d", text, got)
		}
	}
	for _, units := range []int{0, 1, 2_500, 75_000, 12_345_678} {
		if got, ok := l.ParsePoints(l.Points(units)); !ok || got != units {
			t.Errorf("%d is written %q and read as %d", units, l.Points(units), got)
		}
	}
}

func TestTimes(t *testing.T) {
	at := time.Date(2026, 11, 30, 20, 14, 7, 0, time.UTC)
	zone := time.FixedZone("JST", 9*60*60)
	en, ja := i18n.Lookup("", "en"), i18n.Lookup("", "ja").In(zone)
	tests := []struct{ got, want string }{
		{en.Clock(at), "20:14:07"},
		{en.Minute(at), "20:14"},
		{en.Date(at), "30 Nov 2026"},
		{en.DateTime(at), "30 Nov 2026 20:14 UTC"},
		{ja.Clock(at), "05:14:07"},
		{ja.Date(at), "2026年12月1日"},
		{ja.DateTime(at), "2026年12月1日 05:14 JST"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
