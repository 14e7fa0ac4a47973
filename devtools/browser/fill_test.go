package browser_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"shiken/devtools/browser"
)

// TestADownload: the file is the one that the site sends, asked for in the person's language.
func TestADownload(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/file" {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(`<!DOCTYPE html><title>t</title><link rel="icon" href="data:,"><a href="/file" download>Save</a>`))
			return
		}
		w.Header().Set("Content-Disposition", `attachment; filename="table.csv"`)
		_, _ = w.Write([]byte(r.Header.Get("Accept-Language")))
	}))
	t.Cleanup(s.Close)
	tab := browser.Start(t).Person(t, browser.Options{Base: s.URL, Language: "ja"}).First()
	tab.Open("/")
	name, content := tab.Download(tab.Named("a", "Save"))
	if name != "table.csv" || string(content) != "ja" {
		t.Errorf("%s holds %q", name, content)
	}
}
