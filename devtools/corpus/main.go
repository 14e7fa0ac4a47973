// Command corpus reads every file of folders as a question set and says, one line per file, what came of
// it: `make corpus DIR=…`. Files that are no question files are told apart. It exits with 1 when a file
// made the program panic or took too long. With -docs it writes docs/formats.md.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

// settings of a run.
type settings struct {
	docs  string        // file to write; "" = none
	limit time.Duration // for one file
}

func main() {
	var s settings
	flag.StringVar(&s.docs, "docs", "", "write the document of the formats with this run to a file")
	flag.DurationVar(&s.limit, "limit", 10*time.Second, "time for one file")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: corpus [flags] FOLDER…")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := s.run(os.Stdout, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

// run reads the folders, and prints or writes what came of their files.
func (s *settings) run(w io.Writer, folders []string) error {
	var all []outcome
	for _, folder := range folders {
		list, err := readFolder(folder, s.limit)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	if s.docs != "" {
		return os.WriteFile(s.docs, document(all), 0o644) //nolint:gosec // a document for everybody
	}
	out := bufio.NewWriter(w)
	writeLines(out, all)
	writeSummary(out, all)
	if err := out.Flush(); err != nil {
		return err
	}
	return broken(all)
}

// broken is non-nil when the program itself failed on a file.
func broken(all []outcome) error {
	for i := range all {
		if all[i].fault != "" {
			return fmt.Errorf("%s: %s", all[i].path, all[i].fault)
		}
	}
	return nil
}
