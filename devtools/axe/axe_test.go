package axe_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
)

// page is one that nothing is wrong with, but for what it holds.
const page = `<!DOCTYPE html><html lang="en"><head><title>A page</title><link rel="icon" href="data:,"></head>
<body><main><h1>A page</h1>%s</main></body></html>`

// Each fault is found on a page with a strict content policy, by its rule, with the element that has it.
func TestFaultsAreFound(t *testing.T) {
	body := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src 'self' data:")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, page, body)
	}))
	t.Cleanup(s.Close)
	tab := browser.Start(t).Person(t, browser.Options{Base: s.URL}).First()
	tests := []struct{ name, body, rule, selector string }{
		{"sound", `<p>Text</p>`, "", ""},
		{"a field without a label", `<input id="nameless">`, "label", "#nameless"},
		{"a picture without a text", `<img id="mute" src="data:,">`, "image-alt", "#mute"},
		{"a button without a name", `<button id="empty"></button>`, "button-name", "#empty"},
		{"pale text", `<p><font id="pale" color="#cccccc">pale</font></p>`, "color-contrast", "#pale"},
		{"small targets", `<div><button id="one" aria-label="1"></button><button aria-label="2"></button></div>`, "target-size", "#one"},
		{"another name than is seen", `<button id="other" aria-label="Close the window">Send the form</button>`, "label-content-name-mismatch", "#other"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body = tt.body
			tab.Open("/")
			got := strings.Join(axe.Faults(tab), "\n")
			if tt.rule == "" && got != "" || !strings.Contains(got, tt.rule) || !strings.Contains(got, tt.selector) {
				t.Errorf("found %q", got)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprintf(w, page, "") }))
	t.Cleanup(s.Close)
	tab := browser.Start(t).Person(t, browser.Options{Base: s.URL}).First()
	tab.Open("/")
	axe.Check(t, tab)
	if got := browser.Eval[string](tab, "axe.version"); got != axe.Version {
		t.Errorf("axe-core %s, said to be %s", got, axe.Version)
	}
}
