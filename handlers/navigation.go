package handlers

import (
	"net/http"
	"slices"
	"strings"

	"shiken/store"
	"shiken/templates"
)

// sections are the staff pages that the navigation leads to, the most used first.
var sections = []templates.NavLink{
	{Path: "/admin", Key: "sittings"}, {Path: "/author", Key: "desk"}, {Path: "/author/marking", Key: "marking"},
	{Path: "/admin/people", Key: "people"}, {Path: "/admin/audit", Key: "audit"},
}

// navigation is what of the staff pages somebody with the roles may see. The current section is the one
// whose path begins the request's with the most of it.
func (s *Server) navigation(r *http.Request, roles []store.Role) []templates.NavLink {
	var out []templates.NavLink
	current := -1
	for _, link := range sections {
		if !s.offers(link.Path, roles) {
			continue
		}
		out = append(out, link)
		inside := r.URL.Path == link.Path || strings.HasPrefix(r.URL.Path, link.Path+"/")
		if inside && (current < 0 || len(link.Path) > len(out[current].Path)) {
			current = len(out) - 1
		}
	}
	if current >= 0 {
		out[current].Current = true
	}
	return out
}

// offers: there is such a page, and somebody with the roles may see it.
func (s *Server) offers(path string, roles []store.Role) bool {
	return slices.ContainsFunc(s.table, func(rt route) bool {
		return rt.method == http.MethodGet && rt.pattern == path && rt.access.admits(roles)
	})
}
