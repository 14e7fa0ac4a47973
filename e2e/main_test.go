package e2e_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
	"shiken/devtools/proc"
	"shiken/devtools/services"
)

// patience bounds every wait; reaching it fails the test.
const patience = time.Minute

// shared is what the tests of this package use in common.
var shared struct {
	sync.Mutex
	binaries map[string]string // by build flags
}

// program is the path of the program, built once for each list of flags.
func program(t *testing.T, flags ...string) string {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	key := fmt.Sprint(flags)
	if binary, ok := shared.binaries[key]; ok {
		return binary
	}
	dir, err := proc.TempDir("shiken-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	binary, err := cluster.Build(t.Context(), dir, flags...)
	if err != nil {
		t.Fatal(err)
	}
	if shared.binaries == nil {
		shared.binaries = map[string]string{}
	}
	shared.binaries[key] = binary
	return binary
}

// single is an instance of the embedded shape with a data folder of its own.
type single struct {
	*cluster.Instance
	binary, log string
	env         map[string]string
}

// prepareEmbedded makes an instance that is not yet started. It ends with the
// test.
func prepareEmbedded(t *testing.T, binary string) *single {
	t.Helper()
	port, err := services.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := &single{binary: binary, log: filepath.Join(dir, "log"), env: map[string]string{
		"SHIKEN_DATA": filepath.Join(dir, "data"), "SHIKEN_DEMO": "1",
		"SHIKEN_ADMIN_PASSWORD": "e2e-administration", "SHIKEN_TZ": "Asia/Tokyo",
	}}
	s.Instance = cluster.NewInstance("embedded", binary, fmt.Sprintf("127.0.0.1:%d", port), s.log, s.env)
	endWith(t, s.Instance)
	return s
}

// armed is the same instance with an environment that kills it at a failpoint,
// to be started while the other does not run.
func (s *single) armed(t *testing.T, failpoint string) *cluster.Instance {
	t.Helper()
	env := maps.Clone(s.env)
	env["SHIKEN_FAILPOINT"] = failpoint
	i := cluster.NewInstance("armed", s.binary, s.Addr(), s.log, env)
	t.Cleanup(i.Kill)
	return i
}

func endWith(t *testing.T, i *cluster.Instance) {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s", i.Log())
		}
		if err := i.Terminate(); err != nil {
			t.Errorf("end the program: %v", err)
		}
	})
}

// embedded runs the program in its embedded shape.
func embedded(t *testing.T) *cluster.Instance {
	t.Helper()
	s := prepareEmbedded(t, program(t))
	start(t, s.Instance)
	return s.Instance
}

func start(t *testing.T, i *cluster.Instance) {
	t.Helper()
	if err := i.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// candidates makes n accounts.
func candidates(t *testing.T, i *cluster.Instance, n int) []cluster.Account {
	t.Helper()
	accounts, err := i.ImportCandidates(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return accounts
}

// signedIn is an HTTP client that has signed in.
func signedIn(t *testing.T, base string, a cluster.Account) *client.Client {
	t.Helper()
	c, err := client.New(base)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if _, err := c.SignIn(t.Context(), a.Username, a.Password); err != nil {
		t.Fatal(err)
	}
	return c
}

// begin starts the exam and returns its first page.
func begin(t *testing.T, c *client.Client, exam string) *client.Page {
	t.Helper()
	page, err := c.Begin(t.Context(), exam)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// get asks for a page, which must be there.
func get(t *testing.T, c *client.Client, path string) *client.Page {
	t.Helper()
	page, err := c.Get(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if page.Status != 200 {
		t.Fatalf("GET %s: %s", path, page)
	}
	return page
}

// verify asks the program whether every attempt is sound (R11).
func verify(t *testing.T, i *cluster.Instance) {
	t.Helper()
	if out, err := i.Command(t.Context(), "verify"); err != nil {
		t.Errorf("verify: %v\n%s", err, out)
	}
}

// load loads a question set or an exam from a file of this name.
func load(t *testing.T, i *cluster.Instance, name, content string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := i.Command(t.Context(), "load", file); err != nil {
		t.Fatalf("load %s: %v\n%s", name, err, out)
	}
}

// await polls until try succeeds.
func await(t *testing.T, what string, try func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := services.Poll(ctx, func(context.Context) error { return try() }); err != nil {
		t.Fatalf("await %s: %v", what, err)
	}
}

// wantData is an error unless the page's main element has the attribute
// data-NAME with this value.
func wantData(p *client.Page, name, want string) error {
	if got := p.Data(name); got != want {
		return fmt.Errorf("data-%s = %q, want %q: %s", name, got, want, p)
	}
	return nil
}
