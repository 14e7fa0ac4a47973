// Package e2e holds tests only: they run the program as its users do, in a
// browser and by HTTP, in one process and over several instances, kill it at
// the places where an answer could be lost, and look at what is left. They
// know the wire contract (docs/design.md, section 7), not the code.
package e2e
