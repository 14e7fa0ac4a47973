package sqlstore

import (
	"strconv"
	"strings"
)

// filter is the condition of a list that a page filters. Its parts are a few constant texts, so that
// the statements it makes are few and can be kept prepared.
type filter struct {
	parts []string
	args  []any
}

// and adds a condition. Each ? in it stands for the next of args.
func (f *filter) and(condition string, args ...any) {
	f.parts = append(f.parts, f.numbered(condition))
	f.args = append(f.args, args...)
}

// numbered gives parameters that follow those of f their numbers.
func (f *filter) numbered(text string) string {
	var b strings.Builder
	for n := len(f.args) + 1; ; n++ {
		before, after, found := strings.Cut(text, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		text = after
	}
}

// where is the clause with its leading space, empty without conditions.
func (f *filter) where() string {
	if len(f.parts) == 0 {
		return ""
	}
	return ` WHERE ` + f.all()
}

// all is one condition, that all of them are met.
func (f *filter) all() string {
	if len(f.parts) == 0 {
		return `TRUE`
	}
	return strings.Join(f.parts, ` AND `)
}

// page is what follows an ORDER BY, with the arguments of the whole statement.
func (f *filter) page(offset, limit int) (text string, args []any) {
	return f.numbered(` LIMIT ? OFFSET ?`), append(f.args[:len(f.args):len(f.args)], limit, offset)
}

// contains is a condition on a column that takes a pattern. Case does not count: Postgres folds it by
// Unicode, SQLite that of ASCII alone.
func contains(column string) string { return `lower(` + column + `) LIKE lower(?) ESCAPE '\'` }

// patterns escapes what LIKE takes for wildcards. A NUL, which no text in a database has, finds nothing.
var patterns = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, "\x00", "\uFFFD")

// pattern matches texts that contain another one.
func pattern(part string) string {
	return `%` + patterns.Replace(strings.ToValidUTF8(part, "\uFFFD")) + `%`
}
