package e2e_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"shiken/devtools/client"
)

const formType = "application/x-www-form-urlencoded"

// request is one to be sent as it is. No redirect is followed.
type request struct {
	method, url string
	cookies     []*http.Cookie
	contentType string
	body        string
}

// answer is what came back.
type answer struct {
	status   int
	location string
	cookies  []*http.Cookie
	body     string
	err      error // no answer
}

// straight follows no redirects, and keeps no cookies.
var straight = &http.Client{
	Timeout:       patience,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{MaxIdleConnsPerHost: 32},
}

func (q request) send(t *testing.T) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), q.method, q.url, strings.NewReader(q.body))
	if err != nil {
		return answer{err: err}
	}
	for _, c := range q.cookies {
		r.AddCookie(c)
	}
	if q.contentType != "" {
		r.Header.Set("Content-Type", q.contentType)
	}
	resp, err := straight.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	body, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header.Get("Location"), resp.Cookies(), string(body), err}
}

// atOnce sends all requests at the same time.
func atOnce(t *testing.T, requests []request) []answer {
	t.Helper()
	answers := make([]answer, len(requests))
	gate := make(chan struct{})
	var wg sync.WaitGroup
	for n, q := range requests {
		wg.Go(func() {
			<-gate
			answers[n] = q.send(t)
		})
	}
	close(gate)
	wg.Wait()
	return answers
}

// press is the request that sends the page's form by a button.
func press(base string, c *client.Client, f *client.Form, action string) request {
	fields := url.Values{}
	for name, values := range f.Fields {
		fields[name] = values
	}
	if action != "" {
		fields.Set("action", action)
	}
	return request{method: http.MethodPost, url: base + f.Action, cookies: c.Cookies(), contentType: formType, body: fields.Encode()}
}

// questionForm is the form of a question's page, answered.
func questionForm(t *testing.T, page *client.Page) *client.Form {
	t.Helper()
	form := page.Form(client.QuestionForm)
	if form == nil {
		t.Fatalf("no question: %s", page)
	}
	form.Fill(func(n int) int { return n - 1 })
	return form
}

// metric sums a metric over the instances at these addresses. labels are those
// that must match, as they stand in the exposition: `kind="move"`.
func metric(t *testing.T, name string, labels []string, bases ...string) float64 {
	t.Helper()
	var sum float64
	for _, base := range bases {
		got := request{method: http.MethodGet, url: base + "/metrics"}.send(t)
		if got.err != nil || got.status != http.StatusOK {
			t.Fatalf("metrics of %s: %d, %v", base, got.status, got.err)
		}
		value, err := sumOf(got.body, name, labels)
		if err != nil {
			t.Fatal(err)
		}
		sum += value
	}
	return sum
}

func sumOf(exposition, name string, labels []string) (float64, error) {
	var sum float64
	known := false
	lines := bufio.NewScanner(strings.NewReader(exposition))
	for lines.Scan() {
		line := lines.Text()
		known = known || strings.HasPrefix(line, "# TYPE "+name+" ")
		key, value, _ := strings.Cut(line, " ")
		if short, _, _ := strings.Cut(key, "{"); short != name || !hasAll(key, labels) {
			continue
		}
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", line, err)
		}
		sum += v
	}
	// A counter with labels is absent before its first event.
	if !known && len(labels) == 0 {
		return 0, fmt.Errorf("no metric %s", name)
	}
	return sum, lines.Err()
}

func hasAll(key string, labels []string) bool {
	for _, l := range labels {
		if !strings.Contains(key, l) {
			return false
		}
	}
	return true
}
