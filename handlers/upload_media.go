package handlers

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/a-h/templ"
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
	m, err := s.uploadMedia(r, &up, opts, name.hash)
	if err != nil {
		return err
	}
	if m.Type != name.mediaType {
		return errNotFound
	}
	sendMedia(w, r, name, bytes.NewReader(m.Data))
	return nil
}

// uploadMedia finds media of an upload, or of what its author mended of it.
func (s *Server) uploadMedia(r *http.Request, up *store.Upload, opts questionset.Options, hash string) (questionset.Media, error) {
	f, err := s.parseUpload(r, up, opts)
	if err != nil {
		return questionset.Media{}, err
	}
	m, there := f.Media[hash]
	if there {
		return m, nil
	}
	h, err := s.heldUpload(r, up, opts)
	if err != nil {
		return questionset.Media{}, err
	}
	if m, there = h.file.Media[hash]; !there {
		return m, errNotFound
	}
	return m, nil
}

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
