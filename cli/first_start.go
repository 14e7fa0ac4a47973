package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"shiken/accounts"
	"shiken/cli/phrase"
	"shiken/config"
	"shiken/desk"
	"shiken/exam"
	"shiken/questionset"
	"shiken/questionset/samples"
	"shiken/store"
)

// The accounts of a first start.
const (
	adminName    = "admin"
	demoName     = "demo"
	demoPassword = "demo-candidate"
)

// First says what a start has to tell about signing in.
type First struct {
	// AdminPassword was made by this start and is told once; empty when admin was there before, was
	// made by another instance that starts at the same time, or has a given password.
	AdminPassword string
	// AdminMade reports that this start made admin.
	AdminMade bool
	// Demo reports that the demo candidate can sign in with the well-known password, and DemoLocal
	// that it can from this machine only.
	Demo, DemoLocal bool
}

// FirstStart makes what a new installation needs while nobody is there yet: admin, and with
// SHIKEN_DEMO the sample sets and exams and the demo candidate. Admin comes last and alone decides
// whether a start is the first, so a start that was interrupted is finished by the next. Several
// instances may do it at once.
func FirstStart(ctx context.Context, s store.Store, h *accounts.Hasher, cfg *config.Config) (First, error) {
	var first First
	isFirst, err := nobodyThere(ctx, s)
	if err != nil {
		return first, err
	}
	if isFirst {
		if err := seed(ctx, s, h, cfg, &first); err != nil {
			return First{}, fmt.Errorf("first start: %w", err)
		}
	}
	first.Demo, err = demoThere(ctx, s, h)
	first.DemoLocal = !cfg.DemoByHand
	return first, err
}

// nobodyThere reports whether there is no user but demo candidates.
func nobodyThere(ctx context.Context, s store.Store) (bool, error) {
	const enough = 2 // more than the demo candidate
	n, err := s.CountUsers(ctx)
	if err != nil || n == 0 || n >= enough {
		return n == 0, err
	}
	users, err := s.Users(ctx)
	for i := range users {
		if !users[i].Demo {
			return false, err
		}
	}
	return true, err
}

func seed(ctx context.Context, s store.Store, h *accounts.Hasher, cfg *config.Config, first *First) error {
	now := exam.Instant(time.Now().UnixMicro())
	if cfg.Demo {
		if err := loadSamples(ctx, s); err != nil {
			return err
		}
		candidate := store.User{Username: demoName, Name: "Demo", Roles: []store.Role{store.RoleCandidate}, Demo: true}
		err := putNewUser(ctx, s, h, candidate, demoPassword, now)
		if err != nil && !errors.Is(err, store.ErrExists) {
			return err
		}
	}
	given := cfg.AdminPassword.Reveal()
	password := given
	if given == "" {
		password = accounts.RandomPassword()
	}
	admin := store.User{Username: adminName, Roles: []store.Role{store.RoleAdmin, store.RoleAuthor}}
	err := putNewUser(ctx, s, h, admin, password, now)
	if errors.Is(err, store.ErrExists) {
		return nil
	}
	first.AdminMade = err == nil
	if first.AdminMade && given == "" {
		first.AdminPassword = password
	}
	return err
}

func putNewUser(ctx context.Context, s store.Store, h *accounts.Hasher, u store.User, password string, now exam.Instant) error {
	u, err := accounts.NewUser(ctx, h, u, password, now)
	if err != nil {
		return err
	}
	return putUser(ctx, s, &u)
}

// loadSamples loads the sets before the exams that draw from them. Doing it again changes nothing.
func loadSamples(ctx context.Context, s store.Store) error {
	for _, file := range append(samples.Sets(), samples.Exams()...) {
		parsed, err := desk.Read(ctx, file.Name, desk.BytesSource(file.Data), questionset.Options{})
		if err != nil {
			return err
		}
		if len(parsed.Names) > 0 {
			if _, err := putQuestions(ctx, s, file.Base(), parsed, store.LoadChoice{}); err != nil {
				return err
			}
		}
		for i := range parsed.Definitions {
			if err := putExam(ctx, s, parsed.File, &parsed.Definitions[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func demoThere(ctx context.Context, s store.Store, h *accounts.Hasher) (bool, error) {
	demo, err := s.UserByName(ctx, demoName)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil || !demo.Demo || demo.Disabled {
		return false, err
	}
	return h.Matches(ctx, demoPassword, demo.PasswordHash)
}

// Greet tells where the program serves and how to sign in. A made password is told here and never
// again, and only here: it goes to no log.
func Greet(out io.Writer, l phrase.Language, url string, first First) {
	lines := []string{l.T("greet.address", "url", url)}
	switch {
	case first.AdminPassword != "":
		lines = append(lines, l.T("greet.admin_made", "user", adminName, "password", first.AdminPassword))
	case first.AdminMade:
		lines = append(lines, l.T("greet.admin_given", "user", adminName))
	}
	if first.Demo {
		key := "greet.demo"
		if first.DemoLocal {
			key = "greet.demo_local"
		}
		lines = append(lines, l.T(key, "user", demoName, "password", demoPassword))
	}
	for _, line := range lines {
		fmt.Fprintln(out, line) //nolint:errcheck // a closed terminal does not stop the program
	}
}
