// Package gallery shows every page of candidates in every state, and the parts
// that they are made of, with canned data: no database, no sessions. It is for
// looking at, for pictures, and for tests of what a page looks like.
package gallery

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"shiken/i18n"
	"shiken/static"
	"shiken/templates"
)

// policy is that of the program's pages.
const policy = "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'self'; img-src 'self'; media-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const nonce = "bm9uY2U"

// State is a page in one of its states.
type State struct {
	// Name is its address below the gallery: letters, digits and hyphens.
	Name string
	// Page renders it.
	Page func(templates.Page) templ.Component
}

// Look says how a state is shown.
type Look struct {
	// Lang is "ja", "en" or "rtl".
	Lang    string
	Display templates.Display
}

// Langs lists what Look.Lang may be.
func Langs() []string { return []string{i18n.Japanese, i18n.English, "rtl"} }

// Path is the address of a state in a look.
func (l Look) Path(name string) string {
	return "/" + name + "?" + url.Values{"lang": {l.Lang}, "display": {l.Display.String()}}.Encode()
}

func (l Look) locale() i18n.Locale {
	zone := time.FixedZone("JST", 9*60*60)
	if l.Lang == "rtl" {
		return i18n.Mirrored().In(zone)
	}
	return i18n.Lookup("", l.Lang).In(zone)
}

// Handler serves the list of all at "/", each state at its name, the parts at "/parts", and the files that
// pages load. Forms lead nowhere.
func Handler() http.Handler {
	states := map[string]State{}
	for _, s := range States() {
		states[s.Name] = s
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		look := lookOf(r)
		name := strings.Trim(r.URL.Path, "/")
		state, known := states[name]
		switch {
		case strings.HasPrefix(r.URL.Path, static.Prefix):
			static.Handler(http.NotFoundHandler()).ServeHTTP(w, r)
		case strings.HasSuffix(name, "/events"), r.Method == http.MethodPost:
			w.WriteHeader(http.StatusNoContent)
		case name == "readyz": // asked by pages of an outage, which is not over
			<-r.Context().Done()
		case name == "":
			show(w, index(look))
		case name == "parts":
			show(w, parts(look))
		case known:
			show(w, state.Page(pageOf(look, r)))
		default:
			http.NotFound(w, r)
		}
	})
}

func lookOf(r *http.Request) Look {
	q := r.URL.Query()
	return Look{Lang: q.Get("lang"), Display: templates.ParseDisplay(q.Get("display"))}
}

func pageOf(look Look, r *http.Request) templates.Page {
	return templates.Page{
		Locale: look.locale(), Display: look.Display, Nonce: nonce, UserName: "山田 花子", Path: r.URL.RequestURI(),
	}
}

// show renders first, so that what cannot be rendered is no half page.
func show(w http.ResponseWriter, page templ.Component) {
	var b bytes.Buffer
	if err := page.Render(context.Background(), &b); err != nil {
		http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // the client is gone: nobody to tell
}
