// Package gallery shows every page of candidates in every state, and the parts
// that they are made of, with canned data: no database, no sessions. It is for
// looking at, for pictures, and for tests of what a page looks like.
package gallery

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

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
	// Script is a module that brings the page to its state, as a person would or by the modules of the
	// product, which it imports as they import each other; empty where the server alone makes the state.
	Script string
	// Ready is an expression that is true once the script's page is in its state.
	Ready string
	// Answer answers what the page asks for and sends, of the page in the same look; nil answers as if
	// nothing had happened.
	Answer func(http.ResponseWriter, *http.Request, templates.Page)
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
// pages load. Forms lead nowhere, but where a state says so.
func Handler() http.Handler {
	states := map[string]State{}
	for _, s := range States() {
		states[s.Name] = s
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		look := lookOf(r.URL)
		name := strings.Trim(r.URL.Path, "/")
		state, known := states[name]
		switch {
		case known && r.Method == http.MethodGet:
			show(w, state.Page(pageOf(look, r.URL)), scriptOf(state))
		case strings.HasPrefix(r.URL.Path, static.Prefix):
			static.Handler(http.NotFoundHandler()).ServeHTTP(w, r)
		case strings.HasPrefix(name, scripts):
			serveScript(w, states[strings.TrimSuffix(strings.TrimPrefix(name, scripts), ".js")])
		case strings.HasPrefix(name, "media/"):
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = w.Write([]byte(picture)) // the client is gone: nobody to tell
		case name == "":
			show(w, index(look), "")
		case name == "parts":
			show(w, parts(look), "")
		default:
			answer(w, r, states)
		}
	})
}

// answer answers what is no page of the gallery: what the script of a page asks for.
func answer(w http.ResponseWriter, r *http.Request, states map[string]State) {
	from, err := url.Parse(r.Referer())
	if err != nil {
		http.NotFound(w, r)
		return
	}
	state := states[strings.Trim(from.Path, "/")]
	switch {
	case state.Answer != nil:
		state.Answer(w, r, pageOf(lookOf(from), from))
	case r.URL.Path == "/readyz": // asked by pages of an outage, which is not over
		<-r.Context().Done()
	case r.Method == http.MethodGet && !strings.HasSuffix(r.URL.Path, "/events"):
		nothing(w, http.StatusNotFound)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// nothing is an answer that is no page of the product.
func nothing(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
}

func lookOf(u *url.URL) Look {
	q := u.Query()
	return Look{Lang: q.Get("lang"), Display: templates.ParseDisplay(q.Get("display"))}
}

// pageOf is a page of somebody whose browser keeps nothing of earlier pages, unless the address names them.
func pageOf(look Look, u *url.URL) templates.Page {
	owner := u.Query().Get("owner")
	if owner == "" {
		owner = pageID // which show makes another
	}
	return templates.Page{
		Locale: look.locale(), Display: look.Display, Nonce: nonce, UserName: "山田 花子", SignInName: "j2607", Account: templates.AccountPath,
		Owner: owner, Path: u.RequestURI(),
	}
}

// show renders first, so that what cannot be rendered is no half page. No two pages have an id in common, nor an owner.
func show(w http.ResponseWriter, page templ.Component, script string) {
	var b bytes.Buffer
	if err := page.Render(context.Background(), &b); err != nil {
		http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
		return
	}
	out := bytes.ReplaceAll(b.Bytes(), []byte(pageID), []byte(uuid.NewString()))
	out = bytes.Replace(out, []byte("</body>"), []byte(script+"</body>"), 1)
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out) // the client is gone: nobody to tell
}

// scripts is the folder of the states' modules.
const scripts = "scripts/"

func scriptOf(state State) string {
	if state.Script == "" {
		return ""
	}
	return fmt.Sprintf(`<script type="module" nonce=%q src="/%s%s.js"></script>`, nonce, scripts, html.EscapeString(state.Name))
}

var imported = regexp.MustCompile(`from "\./([a-z]+\.js)"`)

// serveScript serves the module of a state, in which the product's modules have their addresses.
func serveScript(w http.ResponseWriter, state State) {
	text := imported.ReplaceAllStringFunc(state.Script, func(match string) string {
		return fmt.Sprintf("from %q", static.Path(imported.FindStringSubmatch(match)[1]))
	})
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write([]byte(text)) // the client is gone: nobody to tell
}

// picture is what questions show that have one.
const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360" viewBox="0 0 640 360"><rect width="640" height="360" fill="#fff"/>` +
	`<path d="M40 320H600M40 320V30M40 290Q200 40 320 180T600 60" fill="none" stroke="#1b2430" stroke-width="4"/></svg>`
