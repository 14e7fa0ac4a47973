package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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

// TestAFormIsFilledInByItsWords: what is pointed at is what the page shows.
func TestAFormIsFilledInByItsWords(t *testing.T) {
	const page = `<p hidden>Send</p><table><tr><td>Ann <b>17</b></td></tr><tr><td>Bob <b>18</b></td></tr></table>
		<form method="post" enctype="multipart/form-data">
		<label for="n.1">Name <i>(whole)</i></label><input id="n.1" name="name" value="before">
		<label>Colour <select name="colour"><option value="r">Red</option><option value="g">Green</option></select></label>
		<label>File <input type="file" name="file"></label>
		<button>Send   all</button></form>`
	sent := make(chan string, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if r.Method == http.MethodPost {
			_, file, err := r.FormFile("file")
			if err != nil {
				t.Error(err)
				return
			}
			sent <- r.PostFormValue("name") + " " + r.PostFormValue("colour") + " " + file.Filename
		}
		_, _ = fmt.Fprintf(w, `<!DOCTYPE html><title>t</title><link rel="icon" href="data:,"><main>%s</main>`, page)
	}))
	t.Cleanup(s.Close)
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	tab := browser.Start(t).Person(t, browser.Options{Base: s.URL}).First()
	tab.Open("/")
	if got := tab.Text(tab.Row("tr", "Bob") + " b"); got != "18" {
		t.Errorf("Bob's number is %q", got)
	}
	tab.Fill(tab.Field("form", "Name"), "Carl")
	tab.Select(tab.Field("form", "Colour"), "Green")
	tab.Attach(tab.Field("form", "File"), file)
	tab.Press(tab.Named("button", "Send all"))
	if got := <-sent; got != "Carl g list.csv" {
		t.Errorf("sent %q", got)
	}
}
