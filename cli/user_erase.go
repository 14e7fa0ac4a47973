package cli

import (
	"context"
	"errors"
	"flag"

	"shiken/accounts"
	"shiken/store"
)

// eraseUser erases a person's data, once the username, or the id, was written twice: there is no way back.
func eraseUser(ctx context.Context, t *Terminal, args []string) error {
	flags := flag.NewFlagSet("user erase", flag.ContinueOnError)
	dryRun := flags.Bool("dry-run", false, "")
	confirm := flags.String("confirm", "", "")
	typed, err := oneArgument(flags, args, "USERNAME")
	if err != nil {
		return err
	}
	who, err := accounts.NormalizeUsername(typed)
	if err != nil {
		return refused("user.unknown", "user", typed)
	}
	again, _ := accounts.NormalizeUsername(*confirm) // what is none is not the same
	open := t.Open
	if *dryRun {
		open = t.Inspect
	}
	return with(ctx, open, func(s store.Store) error {
		u, err := userToErase(ctx, s, who)
		if errors.Is(err, store.ErrNotFound) {
			return refused("user.unknown", "user", who)
		}
		if err != nil {
			return err
		}
		plan, err := s.PlanErasure(ctx, u.ID)
		switch {
		case err != nil:
			return err
		case plan.Block != store.ErasureFree:
			return refused(erasureBlocks[plan.Block])
		case *dryRun:
			t.tellErasure("user.erase_planned", plan)
			return nil
		case again != who:
			t.tellErasure("user.erase_planned", plan)
			return refused("user.erase_confirm", "user", who)
		}
		taken, err := s.By(act(store.ActEraseUser, u.ID, nil)).Erase(ctx, u.ID)
		if errors.Is(err, store.ErrNotErasable) {
			return refused("user.erase_moved")
		}
		if err == nil {
			t.tellErasure("user.erased", taken)
		}
		return err
	})
}

// userToErase finds somebody by their username, or else by their id, which is all that the audit log tells of whoever
// was erased after the backup that is restored here was taken.
func userToErase(ctx context.Context, s store.Accounts, who string) (store.User, error) {
	u, err := s.UserByName(ctx, who)
	if errors.Is(err, store.ErrNotFound) {
		return s.UserByID(ctx, who)
	}
	return u, err
}

// erasureBlocks say why a person's data cannot be erased now.
var erasureBlocks = map[store.ErasureBlock]string{
	store.ErasureOpen: "user.erase_open", store.ErasureUnmarked: "user.erase_unmarked",
	store.ErasureJobs: "user.erase_jobs", store.ErasureLastAdmin: "user.erase_last_admin",
	store.ErasureDone: "user.erase_done",
}

// tellErasure counts what an erasure takes and leaves.
func (t *Terminal) tellErasure(key string, e store.Erasure) {
	t.say(t.Language.T(key, "answers", e.Answers, "payloads", e.Payloads, "rejections", e.Rejections,
		"sign_ins", e.SignIns, "attempts", e.Attempts))
	if e.Waiting > 0 {
		t.say(t.Language.T("user.erase_waiting", "n", e.Waiting))
	}
	if e.Awaiting > 0 {
		t.say(t.Language.T("user.erase_awaiting", "n", e.Awaiting))
	}
}
