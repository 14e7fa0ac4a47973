// Package cli holds the commands of the program other than serve (docs/design.md §10), and what a
// first start makes. Commands work on a store that the caller opens, in both shapes alike; every
// text comes from the catalogue (package phrase). They know no HTTP, pages or sessions.
package cli
