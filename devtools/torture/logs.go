package torture

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// keepLogs copies what the instances have printed in all of their lives beside the histories, and counts
// the panics in it.
func (x *ordeal) keepLogs() error {
	var errs []error
	for _, i := range x.parts.Instances {
		errs = append(errs, func() (err error) {
			from, err := i.WholeLog()
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, from.Close()) }()
			to, err := os.OpenFile(filepath.Join(x.o.Folder, i.Name+".log"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, to.Close()) }()
			found, err := panicsIn(io.TeeReader(from, to))
			for _, what := range found {
				x.report.Panics = append(x.report.Panics, i.Name+": "+what)
			}
			return err
		}())
	}
	return errors.Join(errs...)
}

// panicsIn lists the panics of a log: those that a handler caught and logged, and those that ended the
// process, which the runtime prints.
func panicsIn(log io.Reader) ([]string, error) {
	var found []string
	for lines := bufio.NewReader(log); ; {
		line, err := lines.ReadBytes('\n')
		if what := panicIn(bytes.TrimSpace(line)); what != "" {
			found = append(found, what)
		}
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return found, err
		}
	}
}

func panicIn(line []byte) string {
	var entry struct {
		Message string `json:"msg"`
		Panic   string `json:"panic"`
	}
	switch {
	case bytes.HasPrefix(line, []byte("panic: ")), bytes.HasPrefix(line, []byte("fatal error: ")):
		return string(line)
	case json.Unmarshal(line, &entry) == nil && entry.Message == "panic":
		return fmt.Sprintf("panic: %s", entry.Panic)
	}
	return ""
}
