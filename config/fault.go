package config

import (
	"strings"

	"shiken/cli/phrase"
)

// Fault is one thing that is wrong with the configuration: the variable, a key of the catalogue
// ("config.fault." + Code), and what the message is filled with, never a secret.
type Fault struct {
	Variable string
	Code     string
	Args     []any
}

// In writes the fault in a language: what is wrong, and how to mend it.
func (f Fault) In(l phrase.Language) string {
	v := byName(f.Variable)
	return f.Variable + " (--" + v.flag() + "): " + l.T("config.fault."+f.Code, f.Args...)
}

// Faults is everything that is wrong with a configuration.
type Faults []Fault

// Error writes every fault in English, a line each.
func (f Faults) Error() string { return f.In(phrase.English) }

// In writes every fault in a language, a line each.
func (f Faults) In(l phrase.Language) string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].In(l)
	}
	return strings.Join(lines, "\n")
}
