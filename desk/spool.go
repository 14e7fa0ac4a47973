package desk

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"shiken/questionset"
)

// maxSpool bounds what is beyond the memory of a spool, in bytes as they are kept.
const maxSpool = 1 << 30

// spoolMemory is what a spool keeps in memory, in bytes.
var spoolMemory = 16 << 20

// spool keeps questions that were read, compressed: in memory, many in a temporary file.
type spool struct {
	head   bytes.Buffer
	file   *os.File // what came when the head was full; nil: nothing
	beyond int64    // bytes in the file

	packed *flate.Writer
	to     *json.Encoder
}

func newSpool() (*spool, error) {
	s := &spool{}
	var err error
	if s.packed, err = flate.NewWriter(spooled{s}, flate.BestSpeed); err != nil {
		return nil, fmt.Errorf("desk: spool: %w", err)
	}
	s.to = json.NewEncoder(s.packed)
	s.to.SetEscapeHTML(false)
	return s, nil
}

// spooled writes what was compressed.
type spooled struct{ to *spool }

// Write implements io.Writer.
func (w spooled) Write(b []byte) (int, error) {
	s := w.to
	if s.file == nil && s.head.Len()+len(b) <= spoolMemory {
		return s.head.Write(b)
	}
	if s.beyond+int64(len(b)) > maxSpool {
		return 0, ErrTooLarge
	}
	if s.file == nil {
		var err error
		if s.file, err = os.CreateTemp("", "shiken-load-*"); err != nil {
			return 0, err
		}
		_ = os.Remove(s.file.Name()) // gone with its last reader, where the system lets it
	}
	n, err := s.file.Write(b)
	s.beyond += int64(n)
	return n, err
}

// add keeps a question.
func (s *spool) add(q *questionset.Question) error {
	if err := s.to.Encode(q); err != nil {
		return fmt.Errorf("desk: spool: %w", err)
	}
	return nil
}

// end is called after the last question.
func (s *spool) end() error {
	err := s.packed.Close()
	s.packed, s.to = nil, nil
	return err
}

// each gives the questions in their order, as often as it is called.
func (s *spool) each(fn func(*questionset.Question) error) error {
	var kept io.Reader = bytes.NewReader(s.head.Bytes())
	if s.file != nil {
		kept = io.MultiReader(kept, io.NewSectionReader(s.file, 0, s.beyond))
	}
	from := json.NewDecoder(flate.NewReader(bufio.NewReader(kept)))
	for {
		var q questionset.Question
		err := from.Decode(&q)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("desk: spool: %w", err)
		}
		if err := fn(&q); err != nil {
			return err
		}
	}
}

// close gives back what the spool takes.
func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if gone := os.Remove(s.file.Name()); !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
