package handlers

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"shiken/i18n"
	"shiken/store"
	"shiken/templates"
)

// render writes a page: into a buffer first, so that a page that cannot be rendered is a 500 and
// never half a page. A client that has closed its half of the connection still reads the answer.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) {
	var b bytes.Buffer
	if err := c.Render(context.WithoutCancel(r.Context()), &b); err != nil {
		s.Logger.Error("page not rendered", "request_id", of(r).id, "error", err)
		http.Error(w, of(r).id, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", s.locale(r).Tag())
	h.Add("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client is gone: nobody to tell
}

// pageOf is what every page needs.
func (s *Server) pageOf(r *http.Request) templates.Page {
	p := templates.Page{Locale: s.locale(r), Display: display(r), Nonce: of(r).nonce, Path: "/"}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		p.Path = pathWithoutNote(r.URL)
		p.Note = templates.ParseNote(r.URL.Query().Get("note"))
	}
	return p
}

func pathWithoutNote(u *url.URL) string {
	q := u.Query()
	q.Del("note")
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).RequestURI()
}

// pageFor is pageOf for a signed-in user.
func (s *Server) pageFor(r *http.Request, u *store.User) templates.Page {
	p := s.pageOf(r)
	p.UserName, p.SignInName = u.Name, u.Username
	p.Owner = s.sign(purposeOwner, u.ID)
	p.Can = templates.Can{Author: author.admits(u.Roles), Admin: admin.admits(u.Roles)}
	p.Nav = s.navigation(r, u.Roles)
	p.Stage = s.stageShown()
	if s.offers("/account", u.Roles) {
		p.Account = "/account"
	}
	return p
}

const localeCookie = "shiken_locale"

func (s *Server) locale(r *http.Request) i18n.Locale {
	if s.Mirrored {
		return i18n.Mirrored().In(s.Zone)
	}
	hint := ""
	if c, err := r.Cookie(localeCookie); err == nil {
		hint = c.Value
	}
	return i18n.Lookup(r.Header.Get("Accept-Language"), hint).In(s.Zone)
}

// seeOther answers 303 with an optional note out of the closed list. The path may have a query.
func seeOther(w http.ResponseWriter, r *http.Request, path string, note templates.Note) error {
	if note != "" {
		joint := "?"
		if strings.Contains(path, "?") {
			joint = "&"
		}
		path += joint + "note=" + url.QueryEscape(string(note))
	}
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}
