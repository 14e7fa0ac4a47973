package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// attachmentLinks are the attachments of a paper or an exam for its pages.
func attachmentLinks(lang string, list []exam.Attachment) []templates.AttachmentLink {
	out := make([]templates.AttachmentLink, len(list))
	for i := range list {
		out[i] = attachmentLink(list[i].Name(lang), &list[i])
	}
	return out
}

func attachmentLink(title string, a *exam.Attachment) templates.AttachmentLink {
	kind := strings.ToUpper(strings.TrimPrefix(path.Ext(a.File), "."))
	return templates.AttachmentLink{Title: title, Media: a.Media, Kind: kind, Bytes: a.Size}
}

// editedAttachments are the attachments of an editor's form, by the names of their files: what is known of
// those that are stored.
func editedAttachments(fields questionset.Fields, known []exam.Attachment) []templates.AttachmentLink {
	out := make([]templates.AttachmentLink, fields.Attachments())
	for i := range out {
		at := "attachments[" + strconv.Itoa(i+1) + "]."
		a := exam.Attachment{File: lastOf(fields[at+"file"]), Media: lastOf(fields[at+"sha256"])}
		if n := slices.IndexFunc(known, func(k exam.Attachment) bool { return k.Media == a.Media }); n >= 0 {
			a.Type, a.Size = known[n].Type, known[n].Size
		}
		out[i] = attachmentLink(a.File, &a)
	}
	return out
}

// showAttachment sends an attachment of the paper to its candidate: from the start until the attempt is over,
// and again with the questions, once answers or keys are released. At other times it leads where the
// attempt's questions lead to.
func (s *Server) showAttachment(w http.ResponseWriter, r *http.Request) error {
	snap, err := s.loadHead(r)
	if err != nil {
		return err
	}
	n, err := wholeNumber(chi.URLParam(r, "attachment"), 1, exam.MaxAttachments)
	if err != nil {
		return errNotFound
	}
	a, attached := &snap.Attempt, snap.Paper.Attachment(int(n))
	if attached == nil {
		return errNotFound
	}
	if a.Status == exam.Paused || !isOver(snap) && heldElsewhere(snap) {
		return seeOther(w, r, templates.AttemptPath(a.ID), "")
	}
	if isOver(snap) {
		released, err := s.showsQuestions(r, snap)
		if err != nil {
			return err
		}
		if !released {
			return seeOther(w, r, templates.ResultPath(a.ID), closedNote(a))
		}
	}
	return s.sendAttachment(w, r, attached)
}

// closedNote tells of an attempt that is over why its page leads to the result.
func closedNote(a *exam.Attempt) templates.Note {
	if a.Status.Closed() || a.Status == exam.Voided {
		return templates.NoteClosed
	}
	return ""
}

// showsQuestions: the result of an attempt that is over shows its questions.
func (s *Server) showsQuestions(r *http.Request, snap *store.Snapshot) (bool, error) {
	if !snap.Attempt.Status.Closed() {
		return false, nil
	}
	state, err := s.Store.ReleaseState(r.Context(), snap.Paper.Exam)
	if err != nil {
		return false, err
	}
	released := exam.ReleasedAt(snap.Paper, &snap.Attempt, state, snap.Now)
	return released.Answers || released.Keys, nil
}

// showAttached sends an attachment of an exam to an author.
func (s *Server) showAttached(w http.ResponseWriter, r *http.Request) error {
	revised, err := s.revised(r)
	if err != nil {
		return err
	}
	list, content := revised.Definition.Attachments, chi.URLParam(r, "content")
	n := slices.IndexFunc(list, func(a exam.Attachment) bool { return a.Media == content })
	if n < 0 {
		return errNotFound
	}
	return s.sendAttachment(w, r, &list[n])
}

// sendAttachment sends a file of a closed list of types as just that. Who may have it is judged each time: a
// browser keeps it and asks again, by a name that does not tell under which hash it is stored.
func (s *Server) sendAttachment(w http.ResponseWriter, r *http.Request, a *exam.Attachment) error {
	f, err := store.OpenMedia(r.Context(), s.Store, a.Media)
	if err != nil {
		return err
	}
	tag := sha256.Sum256([]byte("attachment " + a.Media))
	h := w.Header()
	h.Set("Content-Type", a.Type)
	h.Set("Content-Disposition", inlineFile(a.File))
	h.Set("Content-Security-Policy", attachmentPolicy(a.Type))
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+hex.EncodeToString(tag[:16])+`"`)
	unhurried(r)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(mediaTime)) // without it the server's stays
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// attachmentPolicy lets nothing run and nothing be loaded. Browsers refuse to show a PDF in a sandbox: its
// viewer is one of their own. Around a picture they put a page with styles in it.
func attachmentPolicy(mediaType string) string {
	const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	switch {
	case mediaType == "application/pdf":
		return nothing
	case strings.HasPrefix(mediaType, "image/"):
		return "sandbox; style-src 'unsafe-inline'; " + nothing
	}
	return "sandbox; " + nothing
}

// inlineFile is a Content-Disposition (RFC 6266) that shows a file and names it: in ASCII, and as it is called
// (RFC 5987) where that is more.
func inlineFile(name string) string {
	plain := strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' || c == '"' || c == '\\' || c == '%' {
			return '_'
		}
		return c
	}, name)
	out := `inline; filename="` + plain + `"`
	if plain != name {
		out += "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return out
}
