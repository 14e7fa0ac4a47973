package sqlstore

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// Insertion is an INSERT of rows: Into ends with VALUES, Row is one of them with ? for its parameters, End is
// what follows them.
type Insertion struct{ Into, Row, End string }

// manyRows is how many rows one statement of a long list inserts. What is left is inserted row by row, so that
// the statements are two.
const manyRows = 50

// text is the statement for n rows.
func (i Insertion) text(n int) string {
	var b strings.Builder
	b.WriteString(i.Into)
	rows := strings.TrimSuffix(strings.Repeat(i.Row+", ", n), ", ")
	for p := 1; ; p++ {
		before, after, found := strings.Cut(rows, "?")
		b.WriteString(before)
		if !found {
			return b.String() + i.End
		}
		b.WriteString("$" + strconv.Itoa(p))
		rows = after
	}
}

// rowWriter inserts rows of one kind, many at a time.
type rowWriter struct {
	one, many string // statements
	width     int    // parameters of a row
}

func (i Insertion) writer() rowWriter {
	return rowWriter{one: i.text(1), many: i.text(manyRows), width: strings.Count(i.Row, "?")}
}

// write inserts the rows that args are the parameters of, one row after the other. run runs a statement.
func (w rowWriter) write(args []any, run func(sql string, args ...any) error) error {
	if len(args) == 0 {
		return nil
	}
	for len(args) >= manyRows*w.width {
		if err := run(w.many, args[:manyRows*w.width]...); err != nil {
			return err
		}
		args = args[manyRows*w.width:]
	}
	for row := range slices.Chunk(args, w.width) {
		if err := run(w.one, row...); err != nil {
			return err
		}
	}
	return nil
}

// execOn runs statements that give no rows.
func execOn(ctx context.Context, c Conn) func(sql string, args ...any) error {
	return func(sql string, args ...any) error {
		_, err := c.Exec(ctx, sql, args...)
		return err
	}
}
