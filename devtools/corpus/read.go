package main

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"shiken/exam"
	"shiken/questionset"
)

// outcome is what came of one file.
type outcome struct {
	path    string // within its folder, with slashes
	format  questionset.Format
	counts  questionset.Counts
	types   map[exam.QuestionType]int // of the questions that were taken
	reasons map[questionset.Code]int  // of errors
	hints   map[questionset.Code]int  // of warnings
	skipped bool                      // it is no question file
	fault   string                    // the program failed on it
}

// readFolder reads every file below a folder, in the order of their paths. Links are not followed.
func readFolder(folder string, limit time.Duration) ([]outcome, error) {
	var list []outcome
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		list = append(list, readWithin(path, filepath.ToSlash(name), limit))
		return nil
	})
	return list, err
}

// readWithin reads a file and waits for it no longer than limit.
func readWithin(path, name string, limit time.Duration) outcome {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	done := make(chan outcome, 1)
	go func() {
		o := outcome{path: name}
		defer func() {
			if p := recover(); p != nil {
				o.fault = fmt.Sprintf("panic: %v", p)
			}
			done <- o
		}()
		o.read(ctx, path)
	}()
	select {
	case o := <-done:
		return o
	case <-time.After(limit):
		return outcome{path: name, fault: fmt.Sprintf("not done after %v", limit)}
	}
}

func (o *outcome) read(ctx context.Context, path string) {
	file, err := os.Open(path) //nolint:gosec // the file that was asked for
	if err != nil {
		o.fault = err.Error()
		return
	}
	defer file.Close() //nolint:errcheck // only read
	f, err := questionset.Parse(ctx, o.path, file, questionset.Options{})
	if err != nil {
		o.fault = err.Error()
		return
	}
	o.format, o.counts = f.Format, f.Report.Counts
	o.types = map[exam.QuestionType]int{}
	for i := range f.Questions {
		o.types[f.Questions[i].Question.Type]++
	}
	o.reasons, o.hints = map[questionset.Code]int{}, map[questionset.Code]int{}
	for i := range f.Report.Findings {
		switch x := &f.Report.Findings[i]; x.Severity {
		case questionset.Error:
			o.reasons[x.Code]++
		case questionset.Warning:
			o.hints[x.Code]++
		}
	}
	o.skipped = noQuestions(o)
}

// unrecognised are the findings about files that are no question files.
var unrecognised = []questionset.Code{"unknown_format", "unknown_package", "empty_file"}

// ofOtherKinds are how names of files end that hold anything but questions, though their text may look so.
var ofOtherKinds = []string{
	".md", ".html", ".htm", ".css", ".js", ".py", ".rb", ".php", ".go", ".java", ".sh", ".tex", ".rnw", ".rmd",
	".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf", ".mp3", ".mp4", ".ttf", ".xsd", ".dtd", ".xsl",
}

// noQuestions tells files that are no question files: those that nothing recognises, those of another
// kind by name, and what was taken for an exam file by its name only.
func noQuestions(o *outcome) bool {
	for _, code := range unrecognised {
		if o.reasons[code] > 0 {
			return true
		}
	}
	ending := strings.ToLower(filepath.Ext(o.path))
	byNameOnly := o.format == questionset.Exam && o.counts.Taken == 0 && ending == ".json"
	return byNameOnly || slices.Contains(ofOtherKinds, ending) || isNotice(filepath.Base(o.path))
}

func isNotice(name string) bool {
	name = strings.TrimSuffix(strings.ToUpper(name), ".TXT")
	return name == "LICENSE" || name == "LICENCE" || name == "NOTICE" || name == "README" || name == "COPYING"
}

// listed writes codes with their counts, the most frequent first.
func listed(codes map[questionset.Code]int) string {
	names := slices.SortedFunc(maps.Keys(codes), func(a, b questionset.Code) int {
		if codes[a] != codes[b] {
			return codes[b] - codes[a]
		}
		return strings.Compare(string(a), string(b))
	})
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = fmt.Sprintf("%s %d", name, codes[name])
	}
	return strings.Join(parts, ", ")
}
