package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"shiken/internal/failpoint"
)

// MaxBody is the greatest length of a request body, uploads aside, in bytes.
const MaxBody = 1 << 20

// mediaTypes are the types of bodies, by their kind.
var mediaTypes = map[bodyKind]string{
	bodyForm: "application/x-www-form-urlencoded", bodySecret: "application/x-www-form-urlencoded",
	bodyJSON: "application/json", bodyUpload: "multipart/form-data",
}

// observe gives the request its exchange, times and logs it, and turns a panic into a 500.
// Logs hold no query, no field and no cookie.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := newExchange()
		r = withExchange(r, x)
		x.isAPI = strings.HasPrefix(r.URL.Path, "/api/")
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			if p := recover(); p != nil {
				s.panicked(ww, r, p)
			}
			s.logged(r, x, ww)
		}()
		next.ServeHTTP(ww, r)
	})
}

func (s *Server) panicked(w middleware.WrapResponseWriter, r *http.Request, p any) {
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.Logger.Error("panic", "request_id", of(r).id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	if w.Status() == 0 {
		s.answerError(w, r, errPanic)
	}
}

func (s *Server) logged(r *http.Request, x *exchange, w middleware.WrapResponseWriter) {
	route := chi.RouteContext(r.Context()).RoutePattern()
	took := x.took()
	s.Metrics.request(r.Method, route, w.Status(), took)
	level := slog.LevelInfo
	if route == "/healthz" || route == "/readyz" || route == "/metrics" || strings.HasPrefix(route, "/static") {
		level = slog.LevelDebug
	}
	s.Logger.Log(r.Context(), level, "request", "request_id", x.id, "method", r.Method, "path", r.URL.Path,
		"status", w.Status(), "bytes", w.BytesWritten(), "ms", float64(took.Microseconds())/1000, "user", x.user)
}

// headers sets what every answer carries. Nothing is loaded from anywhere else, no script or style
// stands in a page, and nobody may frame one.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+of(r).nonce+"'; "+
			"style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; form-action 'self'; "+
			"base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Request-Id", of(r).id)
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// origin refuses what another origin's page sends.
func (s *Server) origin(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(s.page(func(http.ResponseWriter, *http.Request) error { return errForeignOrigin }))
	return guard.Handler(next)
}

// body reads a state-changing request's body whole, in bounds and of the one kind that the route
// takes, and notes when that was done: the arrival of the command (R8).
func (s *Server) body(rt *route, next http.Handler) http.Handler {
	read := s.readBody
	if rt.body == bodyUpload {
		read = s.readUpload
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := of(r)
		x.route = rt
		if rt.body != bodyNone && changes(r) {
			defer s.leaveRoom(x)
			err := read(w, r)
			x.received = time.Now()
			if err != nil {
				s.answerError(w, r, err)
				return
			}
			w = &savedWriter{ResponseWriter: w}
		}
		if rt.body != bodySecret && rt.body != bodyUpload { // those wait for passwords and for readers of files
			var end context.CancelFunc
			r, end = s.bounded(r)
			defer end()
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) readBody(w http.ResponseWriter, r *http.Request) error {
	x := of(r)
	body, err := s.readWhole(r.Context(), http.MaxBytesReader(w, r.Body, MaxBody), MaxBody, x)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return errTooLarge
	case errors.Is(err, errBusy):
		x.unread = true
		return err
	case err != nil:
		return errMalformed
	}
	x.body = body
	if len(body) == 0 {
		return nil
	}
	sent, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	if err != nil || sent != mediaTypes[x.route.body] || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return errMediaType
	}
	return nil
}

// savedWriter stands outside the guard: its first header is written after the session was saved.
type savedWriter struct{ http.ResponseWriter }

func (w *savedWriter) WriteHeader(status int) {
	failpoint.Hit("after_session_save")
	w.ResponseWriter.WriteHeader(status)
}

func (w *savedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
