package torture

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// site is the cluster as a client's machine sees it.
type site struct {
	base string
	http *http.Client
	// failed counts the answers of 500, which no fault of another part explains.
	failed atomic.Int64
}

// newSite returns the site at base, with connections that are kept alive as a browser does.
func newSite(base string) *site {
	const connections = 1024 // of all tabs together
	return &site{base: base, http: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			MaxIdleConns: connections, MaxIdleConnsPerHost: connections, IdleConnTimeout: time.Minute, DisableCompression: true,
		},
	}}
}

func (s *site) close() { s.http.CloseIdleConnections() }

// request is what a tab sends; sent again it is the same to the byte.
type request struct {
	method, path string
	media        string // of the body
	body         string
	cookie       string
}

// reply is what came back whole.
type reply struct {
	status   int
	location string
	body     []byte
	cookie   string // that the site set for its session; "" = none
	dropped  bool   // the site took the cookie away
}

const (
	mediaJSON = "application/json"
	mediaForm = "application/x-www-form-urlencoded"
	// largest bounds a page.
	largest = 8 << 20
)

// send is one request and its reply. An error means that nothing whole came back.
func (s *site) send(ctx context.Context, q request) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, q.method, s.base+q.path, strings.NewReader(q.body))
	if err != nil {
		return reply{}, err
	}
	if q.media != "" {
		req.Header.Set("Content-Type", q.media)
		req.Header.Set("Origin", s.base)
	}
	if q.cookie != "" {
		req.Header.Set("Cookie", q.cookie)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	if resp.StatusCode == http.StatusInternalServerError {
		s.failed.Add(1)
	}
	return readReply(resp)
}

func readReply(resp *http.Response) (reply, error) {
	var body bytes.Buffer
	_, err := body.ReadFrom(io.LimitReader(resp.Body, largest))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return reply{}, err
	}
	r := reply{status: resp.StatusCode, location: resp.Header.Get("Location"), body: body.Bytes()}
	for _, c := range resp.Cookies() {
		if !strings.HasSuffix(c.Name, "shiken_session") {
			continue
		}
		if r.dropped = c.Value == ""; !r.dropped {
			r.cookie = c.Name + "=" + c.Value
		}
	}
	return r, nil
}
