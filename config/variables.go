package config

import (
	"fmt"
	"strings"

	"shiken/cli/phrase"
)

// variable is one setting. Its meaning stands in the catalogue as "config.meaning." + its flag.
type variable struct {
	name      string
	byDefault string // used as it is
	// derived says that the default follows from other settings; the catalogue explains it as
	// "config.default." + its flag.
	derived  bool
	isSwitch bool // the flag alone means 1
	verbatim bool // white space around the value belongs to it
}

// variables lists every setting in the order of the documentation.
var variables = []variable{
	{name: "SHIKEN_ADDR", byDefault: "127.0.0.1:8080"},
	{name: "SHIKEN_PUBLIC_URL", derived: true},
	{name: "SHIKEN_DATA", byDefault: "./data"},
	{name: "DATABASE_URL"},
	{name: "REDIS_URL"},
	{name: "SHIKEN_SECRET", derived: true, verbatim: true},
	{name: "SHIKEN_TRUSTED_PROXIES"},
	{name: "SHIKEN_ADMIN_PASSWORD", derived: true, verbatim: true},
	{name: "SHIKEN_DEMO", derived: true, isSwitch: true},
	{name: "SHIKEN_TZ", derived: true},
	{name: "SHIKEN_LOG", byDefault: "text,info"},
}

var (
	addr           = byName("SHIKEN_ADDR")
	publicURL      = byName("SHIKEN_PUBLIC_URL")
	data           = byName("SHIKEN_DATA")
	databaseURL    = byName("DATABASE_URL")
	redisURL       = byName("REDIS_URL")
	secret         = byName("SHIKEN_SECRET")
	trustedProxies = byName("SHIKEN_TRUSTED_PROXIES")
	adminPassword  = byName("SHIKEN_ADMIN_PASSWORD")
	demo           = byName("SHIKEN_DEMO")
	zone           = byName("SHIKEN_TZ")
	logging        = byName("SHIKEN_LOG")
)

// byName finds a variable of the list; every caller names one that is there.
func byName(name string) *variable {
	for i := range variables {
		if variables[i].name == name {
			return &variables[i]
		}
	}
	panic("config: no variable " + name)
}

// flag is the name of a variable's flag without dashes: SHIKEN_PUBLIC_URL is public-url.
func (v *variable) flag() string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(v.name, "SHIKEN_")), "_", "-")
}

// Names lists the environment variables, in the order of the documentation.
func Names() []string {
	names := make([]string, len(variables))
	for i := range variables {
		names[i] = variables[i].name
	}
	return names
}

// Table writes the settings as a Markdown table, for the README.
func Table(l phrase.Language) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s | %s | %s |\n|---|---|---|---|\n", l.T("config.table.variable"),
		l.T("config.table.flag"), l.T("config.table.default"), l.T("config.table.meaning"))
	for i := range variables {
		v := &variables[i]
		fmt.Fprintf(&b, "| `%s` | `--%s` | %s | %s |\n",
			v.name, v.flag(), v.defaultIn(l, "`"), l.T("config.meaning."+v.flag()))
	}
	return b.String()
}

// Help writes the settings as plain text, for --help.
func Help(l phrase.Language) string {
	var b strings.Builder
	for i := range variables {
		v := &variables[i]
		fmt.Fprintf(&b, "  --%s (%s)\n      %s", v.flag(), v.name, l.T("config.meaning."+v.flag()))
		if d := v.defaultIn(l, ""); d != "" {
			fmt.Fprintf(&b, " [%s: %s]", l.T("config.table.default"), d)
		}
		b.WriteString("\n")
	}
	return strings.ReplaceAll(b.String(), "`", "")
}

func (v *variable) defaultIn(l phrase.Language, quote string) string {
	switch {
	case v.derived:
		return l.T("config.default." + v.flag())
	case v.byDefault != "":
		return quote + v.byDefault + quote
	}
	return ""
}
