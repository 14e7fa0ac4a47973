package handlers_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/a-h/templ"
	"github.com/alexedwards/scs/v2"

	"shiken/exam"
	"shiken/handlers"
	"shiken/questionset"
	"shiken/store"
)

// media makes media of some content.
func media(mediaType string, data []byte) questionset.Media {
	sum := sha256.Sum256(data)
	return questionset.Media{Hash: hex.EncodeToString(sum[:]), Type: mediaType, Name: "m", Data: data}
}

var (
	pixel = media("image/png", []byte("\x89PNG\r\n\x1a\n a picture"))
	// tune is longer than what is read at once.
	tune = media("audio/mpeg", bytes.Repeat([]byte("ID3 a tune "), store.MediaPart/8))
)

// mediaName is what addresses call media.
func mediaName(m questionset.Media) string {
	return strings.TrimPrefix(m.Ref(), questionset.MediaPrefix)
}

// stores puts media into the store.
func (s *site) stores(list ...questionset.Media) {
	s.t.Helper()
	for _, m := range list {
		q := loaded(0, exam.Question{Type: exam.Essay, Stem: exam.Text{Source: m.Ref()}}, exam.Key{})
		_, err := s.store.PutQuestions(s.t.Context(), "of "+m.Hash, []store.LoadedQuestion{q},
			store.Media{Hash: m.Hash, Type: m.Type, Data: m.Data})
		must(s.t, err)
	}
}

// wantsPart asks with a header, and wants a status and a part of the content.
func (c *client) wantsPart(path, header, value string, status int, want []byte) *answer {
	c.t.Helper()
	a := c.asking(http.MethodGet, path, http.Header{header: {value}})
	if a.code != status || a.body != string(want) {
		c.t.Errorf("%s %s: %d with %d bytes, want %d with %d", header, value, a.code, len(a.body), status, len(want))
	}
	return a
}

// asking sends a request with headers.
func (c *client) asking(method, path string, h http.Header) *answer {
	c.t.Helper()
	r := c.request(method, path, "", "")
	maps.Copy(r.Header, h)
	return c.send(r)
}

// Whoever is signed in is sent media as they are, with headers by which a browser takes them for nothing
// else, keeps them and asks for parts of them.
func TestMediaAreSent(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.stores(pixel, tune)
	c := s.signedIn("ann")
	for _, m := range []questionset.Media{pixel, tune} {
		a := c.get(m.Ref()).status(http.StatusOK)
		if a.body != string(m.Data) {
			t.Errorf("%s: %d bytes, want %d", m.Ref(), len(a.body), len(m.Data))
		}
		for header, want := range map[string]string{
			"Content-Type": m.Type, "X-Content-Type-Options": "nosniff", "Etag": `"` + m.Hash + `"`, "Accept-Ranges": "bytes",
			"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, max-age=31536000, immutable",
		} {
			if got := a.header.Values(header); !slices.Equal(got, []string{want}) {
				t.Errorf("%s: %s %q, want %q", m.Ref(), header, got, want)
			}
		}
		head := c.asking(http.MethodHead, m.Ref(), nil)
		if head.code != http.StatusOK || head.body != "" || head.header.Get("Content-Length") != a.header.Get("Content-Length") {
			t.Errorf("HEAD: %d, %v", head.code, head.header)
		}
		c.wantsPart(m.Ref(), "If-None-Match", `"`+m.Hash+`"`, http.StatusNotModified, nil)
		c.wantsPart(m.Ref(), "Range", "bytes=2-5", http.StatusPartialContent, m.Data[2:6])
	}
	c.wantsPart(tune.Ref(), "Range", "bytes=-7", http.StatusPartialContent, tune.Data[len(tune.Data)-7:])
	a := c.asking(http.MethodGet, tune.Ref(), http.Header{"Range": {"bytes=99999999-"}})
	a.status(http.StatusRequestedRangeNotSatisfiable)
}

// Names that are those of no media are not found, whatever else they might be taken for.
func TestMediaThatAreNotThere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.stores(pixel)
	c := s.signedIn("ann")
	for _, name := range []string{
		media("image/png", []byte("other")).Hash + ".png", pixel.Hash, pixel.Hash + ".", pixel.Hash + ".html", pixel.Hash + ".gif",
		pixel.Hash + ".png.png", strings.ToUpper(pixel.Hash) + ".png", pixel.Hash[:63] + ".png", "..%2f" + pixel.Hash + ".png", "x",
	} {
		c.get("/media/" + name).status(http.StatusNotFound)
	}
	s.client().get(pixel.Ref()).leads("/login?next=" + strings.ReplaceAll(pixel.Ref(), "/", "%2F"))
}

// Sending media writes no session.
func TestMediaWriteNoSession(t *testing.T) {
	t.Parallel()
	written := new(atomic.Int64)
	s := newSite(t, func(s *site) { s.beneath = func(in scs.Store) scs.Store { return counting{in, written} } })
	s.stores(pixel)
	a := s.signedIn("ann").get(pixel.Ref()).status(http.StatusOK)
	if n := written.Load(); n != 0 || len(a.header.Values("Set-Cookie")) != 0 {
		t.Errorf("the session was written %d times; cookies %q", n, a.header.Values("Set-Cookie"))
	}
}

// The media of an upload are its owner's.
func TestUploadsMedia(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.user("dora", store.RoleAuthor)
	report := c.brings("a.csv", questionsCSV)
	at := strings.TrimSuffix(report.doc().Find(`form[action$="/discard"]`).AttrOr("action", ""), "/discard")
	id := at[strings.LastIndexByte(at, '/')+1:]
	s.server.Shelve(id+"?csv||", &questionset.File{}, pixel)
	path := at + "/media/" + mediaName(pixel)
	c.wantsPart(path+"?format=csv", "Range", "bytes=0-3", http.StatusPartialContent, pixel.Data[:4])
	c.get(path + "?format=nothing").status(http.StatusBadRequest)
	c.get(path).status(http.StatusNotFound) // read so, it holds none
	c.get(at + "/media/" + pixel.Hash + ".gif?format=csv").status(http.StatusNotFound)
	s.signedIn("dora").get(path + "?format=csv").status(http.StatusNotFound)
	c.get("/media/" + mediaName(pixel)).status(http.StatusNotFound)
}

// A file's pictures are seen in its report before anything is stored, and in the set once it is loaded.
func TestPicturesOfAFile(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	const file = `<quiz><question type="multichoice"><name><text>n</text></name><questiontext format="html">
		<text><![CDATA[<p>Which is <img src="@@PLUGINFILE@@/dot.png" alt="a dot">?</p>]]></text>
		<file name="dot.png" path="/" encoding="base64">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==</file>
		</questiontext><single>true</single>
		<answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer></question></quiz>`
	for _, fields := range [][]string{nil, {"format", "moodle", "set", "Ａ&B"}} {
		report := c.brings("dots.xml", file, fields...).status(http.StatusOK)
		at := report.doc().Find(".desk-question img[alt='a dot']").AttrOr("src", "")
		if !strings.HasPrefix(at, "/author/uploads/") {
			t.Fatalf("the picture is %q\n%s", at, report.body)
		}
		shown := c.get(at).status(http.StatusOK)
		if shown.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(shown.body, "\x89PNG") {
			t.Errorf("%s is %q", at, shown.header.Get("Content-Type"))
		}
		if !contains(report.text("dl.terms"), "1 file, 1 KB") {
			t.Errorf("the report says %q", report.text("dl.terms"))
		}
		name := "/media/" + at[strings.LastIndexByte(at, '/')+1:]
		name, _, _ = strings.Cut(name, "?")
		if fields == nil {
			c.get(name).status(http.StatusNotFound)
		}
		out := s.loads(c, report)
		page := c.get("/author/sets/" + url.PathEscape(out.Set)).status(http.StatusOK)
		if got := page.doc().Find(".desk-question img").AttrOr("src", ""); got != name {
			t.Errorf("the set shows %q, want %q", got, name)
		}
		c.get(name).status(http.StatusOK)
	}
}

// A report shows media out of the upload, and leaves texts alone that look like it.
func TestReportShowsTheUploadsMedia(t *testing.T) {
	t.Parallel()
	page := templ.Raw(`<img src="/media/ab.png" alt="x"/> src=&#34;/media/ab.png&#34; <audio controls="" src="/media/cd.mp3"></audio>`)
	var b bytes.Buffer
	must(t, handlers.FromUpload(page, "u", "format=csv&set=$1").Render(t.Context(), &b))
	want := `<img src="/author/uploads/u/media/ab.png?format=csv&amp;set=$1" alt="x"/> src=&#34;/media/ab.png&#34; ` +
		`<audio controls="" src="/author/uploads/u/media/cd.mp3?format=csv&amp;set=$1"></audio>`
	if b.String() != want {
		t.Errorf("the page is %s\nwant       %s", &b, want)
	}
}
