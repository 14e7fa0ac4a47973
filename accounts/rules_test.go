package accounts_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
)

func TestCheckPassword(t *testing.T) {
	tests := []struct {
		password string
		want     error
	}{
		{"1234567", accounts.ErrPasswordShort}, {"12345678", nil}, {"正しい馬の電池のホチキス", nil}, {"七文字の暗号語", accounts.ErrPasswordShort},
		{strings.Repeat("x", 256), nil}, {strings.Repeat("x", 257), accounts.ErrPasswordLong},
	}
	for _, tt := range tests {
		if err := accounts.CheckPassword(tt.password); !errors.Is(err, tt.want) {
			t.Errorf("CheckPassword(%q) = %v, want %v", tt.password, err, tt.want)
		}
	}
}

// madePassword is the form of a made password: at least 60 bits of 30 kinds, none of them a look-alike.
var madePassword = regexp.MustCompile(`^[a-hjkmnp-tv-z2-9]{5}(-[a-hjkmnp-tv-z2-9]{5}){2}$`)

func TestRandomPassword(t *testing.T) {
	seen, counts := map[string]bool{}, map[rune]int{}
	for range 2_000 {
		password := accounts.RandomPassword()
		if accounts.CheckPassword(password) != nil || seen[password] || !madePassword.MatchString(password) {
			t.Fatalf("made %q", password)
		}
		seen[password] = true
		for _, c := range strings.ReplaceAll(password, "-", "") {
			counts[c]++
		}
	}
	for c, n := range counts { // 30,000 characters, 1,000 of each kind, six standard deviations
		if n < 810 || n > 1_190 {
			t.Errorf("%q stands %d times in 30,000 characters of %d kinds", c, n, len(counts))
		}
	}
}

func TestNormalizeUsername(t *testing.T) {
	tests := []struct {
		typed, want string
		err         error
	}{
		{"hana", "hana", nil}, {" Ｈａｎａ　", "hana", nil}, {"山田.太郎", "山田.太郎", nil}, {"a_b-c@d.example+1", "a_b-c@d.example+1", nil},
		{"ﾊﾅｺ", "ハナコ", nil}, {"ÅSA", "åsa", nil}, {"A\u030asa", "åsa", nil}, {"हिन्दी", "हिन्दी", nil},
		{"", "", accounts.ErrUsernameEmpty}, {" 　", "", accounts.ErrUsernameEmpty},
		{strings.Repeat("a", 64), strings.Repeat("a", 64), nil}, {strings.Repeat("a", 65), "", accounts.ErrUsernameLong},
		{strings.Repeat(" ", 2_000) + "a", "", accounts.ErrUsernameLong},
		{"a b", "", accounts.ErrUsernameCharacters}, {"a\x00", "", accounts.ErrUsernameCharacters}, {"a\u200b", "", accounts.ErrUsernameCharacters},
		{"a;b", "", accounts.ErrUsernameCharacters}, {"a\xff", "", accounts.ErrUsernameCharacters}, {"=1+1", "", accounts.ErrUsernameCharacters},
		{"-a", "", accounts.ErrUsernameStart}, {"@a", "", accounts.ErrUsernameStart},
	}
	for _, tt := range tests {
		got, err := accounts.NormalizeUsername(tt.typed)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("NormalizeUsername(%.80q) = %q, %v, want %q, %v", tt.typed, got, err, tt.want, tt.err)
		}
	}
}

func TestClientOf(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	tests := []struct {
		name, remote string
		forwarded    []string
		prefix       string
		address      string
		local        bool
	}{
		{"direct", "192.0.2.77:1234", nil, "192.0.2.0/24", "192.0.2.77", false},
		{"direct IPv6", "[2001:db8:1:2:3:4:5:6]:1", nil, "2001:db8:1:2::/64", "2001:db8:1:2:3:4:5:6", false},
		{"this machine", "127.0.0.1:1", nil, "127.0.0.0/24", "127.0.0.1", true},
		{"this machine, IPv6", "[::1]:1", nil, "::/64", "::1", true},
		{"IPv4 within IPv6", "[::ffff:192.0.2.77]:1", nil, "192.0.2.0/24", "192.0.2.77", false},
		{"a zone", "[fe80::1%eth0]:1", nil, "fe80::/64", "fe80::1", false},
		{"an unknown proxy on this machine", "127.0.0.1:1", []string{"127.0.0.1"}, "127.0.0.0/24", "127.0.0.1", false},
		{"a forged header", "192.0.2.77:1", []string{"127.0.0.1"}, "192.0.2.0/24", "192.0.2.77", false},
		{"a trusted proxy", "10.1.1.1:1", []string{"198.51.100.9"}, "198.51.100.0/24", "198.51.100.9", false},
		{"left of the client is forged", "10.1.1.1:1", []string{"127.0.0.1, 198.51.100.9"}, "198.51.100.0/24", "198.51.100.9", false},
		{"two trusted proxies, two lines", "10.1.1.1:1", []string{"203.0.113.5, 198.51.100.9", "10.2.2.2"}, "198.51.100.0/24", "198.51.100.9", false},
		{"only proxies", "10.1.1.1:1", []string{"10.3.3.3, 10.2.2.2"}, "10.3.3.0/24", "10.3.3.3", false},
		{"a trusted proxy without a header", "10.1.1.1:1", nil, "10.1.1.0/24", "10.1.1.1", false},
		{"rubbish", "10.1.1.1:1", []string{"198.51.100.9, unknown"}, "10.1.1.0/24", "10.1.1.1", false},
		{"rubbish behind a proxy", "10.1.1.1:1", []string{"<script>, 10.2.2.2"}, "10.2.2.0/24", "10.2.2.2", false},
		{"with ports", "[fd00::1]:1", []string{"[2001:db8::1]:443, 10.1.1.1:80"}, "2001:db8::/64", "2001:db8::1", false},
		{"in brackets", "10.1.1.1:1", []string{"[2001:db8::1]"}, "2001:db8::/64", "2001:db8::1", false},
		{"more hops than anybody has", "10.1.1.1:1", []string{"198.51.100.9" + strings.Repeat(",10.2.2.2", 20)}, "10.2.2.0/24", "10.2.2.2", false},
		{"no address", "@", nil, "unknown", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/login", nil)
			r.RemoteAddr = tt.remote
			r.Header.Set("User-Agent", "Mozilla/5.0\x00")
			for _, line := range tt.forwarded {
				r.Header.Add("X-Forwarded-For", line)
			}
			got := accounts.ClientOf(r, proxies)
			if want := (accounts.Client{Prefix: tt.prefix, Local: tt.local, Address: tt.address, Agent: "Mozilla/5.0"}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestLive(t *testing.T) {
	const hour = 60 * exam.Minute
	const created = exam.Instant(1_000_000_000_000)
	tests := []struct {
		name     string
		change   func(*store.Viewer)
		now      exam.Instant
		wantLive bool
	}{
		{"new", func(*store.Viewer) {}, created, true},
		{"idle for long", func(*store.Viewer) {}, created.Add(12 * hour), true},
		{"idle for too long", func(*store.Viewer) {}, created.Add(12*hour + 1), false},
		{"heard of", func(v *store.Viewer) { v.SignIn.LastSeen = created.Add(160 * hour) }, created.Add(168 * hour), true},
		{"a week old", func(v *store.Viewer) { v.SignIn.LastSeen = created.Add(168 * hour) }, created.Add(168*hour + 1), false},
		{"writing", func(v *store.Viewer) { v.WritingUntil = created.Add(500 * hour) }, created.Add(500 * hour), true},
		{"done writing", func(v *store.Viewer) { v.WritingUntil = created.Add(500 * hour) }, created.Add(500*hour + 1), false},
		{"writing for ever", func(v *store.Viewer) { v.WritingUntil = exam.Forever }, created.Add(9_999 * hour), true},
		{"revoked while writing", func(v *store.Viewer) { v.WritingUntil, v.SignIn.Revoked = exam.Forever, created }, created, false},
		{"disabled while writing", func(v *store.Viewer) { v.WritingUntil, v.User.Disabled = exam.Forever, true }, created, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := store.Viewer{SignIn: store.SignIn{Created: created, LastSeen: created}}
			tt.change(&v)
			if got := accounts.Live(&v, tt.now); got != tt.wantLive {
				t.Errorf("Live = %v", got)
			}
		})
	}
}

// seenWriter remembers what was written, and fails or hangs when told to.
type seenWriter struct {
	mu     sync.Mutex
	writes []map[string]exam.Instant
	fail   error
	hang   bool
}

func (w *seenWriter) Seen(ctx context.Context, at map[string]exam.Instant) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	w.writes = append(w.writes, maps.Clone(at))
	return w.fail
}

func (w *seenWriter) behave(fail error, hang bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail, w.hang = fail, hang
}

func (w *seenWriter) written() []map[string]exam.Instant {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.writes)
}

func withPresence(t *testing.T, w *seenWriter, test func(p *accounts.Presence, stop func())) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := accounts.NewPresence(w, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { p.Run(ctx); close(done) }()
		stop := func() { cancel(); <-done }
		defer stop()
		test(p, stop)
	})
}

func TestPresenceIsWrittenTogether(t *testing.T) {
	var w seenWriter
	withPresence(t, &w, func(p *accounts.Presence, stop func()) {
		p.Note("a", 2)
		p.Note("a", 1)
		p.Note("b", 3)
		p.Note("", 9)
		time.Sleep(4 * time.Second)
		if writes := w.written(); len(writes) != 0 {
			t.Errorf("written early: %v", writes)
		}
		time.Sleep(6 * time.Second)
		want := map[string]exam.Instant{"a": 2, "b": 3}
		if writes := w.written(); len(writes) != 1 || !maps.Equal(writes[0], want) {
			t.Fatalf("writes %v, want one of %v", writes, want)
		}
		p.Note("c", 4)
		stop()
		if writes := w.written(); len(writes) != 2 || writes[1]["c"] != 4 {
			t.Errorf("not written at the end: %v", writes)
		}
	})
}

func TestPresenceIsKeptWhenTheStoreFails(t *testing.T) {
	var w seenWriter
	w.behave(store.ErrUnavailable, false)
	withPresence(t, &w, func(p *accounts.Presence, stop func()) {
		p.Note("a", 1)
		p.Note("b", 1)
		time.Sleep(6 * time.Second)
		w.behave(nil, false)
		p.Note("a", 7)
		time.Sleep(5 * time.Second)
		writes := w.written()
		if last := writes[len(writes)-1]; len(writes) != 2 || !maps.Equal(last, map[string]exam.Instant{"a": 7, "b": 1}) {
			t.Errorf("writes %v", writes)
		}
	})
}

func TestPresenceIsBoundedAndEndsInTime(t *testing.T) {
	var w seenWriter
	withPresence(t, &w, func(p *accounts.Presence, stop func()) {
		for i := range 20_000 {
			p.Note(strconv.Itoa(i), 1)
		}
		p.Note("0", 5)
		time.Sleep(6 * time.Second)
		if writes := w.written(); len(writes) != 1 || len(writes[0]) != 10_000 || writes[0]["0"] != 5 {
			t.Errorf("%d writes, want one of 10,000 sign-ins", len(writes))
		}
		w.behave(nil, true)
		p.Note("a", 1)
		start := time.Now()
		stop()
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("a hung database held up the end for %v", took)
		}
	})
}
