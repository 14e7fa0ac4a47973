package cli

import (
	"context"
	"errors"
	"flag"
	"slices"

	"shiken/desk"
	"shiken/store"
)

// runExam archives exams, and takes them back.
func runExam(ctx context.Context, t *Terminal, args []string) error {
	if len(args) == 0 {
		return usage("usage.exam")
	}
	switch args[0] {
	case "archive":
		return t.archiveExam(ctx, args[1:], archiving{store.ActArchiveExam, true, "exam.archived"})
	case "unarchive":
		return t.archiveExam(ctx, args[1:], archiving{store.ActUnarchiveExam, false, "exam.unarchived"})
	}
	return usage("usage.exam")
}

// archiving is one of the two ways.
type archiving struct {
	action   store.Action
	archived bool
	done     string // key of the catalogue
}

// archiveExam archives an exam and says how many attempts go on, or takes it back; what is so already stays so.
func (t *Terminal) archiveExam(ctx context.Context, args []string, way archiving) error {
	slug, err := oneArgument(flag.NewFlagSet("exam", flag.ContinueOnError), args, "EXAM")
	if err != nil {
		return err
	}
	return t.withStore(ctx, func(s store.Store) error {
		exams, _, err := s.ExamSummaries(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(exams, func(e store.ExamSummary) bool { return e.Definition.Slug == slug })
		if i < 0 {
			return refused("export.unknown", "exam", slug)
		}
		details := map[string]any{"open": exams[i].Open}
		if err := s.By(act(way.action, slug, details)).SetArchived(ctx, slug, way.archived); err != nil {
			return err
		}
		t.say(t.Language.T(way.done, "exam", slug))
		if way.archived && exams[i].Open > 0 {
			t.say(t.Language.T("exam.open", "n", exams[i].Open))
		}
		return nil
	})
}

// archivedNotice tells of an exam file that the exam here is archived. Loading does not take it back.
const archivedNotice desk.FaultCode = "archived"

// keptArchived is the notice for an exam that is archived here.
func keptArchived(ctx context.Context, s store.Store, slug string) ([]desk.Fault, error) {
	stored, err := s.Revised(ctx, slug)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, nil
	case err != nil || stored.Archived == 0:
		return nil, err
	}
	return []desk.Fault{{Code: archivedNotice}}, nil
}
