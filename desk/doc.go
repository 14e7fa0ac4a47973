// Package desk is what the terminal and the author's pages have in common: where the questions of a
// file go, whether an exam can be drawn from what is stored and what is being loaded, and the loading
// itself. It knows the store and nothing of terminals or pages: faults are codes with arguments.
package desk
