package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
)

// RosterArgs are the arguments of a job of kind store.JobRoster.
type RosterArgs struct {
	Upload string `json:"upload"` // sealed, see SealRoster
	File   string `json:"file"`   // its name
}

// RosterOutcome is what became of it.
type RosterOutcome struct {
	New       int `json:"new"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Made      int `json:"made"` // passwords, told by the job's slips
	// Theirs are people whom others made meanwhile: the slips hold passwords for them that nobody has.
	Theirs  []string      `json:"theirs,omitempty"`
	Refused RosterRefusal `json:"refused,omitempty"`
}

// RosterRefusal says why nothing was imported.
type RosterRefusal string

// The refusals of a roster.
const (
	RosterGone   RosterRefusal = "gone"   // the file is kept no more
	RosterFaulty RosterRefusal = "faulty" // it cannot be read
	RosterMoved  RosterRefusal = "moved"  // others kept changing the same people
)

// Slips are the passwords that a job made, for those who hand them out.
type Slips struct {
	People []accounts.MadePassword `json:"people"`
	// What the job did, as it was planned at first.
	New       int `json:"new"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
}

// RosterStore is what a Rosters needs of the store.
type RosterStore interface {
	accounts.RosterReader
	store.Recorder
	UserByID(ctx context.Context, id string) (store.User, error)
	PutUpload(ctx context.Context, u store.Upload) error
	Upload(ctx context.Context, id, owner string) (store.Upload, error)
	DropUpload(ctx context.Context, id, owner string) error
}

// Rosters imports rosters. The passwords that it makes wait as an upload of their own, sealed, until
// somebody has them or a day is over. They are stored before the people are, and people's ids follow
// from the job's: so whoever does the job again, or at the same time, tells the same passwords.
type Rosters struct {
	Store  RosterStore
	Hasher *accounts.Hasher
	Sealer *accounts.Sealer
}

// SealRoster is a roster as an upload holds it: there may be passwords in it.
func SealRoster(s *accounts.Sealer, upload string, data []byte) []byte {
	return s.Seal(data, "roster "+upload)
}

// OpenRoster is SealRoster undone, or accounts.ErrUnsealable.
func OpenRoster(s *accounts.Sealer, u *store.Upload) ([]byte, error) {
	return s.Open(u.Data, "roster "+u.ID)
}

// SlipsID is the id of the upload that holds a job's slips.
func SlipsID(job string) string { return idOf(job, "slips") }

// idOf is an id that follows from a job's and a name.
func idOf(job, name string) string {
	space, err := uuid.Parse(job)
	if err != nil {
		space = uuid.NewSHA1(uuid.Nil, []byte(job))
	}
	return uuid.NewSHA1(space, []byte(name)).String()
}

// Slips reads the slips of a job, which only its actor may; store.ErrNotFound when they are kept no
// more. The time is when they were made.
func (r *Rosters) Slips(ctx context.Context, job, actor string) (Slips, exam.Instant, error) {
	u, err := r.Store.Upload(ctx, SlipsID(job), actor)
	if err != nil {
		return Slips{}, 0, err
	}
	text, err := r.Sealer.Open(u.Data, "slips "+u.ID)
	if err != nil {
		return Slips{}, 0, err
	}
	var out Slips
	if err := json.Unmarshal(text, &out); err != nil {
		return Slips{}, 0, fmt.Errorf("jobs: slips: %w", err)
	}
	return out, u.Created, nil
}

// EraseSlips removes the slips of a job.
func (r *Rosters) EraseSlips(ctx context.Context, job, actor string) error {
	return r.Store.DropUpload(ctx, SlipsID(job), actor)
}

// Do is the work of kind store.JobRoster. Its outcome is a RosterOutcome.
func (r *Rosters) Do(ctx context.Context, job store.Job, progress func(done int)) (any, error) {
	var args RosterArgs
	if err := json.Unmarshal(job.Args, &args); err != nil {
		return nil, fmt.Errorf("jobs: arguments: %w", err)
	}
	lines, err := r.lines(ctx, &job, &args)
	if err != nil {
		return refusedRoster(err)
	}
	slips, err := r.prepare(ctx, &job, lines)
	if err != nil {
		return nil, err
	}
	plan, err := r.importer(&job, &args, slips, progress).Run(ctx, lines)
	if err != nil {
		return refusedRoster(err)
	}
	return conclude(&job, &slips, plan), nil
}

func refusedRoster(err error) (any, error) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return RosterOutcome{Refused: RosterGone}, nil
	case errors.Is(err, accounts.ErrUnsealable), errors.Is(err, errFaulty), errors.Is(err, store.ErrUnstorable):
		return RosterOutcome{Refused: RosterFaulty}, nil
	case errors.Is(err, store.ErrMoved):
		return RosterOutcome{Refused: RosterMoved}, nil
	}
	return nil, err
}

// Tidy removes the roster that a job has imported: there may be passwords in it. One that was not
// imported stays for another try, until a day is over.
func (r *Rosters) Tidy(ctx context.Context, job store.Job, outcome any) error {
	if done, ok := outcome.(RosterOutcome); !ok || done.Refused != "" {
		return nil
	}
	upload, err := RosterOf(&job)
	if err != nil {
		return err
	}
	return r.Store.DropUpload(ctx, upload, job.Actor)
}

// RosterOf is the id of the upload that a job of kind store.JobRoster imports.
func RosterOf(job *store.Job) (string, error) {
	var args RosterArgs
	if err := json.Unmarshal(job.Args, &args); err != nil {
		return "", fmt.Errorf("jobs: arguments: %w", err)
	}
	return args.Upload, nil
}

var errFaulty = errors.New("jobs: roster with faults")

func (r *Rosters) lines(ctx context.Context, job *store.Job, args *RosterArgs) ([]accounts.RosterLine, error) {
	u, err := r.Store.Upload(ctx, args.Upload, job.Actor)
	if err != nil {
		return nil, err
	}
	data, err := OpenRoster(r.Sealer, &u)
	if err != nil {
		return nil, err
	}
	roster, err := accounts.ParseRoster(bytes.NewReader(data))
	if err == nil && len(roster.Faults) > 0 {
		err = errFaulty
	}
	return roster.Lines, err
}

// prepare makes the passwords that are wanted and keeps them, or finds those that were made before.
func (r *Rosters) prepare(ctx context.Context, job *store.Job, lines []accounts.RosterLine) (Slips, error) {
	slips, _, err := r.Slips(ctx, job.ID, job.Actor)
	if !errors.Is(err, store.ErrNotFound) {
		return slips, err
	}
	plan, err := accounts.PlanRoster(ctx, r.Store, lines)
	if err != nil {
		return Slips{}, err
	}
	made := Slips{New: plan.New, Updated: plan.Updated, Unchanged: plan.Unchanged}
	for i := range plan.Lines {
		line := &plan.Lines[i]
		if line.Change == accounts.LineNew && line.Password == "" {
			made.People = append(made.People, accounts.MadePassword{
				Username: line.Username, Name: line.Name, Password: accounts.RandomPassword(),
			})
		}
	}
	if err := r.keep(ctx, job, &made); err != nil && !errors.Is(err, store.ErrExists) {
		return Slips{}, err
	}
	// Another runner may have been first: its slips are the ones that are told.
	slips, _, err = r.Slips(ctx, job.ID, job.Actor)
	return slips, err
}

func (r *Rosters) keep(ctx context.Context, job *store.Job, slips *Slips) error {
	text, err := json.Marshal(slips)
	if err != nil {
		return fmt.Errorf("jobs: slips: %w", err)
	}
	id := SlipsID(job.ID)
	return r.Store.PutUpload(ctx, store.Upload{
		ID: id, Owner: job.Actor, Kind: store.UploadSlips, Data: r.Sealer.Seal(text, "slips "+id),
	})
}

func (r *Rosters) importer(job *store.Job, args *RosterArgs, slips Slips, progress func(int)) *accounts.Import {
	passwords := make(map[string]string, len(slips.People))
	for _, p := range slips.People {
		passwords[p.Username] = p.Password
	}
	return &accounts.Import{
		Store: r.Store, Hasher: r.Hasher, Now: job.Created, Progress: progress,
		NewID: func(username string) string { return userID(job.ID, username) },
		Password: func(username string) string {
			if p, ok := passwords[username]; ok {
				return p
			}
			return accounts.RandomPassword() // told to nobody: who was there when the slips were made is gone
		},
		Put: func(ctx context.Context, p *accounts.Plan, changes []store.RosterChange) error {
			actor, err := r.Store.UserByID(ctx, job.Actor)
			if err != nil {
				return err
			}
			act := store.Act{
				Actor: actor.ID, ActorName: actor.Username, Action: store.ActImportUsers, Object: job.ID,
				Details: p.Details(args.File, changes),
			}
			return r.Store.By(act).PutUsers(ctx, changes)
		},
	}
}

// conclude counts what was done, by this runner or the one before.
func conclude(job *store.Job, slips *Slips, plan *accounts.Plan) RosterOutcome {
	out := RosterOutcome{New: plan.New, Updated: plan.Updated, Unchanged: plan.Unchanged}
	if plan.New+plan.Updated == 0 {
		out = RosterOutcome{New: slips.New, Updated: slips.Updated, Unchanged: slips.Unchanged}
	}
	theirs := map[string]bool{}
	for i := range plan.Lines {
		line := &plan.Lines[i]
		theirs[line.Username] = line.Change != accounts.LineNew && line.Stored.ID != userID(job.ID, line.Username)
	}
	for _, p := range slips.People {
		if theirs[p.Username] {
			out.Theirs = append(out.Theirs, p.Username)
		}
	}
	out.Made = len(slips.People) - len(out.Theirs)
	return out
}

// userID is the id of a user whom a job makes.
func userID(job, username string) string { return idOf(job, "user "+username) }
