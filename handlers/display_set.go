package handlers

import (
	"net/http"

	"shiken/templates"
)

const displayCookie = "shiken_display"

// setDisplay keeps how this browser's pages look: theme, text, or both. Like the language it stands in a
// cookie of its own.
func (s *Server) setDisplay(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	theme, text := form.Get("theme"), form.Get("text")
	chosen, offered := display(r).With(theme, text)
	if !offered || theme+text == "" {
		return errMalformed
	}
	s.keepChoice(w, displayCookie, chosen.String())
	return seeOther(w, r, templates.LocalPath(form.Get("next")), "")
}

// display is what this browser chose.
func display(r *http.Request) templates.Display {
	c, err := r.Cookie(displayCookie)
	if err != nil {
		return templates.Display{}
	}
	return templates.ParseDisplay(c.Value)
}
