package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shiken/devtools/cluster"
	"shiken/devtools/proc"
	"shiken/devtools/services"
)

// largestForm is how much an instance takes of a form (docs/design.md, section 7).
const largestForm = 1 << 20

// startBalancer runs the balancer before instances that the test plays itself.
func startBalancer(t *testing.T, instances ...*httptest.Server) string {
	t.Helper()
	services.Need(t, "haproxy")
	path, err := services.Find("haproxy")
	if err != nil {
		t.Fatal(err)
	}
	port, err := services.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(config, []byte(cluster.BalancerConfig(len(instances))), 0o600); err != nil {
		t.Fatal(err)
	}
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	cmd := exec.Command(path, "-db", "-f", config)
	cmd.Env = []string{"BALANCER_BIND=" + addr}
	for n, i := range instances {
		cmd.Env = append(cmd.Env, fmt.Sprintf("SHIKEN%d_ADDR=%s", n+1, strings.TrimPrefix(i.URL, "http://")))
	}
	balancer, err := proc.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(balancer.Kill)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := services.Poll(ctx, func(context.Context) error {
		_, err := ask(t, http.MethodGet, "http://"+addr+"/", 0)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return "http://" + addr
}

// ask sends a body of so many bytes and returns what the instance said.
func ask(t *testing.T, method, url string, bytes int) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(strings.Repeat("x", bytes)))
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		err = errors.Join(err, errors.New(resp.Status))
	}
	return string(text), errors.Join(err, resp.Body.Close())
}

// TestFormOfADyingInstanceGoesToAnother sends forms to two instances of which one reads each form
// and is gone before it answers. Where both live, the largest form arrives too.
func TestFormOfADyingInstanceGoesToAnother(t *testing.T) {
	read := func(r *http.Request) int {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			t.Error(err)
		}
		return int(n)
	}
	dying := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if read(r) > 0 {
			panic(http.ErrAbortHandler)
		}
	}))
	defer dying.Close()
	living := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, read(r))
	}))
	defer living.Close()
	one, both := startBalancer(t, dying, living), startBalancer(t, living, living)
	for _, tt := range []struct {
		url   string
		bytes int
	}{{one, 1}, {one, 10_000}, {one, 60_000}, {both, 60_000}, {both, largestForm}} {
		for range 2 { // each instance has its turn
			text, err := ask(t, http.MethodPost, tt.url+"/", tt.bytes)
			if err != nil || text != fmt.Sprint(tt.bytes) {
				t.Errorf("form of %d bytes: %q, %v", tt.bytes, text, err)
			}
		}
	}
}
