package static_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"shiken/static"
)

func get(t *testing.T, method, path string) *http.Response {
	t.Helper()
	recorder := httptest.NewRecorder()
	static.Handler(http.NotFoundHandler()).ServeHTTP(recorder, httptest.NewRequest(method, path, nil))
	return recorder.Result()
}

func body(t *testing.T, name string) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	static.Handler(http.NotFoundHandler()).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, static.Path(name), nil))
	return recorder.Body.String()
}

func TestEveryFileIsServedForEver(t *testing.T) {
	types := map[string]string{"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
	hashed := regexp.MustCompile(`^/static/[a-z]+\.[0-9a-f]{12}\.(css|js|svg)$`)
	if !slices.Contains(static.Names(), "app.js") {
		t.Fatalf("names %v lack app.js", static.Names())
	}
	for _, name := range static.Names() {
		path := static.Path(name)
		match := hashed.FindStringSubmatch(path)
		if match == nil {
			t.Fatalf("%s has address %s", name, path)
		}
		got := get(t, http.MethodGet, path)
		for header, want := range map[string]string{
			"Content-Type": types[match[1]], "X-Content-Type-Options": "nosniff",
			"Cache-Control": "public, max-age=31536000, immutable",
		} {
			if got.Header.Get(header) != want {
				t.Errorf("%s: %s = %q, want %q", name, header, got.Header.Get(header), want)
			}
		}
		if got.StatusCode != http.StatusOK || got.ContentLength == 0 {
			t.Errorf("%s: status %d, %d bytes", name, got.StatusCode, got.ContentLength)
		}
	}
}

// A brace that is missing puts all rules that follow into the block before, and no browser says so.
func TestStyleSheetsCloseTheirBlocks(t *testing.T) {
	for _, name := range static.Names() {
		if !strings.HasSuffix(name, ".css") {
			continue
		}
		depth, top := 0, 0
		for number, line := range strings.Split(body(t, name), "\n") {
			if depth > 0 && strings.HasPrefix(line, ".") {
				t.Errorf("%s:%d stands in the block that began at line %d", name, number+1, top)
			}
			if depth == 0 {
				top = number + 1
			}
			depth += strings.Count(line, "{") - strings.Count(line, "}")
		}
		if depth != 0 {
			t.Errorf("%s: %d blocks are open at the end", name, depth)
		}
	}
}

func TestEverythingElse(t *testing.T) {
	app := static.Path("app.js")
	tests := []struct {
		method, path string
		want         int
	}{
		{http.MethodHead, app, http.StatusOK},
		{http.MethodPost, app, http.StatusMethodNotAllowed},
		{http.MethodGet, "/static/app.js", http.StatusNotFound},
		{http.MethodGet, "/static/app.000000000000.js", http.StatusNotFound},
		{http.MethodGet, "/static/", http.StatusNotFound},
		{http.MethodGet, "/static/embed.go", http.StatusNotFound},
		{http.MethodGet, "/static/../embed.go", http.StatusNotFound},
	}
	for _, test := range tests {
		if got := get(t, test.method, test.path); got.StatusCode != test.want {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, got.StatusCode, test.want)
		}
	}
	if len(get(t, http.MethodHead, app).Header.Get("Content-Length")) == 0 {
		t.Error("HEAD has no Content-Length")
	}
}

// A module that imports another by its plain name would get a 404.
func TestModulesImportByAddress(t *testing.T) {
	imports := regexp.MustCompile(`(?:from|import) "([^"]+)"`)
	count := 0
	for _, name := range static.Names() {
		if !strings.HasSuffix(name, ".js") {
			continue
		}
		for _, match := range imports.FindAllStringSubmatch(body(t, name), -1) {
			count++
			if got := get(t, http.MethodGet, match[1]); got.StatusCode != http.StatusOK {
				t.Errorf("%s imports %s: %d", name, match[1], got.StatusCode)
			}
		}
	}
	if count == 0 {
		t.Error("no imports found")
	}
}

func TestPathOfNothingPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	static.Path("no-such.css")
}

// Whoever takes compressed files gets them, and the same file.
func TestFilesAreCompressed(t *testing.T) {
	for header, want := range map[string]string{"gzip, deflate, br": "gzip", "br;q=1.0, gzip;q=0.5": "gzip", "": "", "br": "", "gzip;q=0": "", "xgzip": ""} {
		request := httptest.NewRequest(http.MethodGet, static.Path("app.css"), nil)
		request.Header.Set("Accept-Encoding", header)
		recorder := httptest.NewRecorder()
		static.Handler(http.NotFoundHandler()).ServeHTTP(recorder, request)
		got := recorder.Result()
		if got.Header.Get("Content-Encoding") != want || got.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: headers %v", header, got.Header)
		}
		if want == "" {
			continue
		}
		r, err := gzip.NewReader(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(r); err != nil || string(text) != body(t, "app.css") {
			t.Errorf("%q: another text, %v", header, err)
		}
	}
}

// What every page loads is one file, which asks for no other.
func TestTheMainScriptIsOneFile(t *testing.T) {
	text := body(t, "app.js")
	for _, word := range []string{"class Travel", "class Screen", "function startCountdown"} {
		if strings.Count(text, word) != 1 {
			t.Errorf("%q: %d times", word, strings.Count(text, word))
		}
	}
	if match := regexp.MustCompile(`(?m)^\s*(import|export|//).*`).FindString(text); match != "" {
		t.Errorf("it holds %q", match)
	}
}

// Everything is done by what the browser makes of keys, pointers and voices: no script acts when a pointer goes down or
// comes near, follows its way, drags, hears of motion, or plays (WCAG 2.2, 1.4.2, 1.4.13, 2.5.1, 2.5.2, 2.5.4, 2.5.7).
func TestScriptsLeavePointersAndSoundAlone(t *testing.T) {
	gestures := regexp.MustCompile(`(["']|\.on)((pointer|mouse|touch)(down|move|over|enter|start)|drag[a-z]*|drop|device(motion|orientation)|wheel)\b|\.play\(|autoplay`)
	for _, name := range static.Names() {
		if !strings.HasSuffix(name, ".js") {
			continue
		}
		for _, found := range gestures.FindAllString(body(t, name), -1) {
			t.Errorf("%s: %s", name, found)
		}
	}
}
