package handlers

import (
	"net/http"
	"slices"

	"shiken/i18n"
	"shiken/templates"
)

// setLocale keeps the language of this browser. It stands in a cookie of its own and not in the
// session, since it is chosen before anybody signs in and is nobody's secret.
func (s *Server) setLocale(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	tag := form.Get("locale")
	if !slices.Contains(i18n.Tags(), tag) {
		return errMalformed
	}
	s.keepChoice(w, localeCookie, tag)
	return seeOther(w, r, templates.LocalPath(form.Get("next")), "")
}

// keepChoice keeps for a year what somebody chose for this browser.
func (s *Server) keepChoice(w http.ResponseWriter, cookie, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: cookie, Value: value, Path: "/", MaxAge: 365 * 24 * 60 * 60,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}
