package cli

import (
	"cmp"
	"context"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"shiken/cli/phrase"
	"shiken/desk"
	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// loading is one run of the command load. Every file, and every exam with the sets that it draws
// from, is read and judged before anything is stored: when one is refused, none is loaded. Sets are
// stored before exams, whichever stands first, and each in a transaction of its own: when the
// database fails midway the report says what was stored, and loading again stores the rest.
type loading struct {
	t         *Terminal
	options   questionset.Options
	set       string // --set
	dryRun    bool
	soundOnly bool
	choice    store.LoadChoice
	asJSON    bool
	files     []*fileLoad
}

// fileLoad is what becomes of one file.
type fileLoad struct {
	*desk.Reading
	set    string            // where its questions go
	within bool              // it is a set of the package that stands before it, whose report tells of it
	result *store.LoadResult // of its questions, once they are stored; with --dry-run what it would be
	// different are questions that are other in the file than here; moreDifferent counts those not listed.
	different     []desk.Compared
	moreDifferent int
	plan          store.LoadPlan
	short         []string // slugs of published exams that what is retired leaves short
	exams         []examLoad
}

// examLoad is what becomes of one exam of a file.
type examLoad struct {
	definition *exam.Definition
	faults     []desk.Fault
	notices    []desk.Fault
	loaded     bool
}

func (e *examLoad) refused() bool { return desk.Refused(e.definition, e.faults) }

// loadMemory is when the garbage of reading files is cleared away at the latest, in bytes; what a large file
// needs is a half of it.
const loadMemory = 128 << 20

// loadTime is how long a file is read at most: who waits can see that, and end it.
const loadTime = time.Hour

// runLoad loads question sets and exam files.
func runLoad(ctx context.Context, t *Terminal, args []string) error {
	if before := debug.SetMemoryLimit(-1); before > loadMemory {
		debug.SetMemoryLimit(loadMemory)
		defer debug.SetMemoryLimit(before)
	}
	ld := &loading{t: t}
	paths, err := ld.parse(args)
	if err != nil {
		return err
	}
	defer ld.close()
	for _, path := range paths {
		if err := ld.read(ctx, path); err != nil {
			return err
		}
	}
	if err := ld.nameSets(); err != nil {
		return err
	}
	err = ld.judgeAndStore(ctx)
	if reportErr := ld.report(err); reportErr != nil {
		return reportErr
	}
	return err
}

func (ld *loading) close() {
	for _, f := range ld.files {
		_ = f.Close() // nobody reads it again
	}
}

func (ld *loading) parse(args []string) ([]string, error) {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.StringVar(&ld.set, "set", "", "")
	flags.BoolVar(&ld.dryRun, "dry-run", false, "")
	flags.BoolVar(&ld.soundOnly, "sound-only", false, "")
	flags.BoolVar(&ld.choice.ReplaceAll, "replace-edited", false, "")
	flags.BoolVar(&ld.choice.RetireAll, "retire-absent", false, "")
	flags.BoolVar(&ld.t.Progress, "progress", ld.t.Progress, "")
	report := flags.String("report", "text", "")
	format := flags.String("format", "", "")
	columns := flags.String("columns", "", "")
	text := flags.String("text", "", "")
	lang := flags.String("lang", ld.t.Language.Tag(), "")
	paths, err := parse(flags, args)
	if err != nil {
		return nil, err
	}
	var known bool
	if ld.options.Text, known = questionset.ParseTextFormat(*text); !known {
		return nil, usage("usage.text", "value", *text)
	}
	if ld.options.Columns, err = questionset.ParseColumns(*columns); err != nil {
		return nil, usage("usage.columns", "value", *columns)
	}
	if ld.options.Format, err = questionset.ParseFormat(*format); err != nil {
		return nil, usage("usage.format", "value", *format, "formats", formatNames(questionset.Formats()))
	}
	language, ok := phrase.Named(*lang)
	if !ok {
		return nil, usage("usage.lang", "value", *lang)
	}
	ld.t.Language = language
	ld.asJSON = *report == "json"
	switch {
	case *report != "json" && *report != "text":
		return nil, usage("usage.report", "value", *report)
	case len(paths) == 0:
		return nil, usage("usage.missing", "argument", "FILE")
	}
	return paths, nil
}

func (ld *loading) read(ctx context.Context, path string) error {
	source, err := ld.source(path)
	if err != nil {
		return err
	}
	options := ld.options
	options.Time, options.Beside = loadTime, beside(path)
	options.Seen = ld.t.longWork(func(n int) string { return ld.t.Language.T("load.reading", "file", path, "n", n) })
	file, err := desk.Read(ctx, path, source, options)
	if err != nil {
		return err
	}
	if !file.IsPackage() {
		ld.files = append(ld.files, &fileLoad{Reading: file})
		return nil
	}
	defer file.Close() //nolint:errcheck // its parts are read
	parts, err := file.Parts(ctx)
	for _, p := range parts {
		ld.files = append(ld.files, &fileLoad{Reading: p.Reading, set: p.Set, within: p.Set != ""})
	}
	return err
}

// source opens a file as often as it is read; what can be read but once, as the standard input or a pipe, is kept.
func (ld *loading) source(path string) (desk.Source, error) {
	from := ld.t.In
	if path != "-" {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		open := func() (io.ReadCloser, error) { return os.Open(path) } //nolint:gosec // what the user named
		if info.Mode().IsRegular() {
			return open, nil
		}
		pipe, err := open()
		if err != nil {
			return nil, err
		}
		defer pipe.Close() //nolint:errcheck // only read
		from = pipe
	}
	data, err := io.ReadAll(io.LimitReader(from, questionset.MaxFile+1))
	return desk.BytesSource(data), err
}

// beside opens the files that an exam file names: ordinary ones in its folder and below it. There is nothing
// beside the standard input.
func beside(path string) questionset.Beside {
	if path == "-" {
		return nil
	}
	return func(name string) (io.ReadCloser, error) {
		folder, err := os.OpenRoot(filepath.Dir(path))
		if err != nil {
			return nil, err
		}
		defer folder.Close() //nolint:errcheck // only read
		info, err := folder.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return nil, fs.ErrInvalid
		}
		return folder.Open(name)
	}
}

// nameSets settles where the questions of each file go: --set, which takes one file, or the file's
// base name. Two files of one name would each make the other's questions absent.
func (ld *loading) nameSets() error {
	taken := map[string]bool{}
	for _, f := range ld.files {
		if f.Format == questionset.Exam {
			continue
		}
		if f.IsPackage() && !f.within {
			if ld.set != "" {
				return usage("usage.set_package", "file", f.Name)
			}
			continue
		}
		set, ok := desk.SetName(cmp.Or(f.set, ld.set, f.ownSet()), f.Name)
		f.set = set
		switch {
		case !ok:
			return usage("usage.set_name", "file", f.Name)
		case taken[f.set]:
			return usage("usage.set_twice", "set", f.set)
		}
		taken[f.set] = true
	}
	return nil
}

// ownSet is the set that a file in the form of our own names.
func (f *fileLoad) ownSet() string {
	if len(f.Sets) == 1 {
		return f.Sets[0]
	}
	return ""
}

func (ld *loading) judgeAndStore(ctx context.Context) error {
	for _, f := range ld.files {
		if !f.within && !desk.MayLoad(f.File, ld.soundOnly) {
			return refused("load.refused")
		}
	}
	return ld.t.withStore(ctx, func(s store.Store) error {
		if err := ld.plans(ctx, s); err != nil {
			return err
		}
		if err := ld.judgeExams(ctx, s); err != nil {
			return err
		}
		if err := ld.planSets(ctx, s); err != nil || ld.dryRun {
			return err
		}
		if err := ld.putSets(ctx, s); err != nil {
			return err
		}
		return ld.putExams(ctx, s)
	})
}

// judgeExams judges every exam against what it may draw.
func (ld *loading) judgeExams(ctx context.Context, s store.Store) error {
	batches, err := ld.batches()
	if err != nil {
		return err
	}
	if err := ld.judgeOthers(ctx, s, batches); err != nil {
		return err
	}
	sound := true
	for _, f := range ld.files {
		for i := range f.Definitions {
			d := &f.Definitions[i]
			faults, err := desk.Attach(ctx, s, d)
			if err != nil {
				return err
			}
			verdict, err := desk.Judge(ctx, s, d, batches...)
			if err != nil {
				return err
			}
			kept, err := keptArchived(ctx, s, d.Slug)
			if err != nil {
				return err
			}
			e := examLoad{definition: d, faults: slices.Concat(faults, verdict.Faults), notices: append(verdict.Notices, kept...)}
			f.exams = append(f.exams, e)
			sound = sound && !e.refused()
		}
	}
	if !sound {
		return refused("load.exams_refused")
	}
	return nil
}

// judgeOthers finds the exams that are published here and fall short by what the files retire.
func (ld *loading) judgeOthers(ctx context.Context, s store.Store, batches []*desk.Batch) error {
	var own []string
	for _, f := range ld.files {
		for i := range f.Definitions {
			own = append(own, f.Definitions[i].Slug)
		}
	}
	for i, b := range batches {
		var err error
		if ld.files[i].short, err = desk.FallingShort(ctx, s, b, own...); err != nil {
			return err
		}
	}
	return nil
}

// batches are the questions of the files as exams may draw them; none when nothing asks for them.
func (ld *loading) batches() ([]*desk.Batch, error) {
	if !ld.choice.RetireAll && !slices.ContainsFunc(ld.files, func(f *fileLoad) bool { return len(f.Definitions) > 0 }) {
		return nil, nil
	}
	var list []*desk.Batch
	for _, f := range ld.files {
		questions, err := f.Gather()
		if err != nil {
			return nil, err
		}
		choice := desk.Retiring(ld.choice, f.File)
		list = append(list, &desk.Batch{Set: f.set, Questions: questions, Retired: desk.RetiredBy(&f.plan, &choice)})
	}
	return list, nil
}

func (ld *loading) putSets(ctx context.Context, s store.Store) error {
	for _, f := range ld.files {
		if len(f.Names) == 0 {
			continue
		}
		storing := ld.t.longWork(func(n int) string {
			return ld.t.Language.T("load.storing", "set", f.set, "n", n, "total", len(f.Names))
		})
		result, err := putQuestions(store.WithProgress(ctx, storing), s, f.set, f.Reading, desk.Retiring(ld.choice, f.File))
		if err != nil {
			return err
		}
		f.result = &result
	}
	return nil
}

func (ld *loading) putExams(ctx context.Context, s store.Store) error {
	for _, f := range ld.files {
		for i := range f.exams {
			if err := putExam(ctx, s, f.File, f.exams[i].definition); err != nil {
				return err
			}
			f.exams[i].loaded = true
		}
	}
	return nil
}

// formatNames lists formats for people.
func formatNames(formats []questionset.Format) string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}
