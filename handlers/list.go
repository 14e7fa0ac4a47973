package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shiken/templates"
)

// offsetOf reads how many rows of a list stand before the page that is asked for, 0 when that cannot be.
func offsetOf(r *http.Request) int {
	const most = 100_000_000
	n, err := strconv.Atoi(r.URL.Query().Get("offset"))
	if err != nil || n < 0 || n > most {
		return 0
	}
	return n
}

// pagerOf leads through the list that a request asks for.
func pagerOf(r *http.Request, offset, limit, total int) templates.Pager {
	return pagerOn(r, r.URL.Path, offset, limit, total)
}

// pagerOn leads through a list whose page has another path than the request: the answer to a form shows it too.
func pagerOn(r *http.Request, path string, offset, limit, total int) templates.Pager {
	q := r.URL.Query()
	q.Del("offset")
	q.Del("note")
	return templates.Pager{
		Offset: offset, Limit: limit, Total: total, Path: (&url.URL{Path: path, RawQuery: q.Encode()}).String(),
	}
}

// staffPage is what a page of somebody signed in needs.
func (s *Server) staffPage(r *http.Request) templates.Page { return s.pageFor(r, &viewerOf(r).User) }

// searched reads what a list is searched for; what no text in the database can be finds nothing.
func searched(q url.Values, name string) string {
	s := strings.TrimSpace(q.Get(name))
	if len(s) > maxSearch {
		s = s[:maxSearch]
	}
	return strings.ToValidUTF8(s, "")
}

// oneOf reads a choice of a filter, the zero value for one that there is not.
func oneOf[T ~string](q url.Values, name string, known []T) (zero T) {
	if asked := T(q.Get(name)); slices.Contains(known, asked) {
		return asked
	}
	return zero
}
