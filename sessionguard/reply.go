package sessionguard

import (
	"bytes"
	"maps"
	"net/http"
	"time"
)

// reply holds back a handler's answer until its session is saved, so that
// the answer and the session's cookie leave together, or an error page alone.
type reply struct {
	under  http.ResponseWriter
	header http.Header
	status int
	body   bytes.Buffer
}

func newReply(w http.ResponseWriter) *reply {
	return &reply{under: w, header: w.Header().Clone()}
}

// Header implements http.ResponseWriter.
func (r *reply) Header() http.Header { return r.header }

// WriteHeader implements http.ResponseWriter. As in net/http the first final
// status counts; informational ones would leave before the session is saved.
func (r *reply) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
}

// Write implements http.ResponseWriter.
func (r *reply) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

// SetReadDeadline serves http.ResponseController. There is no Unwrap, which
// would let a handler flush or hijack past the buffer.
func (r *reply) SetReadDeadline(t time.Time) error {
	return http.NewResponseController(r.under).SetReadDeadline(t)
}

// SetWriteDeadline serves http.ResponseController.
func (r *reply) SetWriteDeadline(t time.Time) error {
	return http.NewResponseController(r.under).SetWriteDeadline(t)
}

// send writes the answer. An error means that the client is gone: what was
// to be kept is kept.
func (r *reply) send() {
	header := r.under.Header()
	clear(header)
	maps.Copy(header, r.header)
	r.WriteHeader(http.StatusOK)
	r.under.WriteHeader(r.status)
	_, _ = r.body.WriteTo(r.under)
}
