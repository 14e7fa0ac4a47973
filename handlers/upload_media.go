package handlers

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"golang.org/x/sync/singleflight"

	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// showUploadMedia sends a picture or a sound of a file that its author looks through: nothing of it is
// stored yet.
func (s *Server) showUploadMedia(w http.ResponseWriter, r *http.Request) error {
	name, err := mediaOf(r)
	if err != nil {
		return err
	}
	opts, err := uploadOptions(r)
	if err != nil {
		return err
	}
	up, err := s.ownUpload(r)
	if err != nil {
		return err
	}
	m, err := s.shelf.find(shelfKey(r, &up), name.hash, func() (*questionset.File, error) { return s.parseUpload(r, &up, opts) })
	if err != nil {
		return err
	}
	if m.Type != name.mediaType {
		return errNotFound
	}
	sendMedia(w, r, name, bytes.NewReader(m.Data))
	return nil
}

// shelfKey names an upload and the way in which the request wants it read.
func shelfKey(r *http.Request, up *store.Upload) string { return up.ID + "?" + r.URL.Query().Encode() }

// parseUpload reads a file, one of few at once: a large one takes a processor for seconds.
func (s *Server) parseUpload(r *http.Request, up *store.Upload, opts questionset.Options) (*questionset.File, error) {
	if err := s.parses.Acquire(r.Context(), 1); err != nil {
		return nil, err
	}
	defer s.parses.Release(1)
	return questionset.Parse(r.Context(), up.Name, bytes.NewReader(up.Data), opts)
}

// maxParses is how many uploaded files are read at once for their reports.
const maxParses = 2

// shownMedia are references to media as richtext writes them; in texts quotation marks are escaped.
var shownMedia = regexp.MustCompile(` src="` + questionset.MediaPrefix + `([0-9a-f.a-z]+)"`)

// fromUpload makes the media of a page those of an upload, read as its report was.
func fromUpload(page component, upload, query string) component {
	at := ` src="` + templ.EscapeString(templates.UploadReportPath(upload)+questionset.MediaPrefix) + `$1`
	if query != "" {
		at += strings.ReplaceAll(templ.EscapeString("?"+query), "$", "$$")
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b bytes.Buffer
		if err := page.Render(ctx, &b); err != nil {
			return err
		}
		_, err := w.Write(shownMedia.ReplaceAll(b.Bytes(), []byte(at+`"`)))
		return err
	})
}

// maxShelf bounds the media of uploads that are kept in memory, in bytes, and the files that they are of.
const (
	maxShelf      = 2 * questionset.MaxMediaTotal
	maxShelfFiles = 8
)

// shelf keeps the media of uploads that were looked at last, since a page shows many of one file, and each
// is asked for by itself.
type shelf struct {
	mu      sync.Mutex
	files   []shelved          // the latest used last
	reading singleflight.Group // by key: a file may take long to read, and keeps nobody else waiting
}

type shelved struct {
	key   string // of the upload, read in one way
	media map[string]questionset.Media
}

func (f *shelved) size() (n int) {
	for _, m := range f.media {
		n += len(m.Data)
	}
	return n
}

// find returns media of an upload, which read reads when it is not on the shelf: once, however many ask.
func (s *shelf) find(key, hash string, read func() (*questionset.File, error)) (questionset.Media, error) {
	media, there := s.take(key)
	if !there {
		got, err, _ := s.reading.Do(key, func() (any, error) {
			f, err := read()
			if err != nil {
				return nil, err
			}
			s.keep(key, f.Media)
			return f.Media, nil
		})
		if err != nil {
			return questionset.Media{}, err
		}
		media = got.(map[string]questionset.Media)
	}
	m, there := media[hash]
	if !there {
		return m, errNotFound
	}
	return m, nil
}

// take finds a file on the shelf, which then is the one that was used last.
func (s *shelf) take(key string) (map[string]questionset.Media, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.files, func(f shelved) bool { return f.key == key })
	if i < 0 {
		return nil, false
	}
	found := s.files[i]
	s.files = append(slices.Delete(s.files, i, i+1), found)
	return found.media, true
}

// keep puts the media of a file that was read for its report on the shelf.
func (s *shelf) keep(key string, media map[string]questionset.Media) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = slices.DeleteFunc(s.files, func(f shelved) bool { return f.key == key })
	if len(media) > 0 {
		s.put(key, media)
	}
}

// put adds a file; those that were longest not asked for make room.
func (s *shelf) put(key string, media map[string]questionset.Media) {
	s.files = append(s.files, shelved{key, media})
	total := 0
	for i := range s.files {
		total += s.files[i].size()
	}
	for len(s.files) > 1 && (total > maxShelf || len(s.files) > maxShelfFiles) {
		total -= s.files[0].size()
		s.files = slices.Delete(s.files, 0, 1)
	}
}
