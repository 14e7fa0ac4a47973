package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
	"shiken/devtools/proc"
	"shiken/devtools/services"
	"shiken/questionset"
)

// Bounds of what is measured of the pages.
const (
	pageViews     = 10
	authorWaits   = 20 * time.Minute // for one page or file
	adminPassword = "bench-admin-password"
)

// author is the browser of an author of an instance that is measured.
type author struct {
	*http.Client
	instance *cluster.Instance
	out      io.Writer
}

// bankPages measures in the embedded shape what the author of a large file waits for, and what candidates notice of
// its load: the instance serves the bank that was loaded into the folder.
func bankPages(ctx context.Context, out io.Writer, binary, file, data string) (err error) {
	port, err := services.FreePort()
	if err != nil {
		return err
	}
	i := cluster.NewInstance("shiken", binary, fmt.Sprintf("127.0.0.1:%d", port), filepath.Join(filepath.Dir(file), "log"), map[string]string{
		"SHIKEN_DATA": data, "SHIKEN_DEMO": "1", "SHIKEN_LOG": "json", "SHIKEN_ADMIN_PASSWORD": adminPassword,
	})
	if err := i.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.Terminate()) }()
	a, err := newAuthor(ctx, out, i)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\npages over the bank, SQLite: each %d times\n", pageViews)
	fmt.Fprintf(out, "  %-46s %10s %12s %12s\n", "", "s, median", "s processor", "MiB at most")
	report, err := a.upload(ctx, file)
	if err != nil {
		return err
	}
	if err := a.views(ctx, report); err != nil {
		return err
	}
	if err := a.exports(ctx); err != nil {
		return err
	}
	return a.loads(ctx, binary, file, report)
}

func newAuthor(ctx context.Context, out io.Writer, i *cluster.Instance) (*author, error) {
	c, err := client.New(i.URL())
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if _, err := c.SignIn(ctx, "admin", adminPassword); err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(i.URL())
	if err != nil {
		return nil, err
	}
	jar.SetCookies(base, c.Cookies())
	return &author{Client: &http.Client{Jar: jar, Timeout: authorWaits}, instance: i, out: out}, nil
}

// send asks for a path and returns where that led, and what it answered.
func (a *author) send(ctx context.Context, method, path, contentType string, body io.Reader) (at *url.URL, text string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, a.instance.URL()+path, body)
	if err != nil {
		return nil, "", err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("Origin", a.instance.URL())
	}
	resp, err := a.Do(req)
	if err != nil {
		return nil, "", err
	}
	answer, err := io.ReadAll(resp.Body)
	err = errors.Join(err, resp.Body.Close())
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("bench: %s %s: %s\n%.2000s", method, path, resp.Status, answer)
	}
	return resp.Request.URL, string(answer), err
}

func (a *author) get(ctx context.Context, path string) (string, error) {
	_, text, err := a.send(ctx, http.MethodGet, path, "", nil)
	return text, err
}

// upload sends the file, packed, and returns the address of its report once that is there.
func (a *author) upload(ctx context.Context, file string) (string, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "bank.zip")
	if err == nil {
		err = pack(part, file)
	}
	if err = errors.Join(err, form.WriteField("set", "bank"), form.Close()); err != nil {
		return "", err
	}
	at := (*url.URL)(nil)
	err = a.repeat("upload, until the report is there", 1, func() error {
		var text string
		var err error
		at, text, err = a.send(ctx, http.MethodPost, "/author/upload", form.FormDataContentType(), &body)
		for err == nil && strings.Contains(text, "data-reading") {
			at, text, err = a.send(ctx, http.MethodGet, at.RequestURI(), "", nil)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return at.RequestURI(), nil
}

// pack writes a file into a zip.
func pack(to io.Writer, file string) error {
	from, err := os.Open(file) //nolint:gosec // the bench's own file
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // only read
	z := zip.NewWriter(to)
	part, err := z.Create(filepath.Base(file))
	if err == nil {
		_, err = io.Copy(part, from)
	}
	return errors.Join(err, z.Close())
}

// meter is what the instance has used when something begins.
type meter struct {
	begun     time.Time
	processor time.Duration
}

// meter begins anew to note the most memory.
func (a *author) meter() (meter, error) {
	pid := a.instance.Pid()
	used, err := proc.CPUTime(pid)
	if err != nil {
		return meter{}, err
	}
	return meter{time.Now(), used}, proc.ForgetPeak(pid)
}

// views looks at the pages of a report again and again.
func (a *author) views(ctx context.Context, report string) error {
	difference := strings.Replace(report, "?", "/difference?", 1)
	for _, page := range []struct{ what, path string }{
		{"report", report}, {"report, last page", report + "&offset=99990"},
		{"differences", difference}, {"differences, new ones", difference + "&show=new"},
	} {
		if err := a.repeat(page.what, pageViews, func() error { _, err := a.get(ctx, page.path); return err }); err != nil {
			return err
		}
	}
	return nil
}

// repeat does something some times and prints what each took.
func (a *author) repeat(what string, times int, do func() error) error {
	m, err := a.meter()
	if err != nil {
		return err
	}
	var took []time.Duration
	for range times {
		begun := time.Now()
		if err := do(); err != nil {
			return err
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	used, err := proc.CPUTime(a.instance.Pid())
	if err != nil {
		return err
	}
	peak, err := proc.PeakMemory(a.instance.Pid())
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "  %-46s %10.2f %12.2f %12d\n", what, took[len(took)/2].Seconds(), (used-m.processor).Seconds()/float64(times), peak>>20)
	return nil
}

// exports asks for the set in each format.
func (a *author) exports(ctx context.Context) error {
	for _, format := range questionset.WriteFormats() {
		path := "/author/sets/bank/export?sure=1&format=" + string(format)
		err := a.repeat("export, "+string(format), 1, func() error { _, err := a.get(ctx, path); return err })
		if err != nil {
			return err
		}
	}
	return nil
}
