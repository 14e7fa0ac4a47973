package handlers

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"shiken/exam"
	"shiken/questionset"
)

// SetRoom changes how many bytes the bodies of requests may hold at once.
func (s *Server) SetRoom(size int64) { s.room = newRoom(size) }

// HasRoom reports whether the bodies of further requests may hold so many bytes.
func (s *Server) HasRoom(size int64) bool {
	if !s.room.TryAcquire(size) {
		return false
	}
	s.room.Release(size)
	return true
}

// Row is a row of the table of routes, in words.
type Row struct {
	Method, Pattern, Access, Body string
	Handle                        func(http.ResponseWriter, *http.Request) error
}

var (
	accessNames = []string{"", "public", "signedIn", "ownAttempt", "author", "admin", "nearby", "sessionless"}
	bodyNames   = []string{"", "form", "secret", "json", "upload"}
)

// Rows is the table of routes.
func (s *Server) Rows() []Row {
	var out []Row
	for _, rt := range s.table {
		out = append(out, Row{rt.method, rt.pattern, accessNames[rt.access], bodyNames[rt.body], rt.handle})
	}
	return out
}

// HandlerWith is Handler with more routes.
func (s *Server) HandlerWith(rows ...Row) http.Handler {
	table := s.routes()
	for _, row := range rows {
		table = append(table, route{
			row.Method, row.Pattern, access(indexOf(accessNames, row.Access)), bodyKind(indexOf(bodyNames, row.Body)), row.Handle,
		})
	}
	return s.router(table)
}

func indexOf(names []string, name string) int {
	for i := range names {
		if names[i] == name {
			return i
		}
	}
	return -1
}

// ViewerOf and NowOf are what the middleware found.
var (
	ViewerOf = viewerOf
	NowOf    = nowOf
)

// UploadOf is uploadOf, with what is in an upload.
func UploadOf(r *http.Request) (name string, data []byte, fields url.Values, err error) {
	u, fields, err := uploadOf(r)
	return u.Name, u.Data, fields, err
}

// SetBeat changes the time between two signs of life of a stream.
func (s *Server) SetBeat(d time.Duration) { s.beat = d }

// SetPatience changes how long a request may take.
func (s *Server) SetPatience(d time.Duration) { s.patience = d }

// SetFollowers changes how many pages of sittings may be followed.
func (s *Server) SetFollowers(n int64) { s.followers.most = n }

// Shelve keeps what an upload, read in one way, is said to hold, with a picture.
func (s *Server) Shelve(key string, f *questionset.File, m questionset.Media) {
	_, _ = s.readings.of(key, key, 0, func(func(int)) (*questionset.File, error) {
		f.Media = map[string]questionset.Media{m.Hash: m}
		return f, nil
	})
}

// Readings are readings.
type Readings struct{ readings }

// Read reads, and waits for what was read.
func (s *Readings) Read(ctx context.Context, key string, size int, read func(seen func(int)) (*questionset.File, error)) (*questionset.File, error) {
	x, err := s.of(key, key, size, read)
	if err != nil {
		return nil, err
	}
	return x.wait(ctx)
}

// Begin begins to read for an owner.
func (s *Readings) Begin(key, owner string, read func(seen func(int)) (*questionset.File, error)) error {
	_, err := s.of(key, owner, 0, read)
	return err
}

// Kept is how many bytes and files are kept.
func (s *Readings) Kept() (bytes, files int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.list {
		bytes += x.bytes()
	}
	return bytes, len(s.list)
}

// InlineFile is inlineFile.
var InlineFile = inlineFile

// FromUpload is fromUpload.
var FromUpload = fromUpload

// APIReasons are the reasons of rejection that the API words.
func APIReasons() []exam.Reason { return slices.Collect(maps.Keys(apiReasons)) }

// APICodes are the error codes of the API that are no reasons.
func APICodes() []string {
	out := []string{codeSignedOut}
	for f := range apiText {
		out = append(out, f.code)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
