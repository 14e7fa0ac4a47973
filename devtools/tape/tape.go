// Package tape records the statements that a program sends to SQLite through
// database/sql, and executes them again, so that their bare cost can be
// measured: no HTTP, no pages, no code of the product, only texts, arguments
// and the library that runs them.
package tape

import (
	"bufio"
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

// FileVariable names the file that a recording program appends its tape to.
const FileVariable = "SHIKEN_BENCH_TAPE"

// DriverName is the driver that records what it hands on to "sqlite".
const DriverName = "sqlite-taped"

// Statement is one execution.
type Statement struct {
	SQL  string
	Args []Value
	// Query: its rows were read. Else Rows is how many it wrote.
	Query bool
	Rows  int64
	// Writes: it came on the connection that writes.
	Writes bool
	// Options is set instead of all else where a connection was opened: those
	// of its data source name.
	Options string
}

// Begins and ends of transactions, whose texts are shared by all that a
// program does.
func (s *Statement) opens() bool { return strings.HasPrefix(strings.ToUpper(s.SQL), "BEGIN") }
func (s *Statement) closes() bool {
	u := strings.ToUpper(s.SQL)
	return u == "COMMIT" || u == "ROLLBACK"
}
func (s *Statement) Control() bool { return s.opens() || s.closes() }

// Value is an argument; all nil is NULL.
type Value struct {
	Int   *int64     `json:",omitempty"`
	Float *float64   `json:",omitempty"`
	Bool  *bool      `json:",omitempty"`
	Text  *string    `json:",omitempty"`
	Bytes *[]byte    `json:",omitempty"`
	Time  *time.Time `json:",omitempty"`
}

func valueOf(v driver.Value) (Value, error) {
	switch v := v.(type) {
	case nil:
		return Value{}, nil
	case int64:
		return Value{Int: &v}, nil
	case float64:
		return Value{Float: &v}, nil
	case bool:
		return Value{Bool: &v}, nil
	case string:
		return Value{Text: &v}, nil
	case []byte:
		b := bytes.Clone(v)
		return Value{Bytes: &b}, nil
	case time.Time:
		return Value{Time: &v}, nil
	}
	return Value{}, fmt.Errorf("tape: argument of type %T", v)
}

// argument is what database/sql takes.
func (v Value) argument() any {
	switch {
	case v.Int != nil:
		return *v.Int
	case v.Float != nil:
		return *v.Float
	case v.Bool != nil:
		return *v.Bool
	case v.Text != nil:
		return *v.Text
	case v.Bytes != nil:
		return *v.Bytes
	case v.Time != nil:
		return *v.Time
	}
	return nil
}

// Reader reads a tape while it grows.
type Reader struct {
	name string
	read int64
}

// NewReader reads the tape in a file that need not be there yet.
func NewReader(name string) *Reader { return &Reader{name: name} }

// Take returns what was recorded since the last call. A program's statement is
// on the tape before the program sees its result.
func (r *Reader) Take() ([]Statement, error) {
	f, err := os.Open(r.name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	if _, err := f.Seek(r.read, 0); err != nil {
		return nil, err
	}
	var list []Statement
	for in := bufio.NewReader(f); ; {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return list, nil // the rest of a line that is being written comes next time
		}
		var s Statement
		if err := json.Unmarshal(line, &s); err != nil {
			return nil, fmt.Errorf("tape: %w", err)
		}
		r.read += int64(len(line))
		list = append(list, s)
	}
}
