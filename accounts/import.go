package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"shiken/exam"
	"shiken/store"
)

// Import brings a roster into the store: all of it, or nothing.
type Import struct {
	Store  RosterReader
	Hasher *Hasher
	// Put stores the changes of a plan, see store.Actions.PutUsers.
	Put func(ctx context.Context, p *Plan, changes []store.RosterChange) error
	// NewID gives a new user's id, Password the password of a new user without one. They are called by
	// several goroutines at once, and MUST give the same for the same username.
	NewID, Password func(username string) string
	Now             exam.Instant
	// Progress, when not nil, is told how many of the lines are ready to be stored. It is called by
	// several goroutines at once.
	Progress func(done int)

	hashes sync.Map // by username: of passwords that were looked at before, "" = the user has it
}

// maxPlans bounds how often a roster is planned anew since others changed the same people meanwhile.
const maxPlans = 5

// Run imports the lines of a roster without faults, and returns what was done. A password that the
// user has already is left, so that importing a roster again during an exam signs nobody out. With
// store.ErrMoved nothing was stored: others keep changing the same people. With store.ErrUnavailable
// nobody knows; importing again finishes it, or changes nothing.
func (im *Import) Run(ctx context.Context, lines []RosterLine) (*Plan, error) {
	for range maxPlans {
		p, err := PlanRoster(ctx, im.Store, lines)
		if err != nil {
			return nil, err
		}
		changes, err := im.changes(ctx, p)
		if err != nil || len(changes) == 0 {
			return p, err
		}
		if err = im.Put(ctx, p, changes); !errors.Is(err, store.ErrMoved) {
			return p, err
		}
	}
	return nil, fmt.Errorf("accounts: roster planned %d times: %w", maxPlans, store.ErrMoved)
}

// changes hashes what there is to be hashed, and leaves out lines that change nothing.
func (im *Import) changes(ctx context.Context, p *Plan) ([]store.RosterChange, error) {
	all := make([]*store.RosterChange, len(p.Lines))
	var done atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	// One place of the hasher stays free for those who sign in meanwhile, where it has several.
	group.SetLimit(max(min(runtime.GOMAXPROCS(0), maxAtOnce)-1, 1))
	for i := range p.Lines {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() (err error) {
			all[i], err = im.change(ctx, &p.Lines[i])
			if n := done.Add(1); err == nil && im.Progress != nil {
				im.Progress(int(n))
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return im.effective(p, all), nil
}

// effective counts lines whose password turned out to be the same as unchanged.
func (im *Import) effective(p *Plan, all []*store.RosterChange) []store.RosterChange {
	var out []store.RosterChange
	for i, change := range all {
		switch {
		case change != nil:
			out = append(out, *change)
		case p.Lines[i].Change == LineUpdate:
			p.Lines[i].Change = LineUnchanged
			p.Updated--
			p.Unchanged++
		}
	}
	return out
}

// change is nil when the line changes nothing.
func (im *Import) change(ctx context.Context, line *PlannedLine) (*store.RosterChange, error) {
	switch line.Change {
	case LineNew:
		u := store.User{
			ID: im.NewID(line.Username), Username: line.Username, Name: line.Name, Roles: []store.Role{store.RoleCandidate},
			ExtraPercent: line.ExtraPercent, Groups: line.Groups, Created: im.Now,
		}
		password := line.Password
		if password == "" {
			password = im.Password(line.Username)
		}
		var err error
		u.PasswordHash, err = im.hash(ctx, line, password)
		return &store.RosterChange{User: u, New: true}, err
	case LineUpdate:
		u := line.updated()
		var err error
		if u.PasswordHash, err = im.hash(ctx, line, line.Password); err != nil {
			return nil, err
		}
		if u.PasswordHash == "" && len(Differences(&line.Stored, u)) == 0 {
			return nil, nil
		}
		return &store.RosterChange{User: *u}, nil
	}
	return nil, nil
}

// hash is that of a line's password; empty when there is none, or when the user has it already.
func (im *Import) hash(ctx context.Context, line *PlannedLine, password string) (string, error) {
	if password == "" {
		return "", nil
	}
	key := line.Username + "\x00" + line.Stored.PasswordHash
	if hash, ok := im.hashes.Load(key); ok {
		return hash.(string), nil
	}
	hash, err := patiently(ctx, func() (string, error) {
		if line.Stored.PasswordHash != "" {
			if same, err := im.Hasher.Matches(ctx, password, line.Stored.PasswordHash); err != nil || same {
				return "", err
			}
		}
		return im.Hasher.Hash(ctx, password)
	})
	if err != nil {
		return "", fmt.Errorf("accounts: roster line %d: %w", line.Line, err)
	}
	im.hashes.Store(key, hash)
	return hash, nil
}

// patiently waits out the hours in which everybody signs in: an import can.
func patiently(ctx context.Context, work func() (string, error)) (string, error) {
	const pause = time.Second
	for {
		out, err := work()
		if !errors.Is(err, ErrBusy) {
			return out, err
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(pause):
		}
	}
}

// MadePassword is a password that the program made for a new user.
type MadePassword struct{ Username, Name, Password string }

// ImportOnce is an Import whose new users get random passwords and ids. told lists the passwords that
// it made for the people of a plan, in their order.
func ImportOnce(s RosterReader, h *Hasher, now exam.Instant) (im *Import, told func(*Plan) []MadePassword) {
	var made sync.Map
	im = &Import{
		Store: s, Hasher: h, Now: now,
		NewID: func(string) string { return uuid.NewString() },
		Password: func(username string) string {
			password, _ := made.LoadOrStore(username, RandomPassword())
			return password.(string)
		},
	}
	return im, func(p *Plan) []MadePassword {
		var out []MadePassword
		for i := range p.Lines {
			line := &p.Lines[i]
			if line.Change == LineNew && line.Password == "" {
				out = append(out, MadePassword{line.Username, line.Name, im.Password(line.Username)})
			}
		}
		return out
	}
}

// maxListed bounds the part of an import's audit details that lists people, in bytes.
const maxListed = 48 << 10

// ImportDetails is what the audit log says of an import.
type ImportDetails struct {
	File      string   `json:"file"`
	New       int      `json:"new"`
	Updated   int      `json:"updated"`
	Unchanged int      `json:"unchanged"`
	Groups    int      `json:"groups_made"`
	People    []Listed `json:"people"` // the first of them
	Unlisted  int      `json:"unlisted,omitempty"`
}

// Listed is one person of an import: somebody new as they are, or what changes of somebody known.
type Listed struct {
	Username string                `json:"username"`
	New      *Described            `json:"new,omitempty"`
	Changes  map[string]Difference `json:"changes,omitempty"`
	Password bool                  `json:"password,omitempty"` // a new one
}

// Details describes what is stored, for the audit log.
func (p *Plan) Details(file string, changes []store.RosterChange) ImportDetails {
	d := ImportDetails{
		File: short(file), New: p.New, Updated: p.Updated, Unchanged: p.Unchanged, Groups: len(p.Groups), People: []Listed{},
	}
	stored := map[string]*store.User{}
	for i := range p.Lines {
		stored[p.Lines[i].Username] = &p.Lines[i].Stored
	}
	size := 0
	for i := range changes {
		listed := list(&changes[i], stored[changes[i].User.Username])
		text, err := json.Marshal(listed)
		if size += len(text); err != nil || size > maxListed {
			d.Unlisted = len(changes) - i
			break
		}
		d.People = append(d.People, listed)
	}
	return d
}

func list(change *store.RosterChange, stored *store.User) Listed {
	u := &change.User
	if change.New {
		as := Describe(u)
		as.Username = ""
		return Listed{Username: u.Username, New: &as}
	}
	return Listed{Username: u.Username, Changes: Differences(stored, u), Password: u.PasswordHash != ""}
}
