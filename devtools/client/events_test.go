package client_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"shiken/devtools/client"
)

func TestFollowReadsEventsAsABrowserWould(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("kept"); err != nil || r.URL.Path != "/events" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		_, _ = fmt.Fprint(w, "retry: 2000\n\n:\n\nevent: rows\ndata: <tr id=\"a\">\ndata: </tr>\n\nevent: changed\ndata:\n\nevent: lost\n\ndata: half")
	}))
	t.Cleanup(s.Close)
	c, err := client.New(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if _, err := c.Follow(t.Context(), "/events"); err == nil {
		t.Fatal("a page that is not there was followed")
	}
	c.Keep(&http.Cookie{Name: "kept", Value: "yes", Path: "/"})
	events, err := c.Follow(t.Context(), "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = events.Close() }() // read to its end
	for _, want := range []client.Event{{Name: "rows", Data: "<tr id=\"a\">\n</tr>"}, {Name: "changed"}} {
		got, err := events.Next()
		if err != nil || got != want {
			t.Fatalf("%+v (%v), want %+v", got, err, want)
		}
		if rows, err := got.Find("tr#a"); err != nil || (rows.Length() == 1) != (got.Name == "rows") {
			t.Errorf("%s has %d rows (%v)", got.Name, rows.Length(), err)
		}
	}
	if got, err := events.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("after the end %+v, %v", got, err)
	}
}
