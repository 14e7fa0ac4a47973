package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"shiken/cli/phrase"
	"shiken/desk"
	"shiken/questionset"
	"shiken/store"
)

// exporting is one run of the command export: of an exam, or with --set of a question set.
type exporting struct {
	t         *Terminal
	set       string
	whole     bool // the exam with the sets that it draws from
	format    questionset.Format
	to        string // "": the standard output
	soundOnly bool
	force     bool // to may be there already
}

// runExport writes an exam as the exam file that load reads (docs/design.md §10), or a question set.
func runExport(ctx context.Context, t *Terminal, args []string) error {
	ex := &exporting{t: t}
	rest, err := ex.parse(args)
	if err != nil {
		return err
	}
	if err := ex.free(); err != nil {
		return err
	}
	if ex.set != "" {
		return t.withExisting(ctx, func(s store.Store) error { return ex.exportSet(ctx, s) })
	}
	return t.withExisting(ctx, func(s store.Store) error {
		if ex.whole {
			return ex.exportPackage(ctx, s, rest[0])
		}
		return ex.exportExam(ctx, s, rest[0])
	})
}

func (ex *exporting) parse(args []string) ([]string, error) {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.StringVar(&ex.set, "set", "", "")
	flags.StringVar(&ex.to, "o", "", "")
	flags.BoolVar(&ex.whole, "package", false, "")
	flags.BoolVar(&ex.soundOnly, "sound-only", false, "")
	flags.BoolVar(&ex.force, "force", false, "")
	format := flags.String("format", "", "")
	lang := flags.String("lang", ex.t.Language.Tag(), "")
	rest, err := parse(flags, args)
	if err != nil {
		return nil, err
	}
	language, ok := phrase.Named(*lang)
	ex.format = questionset.Format(*format)
	formats := questionset.WriteFormats()
	switch {
	case !ok:
		return nil, usage("usage.lang", "value", *lang)
	case ex.set == "" && len(rest) == 0:
		return nil, usage("usage.missing", "argument", "EXAM")
	case ex.whole && ex.set != "":
		return nil, usage("usage.surplus", "argument", "--set")
	case ex.set != "" && len(rest) > 0:
		return nil, usage("usage.surplus", "argument", rest[0])
	case len(rest) > 1:
		return nil, usage("usage.surplus", "argument", rest[1])
	case ex.set == "" && *format != "":
		return nil, usage("usage.missing", "argument", "--set")
	case ex.set != "" && !slices.Contains(formats, ex.format):
		return nil, usage("usage.format", "value", *format, "formats", formatNames(formats))
	}
	ex.t.Language = language
	return rest, nil
}

func (ex *exporting) exportExam(ctx context.Context, s store.Store, slug string) error {
	d, err := s.Definition(ctx, slug)
	if errors.Is(err, store.ErrNotFound) {
		return refused("export.unknown", "exam", slug)
	}
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := questionset.WriteExam(&file, &d); err != nil {
		return err
	}
	if ex.isOutput() {
		if n := len(d.Attachments); n > 0 {
			ex.t.say(ex.t.Language.T("export.attachments_left", "n", n))
		}
		return ex.deliver(bytesOf(&file))
	}
	missing, err := ex.freeAttachments(&d)
	if err != nil {
		return err
	}
	if err := ex.writeAttachments(ctx, s, missing); err != nil {
		return err
	}
	return ex.deliver(bytesOf(&file))
}

// exportPackage writes an exam with its sets as one file that load reads.
func (ex *exporting) exportPackage(ctx context.Context, s store.Store, slug string) error {
	d, err := s.Definition(ctx, slug)
	if errors.Is(err, store.ErrNotFound) {
		return refused("export.unknown", "exam", slug)
	}
	if err != nil {
		return err
	}
	var report *questionset.Report
	err = ex.deliver(func(to io.Writer) error {
		report, err = desk.WritePackage(ctx, s, to, &d)
		if err == nil && !report.Sound() && !ex.soundOnly {
			err = refused("export.refused")
		}
		return err
	})
	if report != nil {
		if told := report.WriteFindings(ex.t.Err, ex.t.Language.Tag()); told != nil {
			return errors.Join(err, told)
		}
	}
	switch {
	case errors.Is(err, desk.ErrTooLarge):
		return refused("export.package_too_large", "exam", slug, "mb", desk.MaxPackage>>20)
	case err != nil:
		return err
	}
	ex.t.say(ex.t.Language.T("export.package_done", "exam", slug, "taken", report.Counts.Taken, "seen", report.Counts.Seen))
	return nil
}

// bytesOf writes what is at hand.
func bytesOf(file *bytes.Buffer) func(io.Writer) error {
	return func(to io.Writer) error {
		_, err := file.WriteTo(to)
		return err
	}
}

// exportSet writes a set as far as its format can say it. What it cannot is told beside the file; and when
// it can say nothing of a question, no file is written without --sound-only.
func (ex *exporting) exportSet(ctx context.Context, s store.Store) error {
	set, err := desk.OpenSet(ctx, s, ex.set)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return refused("export.unknown_set", "set", ex.set)
	case errors.Is(err, desk.ErrTooLarge):
		return refused("export.too_large", "set", ex.set, "questions", questionset.MaxQuestions, "mb", desk.MaxExportMedia>>20)
	case err != nil:
		return err
	}
	var report *questionset.Report
	err = ex.deliver(func(to io.Writer) error {
		if report, err = questionset.Write(to, ex.format, set); err != nil {
			return err
		}
		if err := report.WriteFindings(ex.t.Err, ex.t.Language.Tag()); err != nil {
			return err
		}
		if !report.Sound() && !ex.soundOnly {
			return refused("export.refused")
		}
		return nil
	})
	if errors.Is(err, desk.ErrTooLarge) {
		return refused("export.too_large", "set", ex.set, "questions", questionset.MaxQuestions, "mb", desk.MaxExportMedia>>20)
	}
	if err != nil {
		return err
	}
	ex.t.say(ex.t.Language.T("export.done", "set", ex.set, "taken", report.Counts.Taken, "seen", report.Counts.Seen))
	return nil
}

// isOutput: what is written goes to the standard output.
func (ex *exporting) isOutput() bool { return ex.to == "" || ex.to == "-" }

// free refuses to write over a file, unless it is wanted.
func (ex *exporting) free() error {
	if ex.isOutput() || ex.force {
		return nil
	}
	_, err := os.Lstat(ex.to)
	switch {
	case err == nil:
		return refused("export.occupied", "file", ex.to)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return err
}

// folder is where the file is made before it gets its name.
func (ex *exporting) folder() string {
	if ex.isOutput() {
		return os.TempDir()
	}
	return filepath.Dir(ex.to)
}

// deliverFile gives a file that was made its name, or copies it to the standard output.
func (ex *exporting) deliverFile(file *os.File) error {
	if !ex.isOutput() {
		return errors.Join(file.Close(), os.Rename(file.Name(), ex.to))
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(ex.t.Out, file)
	return err
}

// deliver writes a file whole, or nothing: what was there stays, and the standard output stays empty. The file holds
// keys: nobody else may read it.
func (ex *exporting) deliver(write func(io.Writer) error) error {
	file, err := os.CreateTemp(ex.folder(), ".shiken-export-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // gone when it was renamed
	defer file.Close()           //nolint:errcheck // closed before it is renamed
	to := bufio.NewWriter(file)
	if err := write(to); err != nil {
		return err
	}
	if err := to.Flush(); err != nil {
		return err
	}
	return ex.deliverFile(file)
}
