package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// maxLine bounds a line of a history, in bytes: a request holds 1 MiB (docs/design.md §7), of which
// JSON may need some more.
const maxLine = 4 << 20

// ErrLine wraps what makes a line of a history unreadable, or too long to be written.
var ErrLine = errors.New("history: line")

// Writer writes a history, an operation a line, in the order of the calls. It is safe for concurrent
// use. Nothing is sure to be written before Flush.
type Writer struct {
	mu  sync.Mutex
	out *bufio.Writer
}

// NewWriter returns a writer to w, which stays the caller's to close.
func NewWriter(w io.Writer) *Writer { return &Writer{out: bufio.NewWriter(w)} }

// Append writes one operation.
func (w *Writer) Append(o Op) error {
	line, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrLine, err)
	}
	if len(line) > maxLine {
		return fmt.Errorf("%w of %d bytes, at most %d", ErrLine, len(line), maxLine)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err = w.out.Write(append(line, '\n'))
	return err
}

// Flush writes what is still held back.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Flush()
}

// ReadAll reads a history to its end. A line that is none, or has a field that nobody knows, is an error
// wrapping ErrLine.
func ReadAll(r io.Reader) ([]Op, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine+1)
	var ops []Op
	for n := 1; lines.Scan(); n++ {
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.DisallowUnknownFields()
		var o Op
		if err := d.Decode(&o); err != nil {
			return ops, fmt.Errorf("%w %d: %w", ErrLine, n, err)
		}
		ops = append(ops, o)
	}
	if err := lines.Err(); err != nil {
		return ops, fmt.Errorf("%w: %w", ErrLine, err)
	}
	return ops, nil
}
