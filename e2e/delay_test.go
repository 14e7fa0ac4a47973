package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/devtools/cluster"
)

// delays say how slow the way to the server is for what is sent to it. Reading
// is fast.
type delays struct{ before, after time.Duration }

// sent is a POST that came through, in the order of arrival, with its answer.
type sent struct {
	path, action, command string
	status                int // 0: not answered yet
	location              string
}

// slowWay stands between browser and server, and keeps a list of what was sent.
// A POST is carried to its end even when the browser has given up waiting.
type slowWay struct {
	*httptest.Server
	proxy  http.Handler
	delays delays

	mu    sync.Mutex
	posts []*sent
}

// slow opens a slow way to the instance.
func slow(t *testing.T, i *cluster.Instance, d delays) *slowWay {
	t.Helper()
	target, err := url.Parse(i.URL())
	if err != nil {
		t.Fatal(err)
	}
	w := &slowWay{delays: d, proxy: &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

func (w *slowWay) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.proxy.ServeHTTP(out, r)
		return
	}
	body, post := w.arrived(out, r)
	wait(w.delays.before)
	answer := httptest.NewRecorder()
	r = r.WithContext(context.WithoutCancel(r.Context()))
	r.Body, r.ContentLength = io.NopCloser(body), int64(body.Len())
	w.proxy.ServeHTTP(answer, r)
	wait(w.delays.after)
	for name, values := range answer.Header() {
		out.Header()[name] = values
	}
	out.WriteHeader(answer.Code)
	_, _ = out.Write(answer.Body.Bytes()) // the browser may have gone
	w.mu.Lock()
	defer w.mu.Unlock()
	post.status, post.location = answer.Code, answer.Header().Get("Location")
}

// wait is the way itself, not a wait for something to happen.
func wait(d time.Duration) {
	if d > 0 {
		<-time.After(d)
	}
}

func (w *slowWay) arrived(out http.ResponseWriter, r *http.Request) (*bytes.Buffer, *sent) {
	b := &bytes.Buffer{}
	_, _ = b.ReadFrom(http.MaxBytesReader(out, r.Body, 1<<20)) // a broken one is the server's to refuse
	form, _ := url.ParseQuery(b.String())
	post := &sent{path: r.URL.Path, action: form.Get("action"), command: form.Get("command_id")}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.posts = append(w.posts, post)
	return b, post
}

// settled waits until something was sent, all of it was answered, and the tab
// shows the page to which it led; it returns what was sent.
func (w *slowWay) settled(t *testing.T, tab *browser.Tab) []sent {
	t.Helper()
	for {
		before := w.answered(t)
		// A page is not asked while the browser waits for the next one.
		tab.Await(`document.readyState === "complete"`)
		if after := w.answered(t); len(after) == len(before) {
			return after
		}
	}
}

// answered waits until there is something sent and all of it was answered.
func (w *slowWay) answered(t *testing.T) []sent {
	t.Helper()
	var all []sent
	await(t, "answers to all that was sent", func() error {
		w.mu.Lock()
		defer w.mu.Unlock()
		all = nil
		for _, p := range w.posts {
			all = append(all, *p)
		}
		if len(all) == 0 || slices.ContainsFunc(all, func(p sent) bool { return p.status == 0 }) {
			return fmt.Errorf("sent: %+v", all)
		}
		return nil
	})
	return all
}

// forget empties the list.
func (w *slowWay) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.posts = nil
}
