// Package static serves the style sheet, the script modules and the icon that
// are built into the program. Every file has an address that changes with its
// content, so that browsers may keep it for ever and instances of different
// versions never mix up theirs.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
)

//go:embed *.css *.js *.svg
var files embed.FS

// Prefix is the path below which Handler answers.
const Prefix = "/static/"

// contentTypes lists what may be served; the type never depends on content.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

type asset struct {
	path, contentType string
	body, zipped      []byte
}

// bundle holds every asset by file name, and the names by hashed address.
type bundle struct {
	byName map[string]asset
	byPath map[string]string
}

var assets = mustBundle(files)

// Path gives the address of a file, such as "/static/app.1f2e3d4c5b6a.js" for
// "app.js". It panics for a name that is not embedded: a fault of the build.
func Path(name string) string {
	a, ok := assets.byName[name]
	if !ok {
		panic("static: no file " + name)
	}
	return a.path
}

// Names lists the embedded files in no particular order.
func Names() []string {
	names := make([]string, 0, len(assets.byName))
	for name := range assets.byName {
		names = append(names, name)
	}
	return names
}

// Handler serves the files at their hashed addresses, GET and HEAD only, to be
// cached for ever. Everything else goes to notFound, which MUST answer it.
func Handler(notFound http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := assets.byPath[r.URL.Path]
		if !ok {
			notFound.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		serve(w, r, assets.byName[name])
	})
}

func serve(w http.ResponseWriter, r *http.Request, a asset) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := a.body
	if takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = a.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		// A write fails only when the client is gone; nobody is left to tell.
		_, _ = w.Write(body)
	}
}

// takesGzip reads Accept-Encoding (RFC 9110 §12.5.3), of which only a plain or weighted "gzip" counts.
func takesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
		if strings.EqualFold(strings.TrimSpace(name), "gzip") && (weight == "" || err == nil && q > 0) {
			return true
		}
	}
	return false
}

// mustBundle panics when the embedded files cannot be read or import each
// other in a circle, which only a broken build can hold.
func mustBundle(source fs.FS) bundle {
	b := bundle{byName: map[string]asset{}, byPath: map[string]string{}}
	entries, err := fs.ReadDir(source, ".")
	if err != nil {
		panic(err)
	}
	for _, entry := range entries {
		if _, known := contentTypes[path.Ext(entry.Name())]; known {
			b.add(source, entry.Name(), nil)
		}
	}
	return b
}

var importPattern = regexp.MustCompile(`(from|import) "\./([a-z_]+\.js)"`)

// add stores a file after the modules that it imports, whose names in the text
// become their hashed addresses: a changed module changes its importers too.
func (b *bundle) add(source fs.FS, name string, importers []string) {
	if _, done := b.byName[name]; done {
		return
	}
	for _, importer := range importers {
		if importer == name {
			panic("static: import circle at " + name)
		}
	}
	body, err := fs.ReadFile(source, name)
	if err != nil {
		panic(err)
	}
	if name == joinedName {
		b.store(name, joined(source, name))
		return
	}
	body = importPattern.ReplaceAllFunc(body, func(match []byte) []byte {
		parts := importPattern.FindSubmatch(match)
		imported := string(parts[2])
		b.add(source, imported, append(importers, name))
		return bytes.Replace(match, []byte("./"+imported), []byte(b.byName[imported].path), 1)
	})
	b.store(name, body)
}

func (b *bundle) store(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	address := Prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	b.byName[name] = asset{path: address, contentType: contentTypes[ext], body: body, zipped: zipped(body)}
	b.byPath[address] = name
}

func zipped(body []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}
