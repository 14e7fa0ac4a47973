package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// Event is a server-sent event (WHATWG HTML §9.2).
type Event struct{ Name, Data string }

// Find selects elements of the event's data, which is HTML: rows of a table among others.
func (e Event) Find(selector string) (*goquery.Selection, error) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader("<table>" + e.Data + "</table>"))
	if err != nil {
		return nil, err
	}
	return doc.Find(selector), nil
}

// Events is an open stream of events.
type Events struct {
	body  io.ReadCloser
	lines *bufio.Reader
}

// Follow opens the stream at a path of the site. It ends with ctx; Close MUST follow.
func (c *Client) Follow(ctx context.Context, path string) (*Events, error) {
	target, err := c.base.Parse(path)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	endless := *c.http
	endless.Timeout = 0
	resp, err := endless.Do(req)
	if err != nil {
		return nil, err
	}
	if kind := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "text/event-stream") {
		return nil, errors.Join(fmt.Errorf("client: %s is no stream of events: %s, %s", path, resp.Status, kind), resp.Body.Close())
	}
	return &Events{body: resp.Body, lines: bufio.NewReader(resp.Body)}, nil
}

// Next waits for an event; io.EOF when the stream has ended.
func (e *Events) Next() (Event, error) {
	var event Event
	var data []string
	for {
		line, err := e.lines.ReadString('\n')
		if err != nil {
			return Event{}, err
		}
		line = strings.TrimRight(line, "\r\n")
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "" && data != nil:
			event.Data = strings.Join(data, "\n")
			return event, nil
		case line == "":
			event = Event{}
		case field == "event":
			event.Name = value
		case field == "data":
			data = append(data, value)
		}
	}
}

// Close ends the stream.
func (e *Events) Close() error { return e.body.Close() }
