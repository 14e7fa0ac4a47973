package storm_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
	"shiken/devtools/effort"
	"shiken/devtools/proc"
	"shiken/devtools/services"
)

const (
	// people are imported; each signs in from many devices, since making a
	// thousand passwords takes as long as checking them.
	people  = 40
	devices = 25
	// mostMemory is what a thousand sign-ins at once may take, in bytes.
	mostMemory = 512 << 20
	// patience bounds the storm on a machine that does much else.
	patience = 2 * time.Minute
)

func startProgram(t *testing.T) *cluster.Instance {
	t.Helper()
	dir := t.TempDir()
	binary, err := cluster.Build(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	port, err := services.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	i := cluster.NewInstance("shiken", binary, fmt.Sprintf("127.0.0.1:%d", port), filepath.Join(dir, "log"),
		map[string]string{"SHIKEN_DATA": filepath.Join(dir, "data"), "SHIKEN_DEMO": "0"})
	t.Cleanup(i.Kill)
	if err := i.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return i
}

// device is a browser with an open connection, so that all can send at the same moment.
type device struct {
	account cluster.Account
	http    *http.Client
}

func newDevice(t *testing.T, i *cluster.Instance, account cluster.Account) *device {
	t.Helper()
	conn, err := net.Dial("tcp", i.Addr())
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DialContext: dialOnce(conn)}
	t.Cleanup(transport.CloseIdleConnections)
	return &device{account, &http.Client{
		Jar: jar, Timeout: patience, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// dialOnce gives the connection that is open already, and later ones as usual.
func dialOnce(open net.Conn) func(context.Context, string, string) (net.Conn, error) {
	first := make(chan net.Conn, 1)
	first <- open
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		select {
		case conn := <-first:
			return conn, nil
		default:
			return new(net.Dialer).DialContext(ctx, network, addr)
		}
	}
}

// signIn reports whether the device is signed in. A refusal must be one that a person can understand
// and act on: 429 or 503, with the time after which to try again. Anything else is an error.
func (d *device) signIn(ctx context.Context, base string) (bool, error) {
	form := url.Values{"username": {d.account.Username}, "password": {d.account.Password}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		return false, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := d.http.Do(req)
	if err != nil {
		return false, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return false, err
	case resp.StatusCode == http.StatusSeeOther && len(resp.Cookies()) > 0:
		return true, nil
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable:
		if resp.Header.Get("Retry-After") != "" {
			return false, nil
		}
	}
	return false, fmt.Errorf("answered %s, Retry-After %q:\n%.300s", resp.Status, resp.Header.Get("Retry-After"), text)
}

// TestThousandSimultaneousSignIns holds the program to its memory: each password that is checked
// takes 19 MiB while it is.
func TestThousandSimultaneousSignIns(t *testing.T) {
	effort.Whole(t, "takes half a minute")
	i := startProgram(t)
	accounts, err := i.ImportCandidates(t.Context(), people)
	if err != nil {
		t.Fatal(err)
	}
	var all []*device
	for range devices {
		for _, a := range accounts {
			all = append(all, newDevice(t, i, a))
		}
	}
	begun := time.Now()
	in := storm(t, i, all)
	took := time.Since(begun)
	peak, err := proc.PeakMemory(i.Pid())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d signed in within %.1f s; at most %d MiB", in, len(all), took.Seconds(), peak>>20)
	if in == 0 {
		t.Error("nobody was signed in")
	}
	if peak >= mostMemory {
		t.Errorf("the program took %d MiB, more than %d", peak>>20, mostMemory>>20)
	}
	wantServed(t, i, accounts[0])
}

// storm lets all sign in at the same moment and returns how many could.
func storm(t *testing.T, i *cluster.Instance, all []*device) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var in int
	var mu sync.Mutex
	var wg sync.WaitGroup
	now := make(chan struct{})
	for _, d := range all {
		wg.Go(func() {
			<-now
			ok, err := d.signIn(ctx, i.URL())
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("%s: %v", d.account.Username, err)
			}
			if ok {
				in++
			}
		})
	}
	close(now)
	wg.Wait()
	return in
}

// wantServed wants the program to go on as if nothing had been.
func wantServed(t *testing.T, i *cluster.Instance, a cluster.Account) {
	t.Helper()
	person, err := client.New(i.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer person.Close()
	if _, err := person.SignIn(t.Context(), a.Username, a.Password); err != nil {
		t.Error(err)
	}
}
