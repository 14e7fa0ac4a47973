package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// LoadArgs are the arguments of a job of kind store.JobQuestions: to load an uploaded file.
type LoadArgs struct {
	Upload    string              `json:"upload"` // id; the file is its owner's, who is the job's actor
	File      string              `json:"file"`   // its name
	Set       string              `json:"set,omitempty"`
	Format    questionset.Format  `json:"format,omitempty"`
	Columns   questionset.Columns `json:"columns,omitempty"`
	Text      exam.TextFormat     `json:"text,omitempty"`
	SoundOnly bool                `json:"sound_only,omitempty"`
	Count     int                 `json:"count,omitempty"` // of questions, as its report said
	// Choices are what the author wants for what was edited here, and for what the file lacks, by set. Choice is that
	// of Set in jobs that an earlier program stored.
	Choices map[string]store.LoadChoice `json:"choices,omitempty"`
	Choice  store.LoadChoice            `json:"choice,omitzero"`
}

// ChoiceOf is what the author wants for a set of the file.
func (a *LoadArgs) ChoiceOf(set string) store.LoadChoice {
	if choice, ok := a.Choices[set]; ok || set != a.Set {
		return choice
	}
	return a.Choice
}

// options are how the file is to be read.
func (a *LoadArgs) options() questionset.Options {
	return questionset.Options{Format: a.Format, Columns: a.Columns, Text: a.Text}
}

// Refusal says why a file was not loaded. The list is closed.
type Refusal string

// The refusals. Nothing of a refused file is stored.
const (
	RefusedGone  Refusal = "gone"  // the upload is not kept any more
	RefusedFile  Refusal = "file"  // the report has errors, or nothing is sound
	RefusedSet   Refusal = "set"   // no name of a set
	RefusedExams Refusal = "exams" // an exam that is to be published cannot be drawn
)

// LoadOutcome is what became of a file.
type LoadOutcome struct {
	Refused Refusal `json:"refused,omitempty"`
	Set     string  `json:"set,omitempty"`
	// Result is of the questions; of the absent and of the edited ones the first
	// MaxAbsentKept are named.
	Result *store.LoadResult `json:"result,omitempty"`
	Exams  []string          `json:"exams,omitempty"` // slugs
	Sets   []SetOutcome      `json:"sets,omitempty"`  // of a package
}

// MaxAbsentKept bounds the absent, and the edited, questions that an outcome names.
const MaxAbsentKept = 100

// LoadStore is what loading needs of a store.
type LoadStore interface {
	Reader
	store.Recorder
	store.MediaReader
	Mends
	PlanQuestions(ctx context.Context, load store.QuestionLoad) (store.LoadPlan, error)
	Upload(ctx context.Context, id, owner string) (store.Upload, error)
	UserByID(ctx context.Context, id string) (store.User, error)
}

// LoadSteps is how many steps the job has, whatever the file; readSteps of them are its reading.
const (
	LoadSteps = 100
	readSteps = 30
)

// Storing tells whether a job that has done so many steps has read its file, and of n questions about how many
// it has stored.
func Storing(done, n int) (stored int, reading bool) {
	if done < readSteps {
		return 0, true
	}
	return n * (done - readSteps) / (LoadSteps - readSteps), false
}

// Loader loads uploaded files.
type Loader struct{ Store LoadStore }

// Do is the work of kind store.JobQuestions. Its outcome is a LoadOutcome. Doing it again loads the
// same file again, which changes nothing.
func (l *Loader) Do(ctx context.Context, job store.Job, progress func(done int)) (any, error) {
	var args LoadArgs
	if err := json.Unmarshal(job.Args, &args); err != nil {
		return nil, fmt.Errorf("desk: arguments: %w", err)
	}
	up, err := l.Store.Upload(ctx, args.Upload, job.Actor)
	if errors.Is(err, store.ErrNotFound) {
		return LoadOutcome{Refused: RefusedGone}, nil
	}
	if err != nil {
		return nil, err
	}
	options := args.options()
	options.Seen = func(n int) { progress(min(n*readSteps/questionset.MaxQuestions, readSteps)) }
	f, err := Read(ctx, up.Name, BytesSource(up.Data), options)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nobody reads it again
	if f, err = f.WithMends(ctx, l.Store, up.ID); err != nil {
		return nil, err
	}
	by, err := l.Store.UserByID(ctx, job.Actor)
	if err != nil {
		return nil, err
	}
	defer progress(LoadSteps)
	progress(readSteps)
	ctx = store.WithProgress(ctx, func(n int) { progress(readSteps + n*(LoadSteps-readSteps)/max(len(f.Names), 1)) })
	return l.load(ctx, &by, &args, f)
}

func (l *Loader) load(ctx context.Context, by *store.User, args *LoadArgs, f *Reading) (LoadOutcome, error) {
	if f.IsPackage() {
		return l.loadPackage(ctx, by, args, f)
	}
	set, named := SetName(args.Set, f.Name)
	switch {
	case !MayLoad(f.File, args.SoundOnly):
		return LoadOutcome{Refused: RefusedFile}, nil
	case f.Format != questionset.Exam && !named:
		return LoadOutcome{Refused: RefusedSet}, nil
	case f.Format == questionset.Exam:
		return l.loadExams(ctx, by, args, f.File)
	}
	result, err := l.loadSet(ctx, by, args, f, set, Retiring(args.ChoiceOf(args.Set), f.File))
	if err != nil {
		return LoadOutcome{}, err
	}
	return LoadOutcome{Set: set, Result: &result}, nil
}

// loadSet stores the questions of a file in a set, as its author chose.
func (l *Loader) loadSet(ctx context.Context, by *store.User, args *LoadArgs, f *Reading, set string, choice store.LoadChoice) (store.LoadResult, error) {
	details := map[string]any{"file": args.File, "questions": len(f.Names), "refused": f.Report.Counts.Refused, "mended": f.Report.Counts.Mended}
	describeChoice(details, &choice)
	act := store.Act{Actor: by.ID, ActorName: by.Username, Action: store.ActLoadQuestions, Object: set, Details: details}
	choice.Editor = by.Username
	result, err := l.Store.By(act).LoadQuestions(ctx, f.Load(set, choice))
	result.EditedList = result.EditedList[:min(len(result.EditedList), MaxAbsentKept)]
	result.AbsentList = result.AbsentList[:min(len(result.AbsentList), MaxAbsentKept)]
	return result, err
}

// MayLoad reports whether a file may be loaded: whole, or its sound part alone.
func MayLoad(f *questionset.File, soundOnly bool) bool {
	return f.Report.Counts.Taken > 0 && (soundOnly || f.Report.Sound())
}

func (l *Loader) loadExams(ctx context.Context, by *store.User, args *LoadArgs, f *questionset.File) (LoadOutcome, error) {
	if refused, err := l.refuses(ctx, f.Definitions, nil); err != nil || refused {
		return LoadOutcome{Refused: RefusedExams}, err
	}
	slugs, err := l.putExams(ctx, by, args, f)
	return LoadOutcome{Exams: slugs}, err
}

// Refused: a draft may still lack questions, a published exam may not. No exam may lack an attachment.
func Refused(d *exam.Definition, faults []Fault) bool {
	return d.Published && len(faults) > 0 || slices.ContainsFunc(faults, func(f Fault) bool {
		return f.Code == AttachmentGone || f.Code == AttachmentsLarge
	})
}
