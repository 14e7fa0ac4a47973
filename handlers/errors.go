package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"shiken/accounts"
	"shiken/exam"
	"shiken/sessionguard"
	"shiken/store"
	"shiken/templates"
)

// fault is an error with its place in the table of answers.
type fault struct {
	status int
	kind   templates.ErrorKind
	code   string // error_code of the API
}

func (f *fault) Error() string { return fmt.Sprintf("handlers: %s (%d)", f.kind, f.status) }

// The table: every error that reaches a client is one of these. Rejections of the state machine are
// no errors; rejected.go answers them. The API's list of codes is closed, so whatever is wrong with a
// request itself is MALFORMED there; the status tells more.
var (
	errMalformed     = &fault{http.StatusBadRequest, templates.ErrorMalformed, "MALFORMED"}
	errForeignOrigin = &fault{http.StatusForbidden, templates.ErrorForeignOrigin, "MALFORMED"}
	errNotFound      = &fault{http.StatusNotFound, templates.ErrorNotFound, "NOT_FOUND"}
	errMethod        = &fault{http.StatusMethodNotAllowed, templates.ErrorMethod, "MALFORMED"}
	errTooLarge      = &fault{http.StatusRequestEntityTooLarge, templates.ErrorTooLarge, "MALFORMED"}
	errFileTooLarge  = &fault{http.StatusRequestEntityTooLarge, templates.ErrorFileTooLarge, "MALFORMED"}
	errPastedLarge   = &fault{http.StatusRequestEntityTooLarge, templates.ErrorPastedTooLarge, "MALFORMED"}
	errUploadSlow    = &fault{http.StatusRequestTimeout, templates.ErrorUploadSlow, "MALFORMED"}
	errMediaType     = &fault{http.StatusUnsupportedMediaType, templates.ErrorType, "MALFORMED"}
	errBusy          = &fault{http.StatusServiceUnavailable, templates.ErrorBusy, "BUSY"}
	errUnavailable   = &fault{http.StatusServiceUnavailable, templates.ErrorDown, "UNAVAILABLE"}
	errInternal      = &fault{http.StatusInternalServerError, templates.ErrorInternal, "INTERNAL"}

	errPanic     = errors.New("handlers: panic")
	errSignedOut = errors.New("handlers: nobody is signed in")
)

// classify finds an error's place in the table.
func classify(err error) *fault {
	var f *fault
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrErased):
		return errNotFound
	case errors.Is(err, exam.ErrMalformed), errors.Is(err, store.ErrUnstorable):
		return errMalformed
	case errors.Is(err, sessionguard.ErrBusy), errors.Is(err, accounts.ErrBusy):
		return errBusy
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, sessionguard.ErrUnavailable),
		errors.Is(err, context.DeadlineExceeded):
		return errUnavailable
	}
	return errInternal
}

// retryAfter is the wait that a 503 asks for, in seconds.
const retryAfter = "2"

// answerError answers with the page, or the JSON, that the table has for err.
func (s *Server) answerError(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		if !errors.Is(context.Cause(r.Context()), errTooSlow) {
			return // the client is gone
		}
		err = fmt.Errorf("%w: %w", errUnavailable, err)
	}
	if errors.Is(err, errSignedOut) {
		s.answerSignedOut(w, r)
		return
	}
	f := classify(err)
	s.logFault(r, f, err)
	switch f.status {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", allowedMethods(r))
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	if of(r).isAPI {
		writeAPIError(w, r, f.status, f.code, apiText[f], nil)
		return
	}
	if f.status == http.StatusServiceUnavailable && r.Method == http.MethodPost && r.URL.Path == "/login" {
		s.answerSignInLater(w, r)
		return
	}
	view := templates.ErrorView{Kind: f.kind, Status: f.status, RequestID: of(r).id}
	if f == errTooLarge {
		view.Answer = sentText(s.keep(r, fieldsOf(of(r).body)))
	}
	if f.status == http.StatusServiceUnavailable {
		view.Resend, view.Unkept = s.resend(r)
		view.Reload = r.Method == http.MethodGet || r.Method == http.MethodHead
	}
	s.render(w, r, f.status, templates.Error(s.faultPage(r), view))
}

// faultPage is the frame of an error page: with the way around for those whom a route knew already. It asks
// nobody who they are, since what failed may be what would tell.
func (s *Server) faultPage(r *http.Request) templates.Page {
	if v := viewerOf(r); v != nil {
		return s.pageFor(r, &v.User)
	}
	return s.pageOf(r)
}

// Busy answers a request whose session has too many others waiting.
func (s *Server) Busy(w http.ResponseWriter, r *http.Request, err error) {
	s.answerError(w, r, fmt.Errorf("%w: %w", errBusy, err))
}

// Down answers a request that the session store keeps from being served.
func (s *Server) Down(w http.ResponseWriter, r *http.Request, err error) {
	s.answerError(w, r, fmt.Errorf("%w: %w", errUnavailable, err))
}

// page adapts a handler that returns an error.
func (s *Server) page(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.answerError(w, r, err)
		}
	}
}

// logFault logs what is no client's fault, once. A panic was logged where it was caught.
func (s *Server) logFault(r *http.Request, f *fault, err error) {
	switch {
	case f == errBusy: // too many clicks are nobody's fault
		s.Logger.Warn("request refused", "request_id", of(r).id, "error", err)
	case f.status >= http.StatusInternalServerError && !errors.Is(err, errPanic):
		s.Logger.Error("request failed", "request_id", of(r).id, "error", err)
	}
}

// allowedMethods lists what the path of a 405 takes (RFC 9110 §15.5.6).
func allowedMethods(r *http.Request) string {
	path := r.URL.RawPath
	if path == "" {
		path = r.URL.Path
	}
	var out []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
		if !chi.RouteContext(r.Context()).Routes.Match(chi.NewRouteContext(), m, path) {
			continue
		}
		if out = append(out, m); m == http.MethodGet {
			out = append(out, http.MethodHead)
		}
	}
	return strings.Join(out, ", ")
}

func instantTime(i exam.Instant) time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(i)).UTC()
}
