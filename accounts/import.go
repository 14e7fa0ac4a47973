package accounts

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"shiken/exam"
	"shiken/store"
)

// MadePassword is a password that the program made for a new user. It is told once.
type MadePassword struct{ Username, Password string }

// Imported says what became of a roster.
type Imported struct {
	Created, Updated int
	Made             []MadePassword // in the order of the roster
	// Doubtful are new users whose creation failed, with the passwords made for them: the store may
	// have created them before it failed. They are not among Created and Made.
	Doubtful []MadePassword
}

// Import creates and updates the users of a roster whose faults ParseRoster has judged, several at
// once. Roles of known users are kept; new ones are candidates. progress, when not nil, is called
// with the number of people done, one call at a time. It is not one transaction: when the store
// fails, what was done before stays and is returned with the error, and importing the same roster
// again finishes it.
func Import(ctx context.Context, s store.Accounts, h *Hasher, lines []RosterLine, now exam.Instant,
	progress func(done int)) (Imported, error) {
	im := importer{store: s, hasher: h, now: now, progress: progress,
		made: make([]string, len(lines)), doubtful: make([]bool, len(lines))}
	group, ctx := errgroup.WithContext(ctx)
	// One more than hash at a time keeps the hasher busy while others talk to the store.
	group.SetLimit(min(runtime.GOMAXPROCS(0), maxAtOnce) + 1)
	for i := range lines {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error { return im.put(ctx, i, &lines[i]) })
	}
	err := group.Wait()
	for i, password := range im.made {
		made := MadePassword{lines[i].Username, password}
		switch {
		case password == "":
		case im.doubtful[i]:
			im.out.Doubtful = append(im.out.Doubtful, made)
		default:
			im.out.Made = append(im.out.Made, made)
		}
	}
	return im.out, err
}

type importer struct {
	store    store.Accounts
	hasher   *Hasher
	now      exam.Instant
	progress func(int)
	mu       sync.Mutex
	out      Imported
	made     []string // by line
	doubtful []bool   // by line
}

func (im *importer) put(ctx context.Context, i int, line *RosterLine) error {
	user, err := im.store.UserByName(ctx, line.Username)
	isNew := errors.Is(err, store.ErrNotFound)
	switch {
	case isNew:
		err = im.create(ctx, i, line)
	case err == nil:
		err = im.update(ctx, user, line)
	}
	if err != nil {
		return fmt.Errorf("accounts: roster line %d: %w", line.Line, err)
	}
	im.count(isNew)
	return nil
}

func (im *importer) create(ctx context.Context, i int, line *RosterLine) error {
	password := line.Password
	if password == "" {
		password = RandomPassword()
		im.made[i] = password
	}
	_, err := Create(ctx, im.store, im.hasher, store.User{
		Username: line.Username, Name: line.Name, Roles: []store.Role{store.RoleCandidate},
		ExtraPercent: line.ExtraPercent, Groups: line.Groups,
	}, password, im.now)
	im.doubtful[i] = err != nil
	if errors.Is(err, store.ErrExists) {
		im.made[i] = ""
	}
	return err
}

// update leaves a password that is the same as it was, so that importing a roster again during an
// exam signs nobody out.
func (im *importer) update(ctx context.Context, user store.User, line *RosterLine) error {
	hash := user.PasswordHash
	user.Name, user.ExtraPercent, user.Groups = line.Name, line.ExtraPercent, line.Groups
	if !slices.Contains(user.Roles, store.RoleCandidate) {
		user.Roles = append(slices.Clone(user.Roles), store.RoleCandidate)
	}
	if err := im.store.UpdateUser(ctx, user); err != nil || line.Password == "" {
		return err
	}
	if same, err := im.hasher.Matches(ctx, line.Password, hash); err != nil || same {
		return err
	}
	return ChangePassword(ctx, im.store, im.hasher, user.ID, line.Password, "")
}

func (im *importer) count(isNew bool) {
	im.mu.Lock()
	defer im.mu.Unlock()
	if isNew {
		im.out.Created++
	} else {
		im.out.Updated++
	}
	if im.progress != nil {
		im.progress(im.out.Created + im.out.Updated)
	}
}
