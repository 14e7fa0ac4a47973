package handlers_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/handlers"
	"shiken/store"
)

// told is what the route of these tests tells of an upload.
type told struct {
	Name   string
	Size   int
	Fields url.Values
}

// uploading is a site with a route that takes uploads of authors, and a browser of one. The route calls
// meanwhile while it holds the file.
func uploading(t *testing.T, meanwhile func()) (*site, *client) {
	s := newSite(t)
	s.user("cleo", store.RoleAuthor)
	s.handler = s.server.HandlerWith(handlers.Row{
		Method: "POST", Pattern: "/staff/upload", Access: "author", Body: "upload",
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			name, data, fields, err := handlers.UploadOf(r)
			if err != nil {
				return err
			}
			meanwhile()
			return json.NewEncoder(w).Encode(told{name, len(data), fields})
		},
	})
	s.url = browser.Serve(t, s.handler)
	return s, s.signedIn("cleo")
}

// sentPart is a part of a form; with a file it has a file's name.
type sentPart struct {
	name, file string
	isFile     bool
	value      string
}

func formOf(t *testing.T, parts ...sentPart) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var part io.Writer
		var err error
		if p.isFile {
			part, err = w.CreateFormFile(p.name, p.file)
		} else {
			part, err = w.CreateFormField(p.name)
		}
		must(t, err)
		_, err = io.WriteString(part, p.value)
		must(t, err)
	}
	must(t, w.Close())
	return w.FormDataContentType(), b.String()
}

func (c *client) upload(parts ...sentPart) *answer {
	c.t.Helper()
	contentType, body := formOf(c.t, parts...)
	return c.do(http.MethodPost, "/staff/upload", contentType, body)
}

func aFile(name, value string) sentPart {
	return sentPart{name: "file", file: name, isFile: true, value: value}
}

func TestUploads(t *testing.T) {
	t.Parallel()
	_, c := uploading(t, func() {})
	field := sentPart{name: "set", value: "基礎"}
	large := strings.Repeat("x", handlers.MaxFile)
	tests := []struct {
		name  string
		parts []sentPart
		want  told
	}{
		{"a file and a field", []sentPart{aFile("a.csv", "x,y"), field}, told{"a.csv", 3, url.Values{"set": {"基礎"}}}},
		{"fields before the file", []sentPart{field, field, aFile("a.csv", "")}, told{"a.csv", 0, url.Values{"set": {"基礎", "基礎"}}}},
		{"no file chosen", []sentPart{aFile("", "")}, told{"", 0, url.Values{}}},
		{"the largest", []sentPart{aFile("a.csv", large)}, told{"a.csv", handlers.MaxFile, url.Values{}}},
		{"a path of another system", []sentPart{aFile(`C:\Users\x\名簿.csv`, "x")}, told{"名簿.csv", 1, url.Values{}}},
		{"a path", []sentPart{aFile("../../etc/passwd", "x")}, told{"passwd", 1, url.Values{}}},
		{"odd letters", []sentPart{aFile("a\u202egnp\u0085\xff.csv", "x")}, told{"agnp.csv", 1, url.Values{}}},
		{"a long name", []sentPart{aFile(strings.Repeat("漢", 200), "x")}, told{strings.Repeat("漢", 85), 1, url.Values{}}},
	}
	for _, test := range tests {
		a := c.upload(test.parts...)
		if a.code != http.StatusOK {
			t.Errorf("%s: %d", test.name, a.code)
			continue
		}
		var got told
		must(t, json.Unmarshal([]byte(a.body), &got))
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: %.300v, want %.300v", test.name, got, test.want)
		}
	}
}

func TestRefusedUploads(t *testing.T) {
	t.Parallel()
	_, c := uploading(t, func() {})
	over := strings.Repeat("x", handlers.MaxFile+1)
	tests := []struct {
		name  string
		parts []sentPart
		want  int
	}{
		{"too large", []sentPart{aFile("a.csv", over)}, http.StatusRequestEntityTooLarge},
		{"far too large", []sentPart{aFile("a.csv", over+over)}, http.StatusRequestEntityTooLarge},
		{"two files", []sentPart{aFile("a.csv", "x"), aFile("b.csv", "x")}, http.StatusBadRequest},
		{"no file's field", []sentPart{{name: "set", value: "x"}}, http.StatusBadRequest},
		{"a long field", []sentPart{aFile("a.csv", "x"), {name: "set", value: over[:9<<10]}}, http.StatusBadRequest},
		{"a field without a name", []sentPart{aFile("a.csv", "x"), {value: "x"}}, http.StatusBadRequest},
		{"a field that no text is", []sentPart{aFile("a.csv", "x"), {name: "set", value: "\xff"}}, http.StatusBadRequest},
		{"a NUL", []sentPart{aFile("a.csv", "x"), {name: "set", value: "\x00"}}, http.StatusBadRequest},
		{"very many fields", make([]sentPart, 40), http.StatusBadRequest},
	}
	for _, test := range tests {
		if a := c.upload(test.parts...); a.code != test.want {
			t.Errorf("%s: %d, want %d", test.name, a.code, test.want)
		}
	}
	contentType, body := formOf(t, aFile("a.csv", "x"))
	for name, sent := range map[string][2]string{
		"cut off": {contentType, body[:len(body)/2]}, "empty": {contentType, ""}, "another boundary": {"multipart/form-data; boundary=y", body},
	} {
		if a := c.do(http.MethodPost, "/staff/upload", sent[0], sent[1]); a.code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, a.code)
		}
	}
	for _, kind := range []string{formType, "", "multipart/form-data", "multipart/mixed; boundary=x"} {
		c.do(http.MethodPost, "/staff/upload", kind, body).status(http.StatusUnsupportedMediaType)
	}
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		if page := c.upload(aFile("a.csv", over)); !contains(page.text("[role=alert] p"), fmt.Sprintf("%d MB", handlers.MaxFile>>20)) {
			t.Errorf("the limit is not told: %s", page.text("main"))
		}
	}
}

// A pasted text has a bound of its own, which its page tells, with what to do.
func TestPastedTextIsBounded(t *testing.T) {
	t.Parallel()
	_, c := uploading(t, func() {})
	for lang, words := range map[string][]string{"ja": {"1 MB", "ファイルとして"}, "en": {"1 MB", "as a file"}} {
		c.lang = lang
		page := c.upload(sentPart{name: "pasted", value: strings.Repeat("x", 1<<20+1)}).status(http.StatusRequestEntityTooLarge)
		for _, word := range words {
			if !contains(page.text("[role=alert] p"), word) {
				t.Errorf("the page says %q", page.text("main"))
			}
		}
	}
}

// pace is a response that knows when the rest of the request is due.
type pace struct {
	*httptest.ResponseRecorder
	due time.Time
}

func (p *pace) SetReadDeadline(at time.Time) error {
	p.due = at
	return nil
}

// timedBody is a body that comes as far as stop, and then not in time; due is told before each piece.
type timedBody struct {
	text       string
	read, stop int
	due        func(read int)
}

func (b *timedBody) Read(p []byte) (int, error) {
	b.due(b.read)
	if b.read >= b.stop && b.read < len(b.text) {
		return 0, fmt.Errorf("read: %w", os.ErrDeadlineExceeded)
	}
	n := copy(p, b.text[b.read:b.stop])
	b.read += n
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// An upload may take as long as its bytes do at a slow rate, and no longer: who sends nothing is not waited for.
func TestUploadsKeepPace(t *testing.T) {
	t.Parallel()
	s, c := uploading(t, func() {})
	contentType, text := formOf(t, aFile("a.csv", strings.Repeat("x", 4<<20)))
	for stop, want := range map[int]int{0: http.StatusRequestTimeout, len(text) / 2: http.StatusRequestTimeout, len(text): http.StatusOK} {
		w, began := &pace{ResponseRecorder: httptest.NewRecorder()}, time.Now()
		body := &timedBody{text: text, stop: stop, due: func(read int) {
			earliest := began.Add(10*time.Second + time.Duration(read/(64<<10))*time.Second)
			if late := w.due.Sub(earliest); late < 0 || late > time.Since(began)+2*time.Second {
				t.Errorf("after %d bytes the next are due %v after the start", read, w.due.Sub(began))
			}
		}}
		r := httptest.NewRequest(http.MethodPost, "/staff/upload", body)
		r.ContentLength = int64(len(text))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Cookie", "shiken_session="+c.token)
		s.handler.ServeHTTP(w, r)
		if w.Code != want || !w.due.IsZero() {
			t.Errorf("cut off at %d: %d, the rest is due at %v", stop, w.Code, w.due)
		}
	}
}

// The file of somebody who may not send it is not read; the answer is as for any route. Somebody whose
// sign-in has ended is told that the page keeps no file.
func TestUploadsOfOthersAreNotRead(t *testing.T) {
	t.Parallel()
	s, c := uploading(t, func() {})
	for name, want := range map[string]int{"": http.StatusUnauthorized, "ann": http.StatusNotFound} {
		who := s.client()
		if name != "" {
			who = s.signedIn(name)
		}
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		must(t, err)
		// Nothing of the body is ever sent.
		_, err = fmt.Fprintf(conn, "POST /staff/upload HTTP/1.1\r\nHost: x\r\nCookie: shiken_session=%s\r\n"+
			"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n", who.token)
		must(t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(t, err)
		if must(t, res.Body.Close()); res.StatusCode != want {
			t.Errorf("%q is answered %d", name, res.StatusCode)
		}
		must(t, conn.Close())
	}
	must(t, s.store.RevokeSignIn(t.Context(), c.signIn))
	for lang, word := range map[string]string{"ja": "ファイル", "en": "file"} {
		c.lang = lang
		page := c.upload(aFile("a.csv", "x")).status(http.StatusUnauthorized)
		if !contains(page.text("[role=alert] p"), word) || page.doc().Find("main a[href='/login']").Length() != 1 {
			t.Errorf("the page says %s", page.text("main"))
		}
	}
}

// Four uploads are held at once, of large ones two; another is asked to come again, and comes when they have ended.
func TestUploadsAtOnce(t *testing.T) {
	t.Parallel()
	const small, large = 1 << 20, handlers.MaxFile/2 + 2<<20
	for name, sizes := range map[string][]int{
		"small": {small, small, small, small}, "large": {large, large}, "mixed": {small, large, small},
	} {
		t.Run(name, func(t *testing.T) { uploadsAtOnce(t, sizes) })
	}
}

func uploadsAtOnce(t *testing.T, sizes []int) {
	arrived, hold := make(chan bool, len(sizes)+1), make(chan bool)
	s, another := uploading(t, func() {
		arrived <- true
		<-hold
	})
	held := make(chan int, len(sizes))
	for _, size := range sizes {
		c := s.signedIn("cleo")
		contentType, body := formOf(t, aFile("a.csv", strings.Repeat("x", size)))
		go func() {
			a, err := c.try(c.request(http.MethodPost, "/staff/upload", contentType, body))
			if err != nil {
				t.Error(err)
				held <- 0
				return
			}
			held <- a.code
		}()
	}
	for range sizes {
		<-arrived
	}
	a := another.upload(aFile("a.csv", "x")).status(http.StatusServiceUnavailable)
	if a.header.Get("Retry-After") == "" || a.text("[data-unkept]") == "" {
		t.Errorf("the page says %s", a.text("main"))
	}
	close(hold)
	for range sizes {
		if code := <-held; code != http.StatusOK {
			t.Errorf("a held upload is answered %d", code)
		}
	}
	another.upload(aFile("a.csv", "x")).status(http.StatusOK)
}
