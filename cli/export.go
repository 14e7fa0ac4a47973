package cli

import (
	"context"
	"errors"
	"flag"

	"shiken/questionset"
	"shiken/store"
)

// runExport writes an exam as the exam file that load reads (docs/design.md §10).
func runExport(ctx context.Context, t *Terminal, args []string) error {
	slug, err := oneArgument(flag.NewFlagSet("export", flag.ContinueOnError), args, "EXAM")
	if err != nil {
		return err
	}
	return t.withExisting(ctx, func(s store.Store) error {
		d, err := s.Definition(ctx, slug)
		if errors.Is(err, store.ErrNotFound) {
			return refused("export.unknown", "exam", slug)
		}
		if err != nil {
			return err
		}
		return questionset.WriteExam(t.Out, &d)
	})
}
