package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
)

// writer is a candidate whose page saves answer after answer by the API, in the first question of the
// exam "free" of loadAlike. What is not acknowledged it sends again, as it was.
type writer struct {
	person   *client.Client
	attempt  string
	page     string
	options  []string
	seq, rev int64
	command  string // under way, "" if none
}

func newWriter(t *testing.T, base string, a cluster.Account) *writer {
	t.Helper()
	w := &writer{person: signedIn(t, base, a), page: uuid.NewString()}
	page := begin(t, w.person, "free")
	w.attempt = page.Data("attempt")
	inputs := page.Find("input[name=answer]")
	for n := range inputs.Length() {
		w.options = append(w.options, inputs.Eq(n).AttrOr("value", ""))
	}
	if len(w.options) < 2 {
		t.Fatalf("no options: %s", page)
	}
	return w
}

// saved is what the API says of a save.
type saved struct {
	Success bool
	Rev     int64
	Receipt struct {
		Seq  int64
		Hash string
	}
}

// save sends the next answer, or again the one that is under way. The receipt is "" when the instance
// did not acknowledge it.
func (w *writer) save(t *testing.T, base string) (receipt string) {
	t.Helper()
	if w.command == "" {
		w.command, w.seq = uuid.NewString(), w.seq+1
	}
	body, err := json.Marshal(map[string]any{
		"rev": w.rev, "command_id": w.command, "page": w.page, "seq": w.seq, "opening": 1,
		"answer": w.options[w.seq%2],
	})
	if err != nil {
		t.Error(err)
		return ""
	}
	got := request{
		method: http.MethodPut, url: base + "/api/v1/attempts/" + w.attempt + "/responses/1",
		cookies: w.person.Cookies(), contentType: "application/json", body: string(body),
	}.send(t)
	if got.err != nil || got.status == http.StatusServiceUnavailable {
		return ""
	}
	var s saved
	if err := json.Unmarshal([]byte(got.body), &s); err != nil || !s.Success {
		t.Errorf("save: %d %s", got.status, got.body)
		return ""
	}
	w.command, w.rev = "", s.Rev
	return fmt.Sprintf("%s %d %s\n", w.attempt, s.Receipt.Seq, s.Receipt.Hash)
}

// writers save at the same time until they are stopped.
type writers struct {
	list    []*writer
	running sync.WaitGroup
	stop    chan struct{}
	mu      sync.Mutex
	kept    []string // receipts
}

// startWriters lets n candidates begin the exam of loadAlike, and save on the instance.
func startWriters(t *testing.T, i *cluster.Instance, n int) *writers {
	t.Helper()
	loadAlike(t, i)
	ws := &writers{stop: make(chan struct{})}
	for _, a := range candidates(t, i, n) {
		ws.list = append(ws.list, newWriter(t, i.URL(), a))
	}
	ws.start(t, i.URL())
	t.Cleanup(ws.end)
	return ws
}

func (ws *writers) start(t *testing.T, base string) {
	t.Helper()
	stop := ws.stop
	for _, w := range ws.list {
		ws.running.Go(func() {
			for !ended(stop) && !t.Failed() {
				if receipt := w.save(t, base); receipt != "" {
					ws.mu.Lock()
					ws.kept = append(ws.kept, receipt)
					ws.mu.Unlock()
				}
			}
		})
	}
}

func ended(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// end lets the writers finish what is under way. Further calls do nothing.
func (ws *writers) end() {
	ws.mu.Lock()
	if !ended(ws.stop) {
		close(ws.stop)
	}
	ws.mu.Unlock()
	ws.running.Wait()
}

// receipts of all answers that were acknowledged, by now.
func (ws *writers) receipts() []string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return append([]string{}, ws.kept...)
}

// more waits for n further acknowledgements, and returns the receipts of all.
func (ws *writers) more(t *testing.T, n int) []string {
	t.Helper()
	before := len(ws.receipts())
	await(t, "acknowledged answers", func() error {
		if now := len(ws.receipts()); now < before+n {
			return fmt.Errorf("%d of %d", now-before, n)
		}
		return nil
	})
	return ws.receipts()
}

// receiptsFile is a file for verify.
func receiptsFile(t *testing.T, receipts []string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "receipts")
	if err := os.WriteFile(file, []byte(strings.Join(receipts, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
