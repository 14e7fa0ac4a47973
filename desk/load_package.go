package desk

import (
	"context"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// SetOutcome is what became of the questions of one set of a package.
type SetOutcome struct {
	Set    string           `json:"set"`
	Result store.LoadResult `json:"result"`
}

// loadPackage loads the sets of a package, each in a transaction of its own, and then its exam. All is judged
// before anything is stored.
func (l *Loader) loadPackage(ctx context.Context, by *store.User, args *LoadArgs, f *Reading) (LoadOutcome, error) {
	if !MayLoad(f.File, args.SoundOnly) {
		return LoadOutcome{Refused: RefusedFile}, nil
	}
	parts, err := f.Parts(ctx)
	if err != nil {
		return LoadOutcome{}, err
	}
	defer closeParts(parts)
	choices := map[string]store.LoadChoice{}
	for _, set := range f.Sets {
		choices[set] = Retiring(args.ChoiceOf(set), f.File)
	}
	batches, err := l.batchesOf(ctx, choices, parts)
	if err != nil {
		return LoadOutcome{}, err
	}
	if refused, err := l.refuses(ctx, f.Definitions, batches); err != nil || refused {
		return LoadOutcome{Refused: RefusedExams}, err
	}
	var out LoadOutcome
	for _, p := range parts[1:] {
		result, err := l.loadSet(ctx, by, args, p.Reading, p.Set, choices[p.Set])
		if err != nil {
			return LoadOutcome{}, err
		}
		out.Sets = append(out.Sets, SetOutcome{p.Set, result})
	}
	out.Exams, err = l.putExams(ctx, by, args, f.File)
	return out, err
}

// batchesOf are the questions of a package on their way into its sets, as its author chose by set.
func (l *Loader) batchesOf(ctx context.Context, choices map[string]store.LoadChoice, parts []PackagePart) ([]*Batch, error) {
	var list []*Batch
	for _, p := range parts[1:] {
		questions, err := p.Gather()
		if err != nil {
			return nil, err
		}
		plan, err := l.Store.PlanQuestions(ctx, p.Load(p.Set, store.LoadChoice{}))
		if err != nil {
			return nil, err
		}
		choice := choices[p.Set]
		list = append(list, &Batch{Set: p.Set, Questions: questions, Retired: RetiredBy(&plan, &choice)})
	}
	return list, nil
}

// refuses reports whether an exam could not be stored, or one that is to be published not be drawn.
func (l *Loader) refuses(ctx context.Context, definitions []exam.Definition, batches []*Batch) (bool, error) {
	for i := range definitions {
		d := &definitions[i]
		faults, err := Attach(ctx, l.Store, d)
		if err != nil || Refused(d, faults) {
			return true, err
		}
		v, err := Judge(ctx, l.Store, d, batches...)
		if err != nil || Refused(d, v.Faults) {
			return true, err
		}
	}
	return false, nil
}

// putExams stores the exams of a file as current, and returns their names.
func (l *Loader) putExams(ctx context.Context, by *store.User, args *LoadArgs, f *questionset.File) ([]string, error) {
	var slugs []string
	for _, d := range f.Definitions {
		act := store.Act{
			Actor: by.ID, ActorName: by.Username, Action: store.ActSaveExam, Object: d.Slug,
			Details: map[string]any{"file": args.File, "published": d.Published, "attachments": len(d.Attachments)},
		}
		if err := l.Store.By(act).PutDefinition(ctx, d, AttachedMedia(f, &d)...); err != nil {
			return nil, err
		}
		slugs = append(slugs, d.Slug)
	}
	return slugs, nil
}
