// Package client is a browser without JavaScript for tests and load: it keeps
// cookies, reads pages as a person would and sends their forms. It is written
// from the wire contract (docs/design.md, section 7) and uses nothing of the
// product's code.
package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// patience bounds one request; the product answers well before it.
const patience = 30 * time.Second

// Client is one person's browser. It is used by one goroutine at a time.
type Client struct {
	base *url.URL
	http *http.Client
}

// New returns a client for the site at base, with cookies and connections of
// its own. Redirects are followed as a browser does.
func New(base string) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Client{base: u, http: &http.Client{
		Jar:       jar,
		Timeout:   patience,
		Transport: &http.Transport{MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute},
	}}, nil
}

// Close drops the client's idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Cookies are what the site has set.
func (c *Client) Cookies() []*http.Cookie { return c.http.Jar.Cookies(c.base) }

// Keep makes the client send these cookies, as if the site had set them.
func (c *Client) Keep(cookies ...*http.Cookie) { c.http.Jar.SetCookies(c.base, cookies) }

// Page is an answer, after any redirects.
type Page struct {
	Status int
	URL    *url.URL
	// Answered is the status of the first answer: 303 when the request led
	// here by a redirect.
	Answered int
	doc      *goquery.Document
	text     string
}

// Get asks for a path of the site.
func (c *Client) Get(ctx context.Context, path string) (*Page, error) {
	return c.do(ctx, http.MethodGet, path, nil)
}

// Post sends fields to a path of the site.
func (c *Client) Post(ctx context.Context, path string, fields url.Values) (*Page, error) {
	return c.do(ctx, http.MethodPost, path, fields)
}

func (c *Client) do(ctx context.Context, method, path string, fields url.Values) (*Page, error) {
	target, err := c.base.Parse(path)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, target.String(), strings.NewReader(fields.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", c.base.String())
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	return read(resp)
}

func read(resp *http.Response) (*Page, error) {
	const longest = 8 << 20
	body, err := io.ReadAll(io.LimitReader(resp.Body, longest))
	err = errors.Join(err, resp.Body.Close())
	if err != nil {
		return nil, err
	}
	p := &Page{Status: resp.StatusCode, URL: resp.Request.URL, Answered: firstStatus(resp), text: string(body)}
	p.doc, err = goquery.NewDocumentFromReader(strings.NewReader(p.text))
	return p, err
}

// firstStatus walks back to the request that began a chain of redirects.
func firstStatus(resp *http.Response) int {
	status := resp.StatusCode
	for r := resp; r.Request.Response != nil; {
		r = r.Request.Response
		status = r.StatusCode
	}
	return status
}

// Data is an attribute data-NAME of the page's main element, "" when absent.
func (p *Page) Data(name string) string {
	return p.doc.Find("main").AttrOr("data-"+name, p.doc.Find("[data-"+name+"]").AttrOr("data-"+name, ""))
}

// Text is the page's source.
func (p *Page) Text() string { return p.text }

// Find selects elements of the page.
func (p *Page) Find(selector string) *goquery.Selection { return p.doc.Find(selector) }

func (p *Page) String() string {
	const enough = 600
	text := strings.Join(strings.Fields(p.doc.Find("main").Text()), " ")
	if len(text) > enough {
		text = text[:enough]
	}
	return fmt.Sprintf("%s: %d: %s", p.URL.RequestURI(), p.Status, text)
}
