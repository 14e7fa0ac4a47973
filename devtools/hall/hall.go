// Package hall fills a database with an exam that is being sat: candidates with running attempts, who
// are signed in, and an admin who looks after them. Thousands take seconds, since no page is asked for
// and no password made; the rows are written by the product's own code, and `shiken verify` finds
// nothing to say about them.
package hall

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"shiken/accounts"
	"shiken/exam"
	"shiken/proctor"
	"shiken/sessionguard"
	"shiken/store"
)

// Exam is the slug of the exam that is sat.
const Exam = "hall"

// Options say what is made.
type Options struct {
	Candidates int // 1..
	Questions  int // on each paper, 1 to exam.MaxQuestions
}

// Person is somebody who is signed in.
type Person struct {
	User, Username string
	// Attempt is an id, Deadline when its time is up. The admin has none.
	Attempt  string
	Deadline time.Time
	token    string
}

// Cookie is what the person's browser sends.
func (p *Person) Cookie() *http.Cookie {
	return &http.Cookie{Name: "shiken_session", Value: p.token, Path: "/"}
}

// Hall is a sitting.
type Hall struct {
	Admin      Person
	Candidates []Person // by username
}

// Sessions keeps what the program finds by a cookie; key is the hash of its token.
type Sessions interface {
	Commit(key string, data []byte, expiry time.Time) error
}

// atOnce bounds the transactions under way.
const atOnce = 8

// Fill makes a sitting in a migrated database, and sessions where the program keeps them. The program
// may run meanwhile.
func Fill(ctx context.Context, s store.Store, sessions Sessions, o Options) (*Hall, error) {
	b := &builder{store: s, sessions: sessions, hall: &Hall{Candidates: make([]Person, o.Candidates)}}
	if err := b.people(ctx); err != nil {
		return nil, err
	}
	if err := b.exam(ctx, o.Questions); err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	group.Go(func() error { return b.signIn(ctx, &b.hall.Admin) })
	for i := range b.hall.Candidates {
		p := &b.hall.Candidates[i]
		group.Go(func() error { return errors.Join(b.signIn(ctx, p), b.begin(ctx, p)) })
	}
	return b.hall, group.Wait()
}

// builder makes one hall.
type builder struct {
	store      store.Store
	sessions   Sessions
	hall       *Hall
	definition exam.Definition
	pools      [][]exam.PoolQuestion
}

// group is whom the exam is open to.
const group = "hall-2026"

func act(action store.Action) store.Act {
	return store.Act{ActorName: "hall", Action: action, Object: Exam}
}

// people makes the accounts. Nobody can sign in to them with a password.
func (b *builder) people(ctx context.Context) error {
	const noPassword = "$argon2id$"
	var changes []store.RosterChange
	add := func(p *Person, username, name string, role store.Role, groups ...string) {
		*p = Person{User: uuid.NewString(), Username: username, token: newToken()}
		changes = append(changes, store.RosterChange{New: true, User: store.User{
			ID: p.User, Username: username, Name: name, Roles: []store.Role{role}, PasswordHash: noPassword, Groups: groups,
		}})
	}
	add(&b.hall.Admin, "hall-admin", "監督", store.RoleAdmin)
	for i := range b.hall.Candidates {
		n := i + 1
		add(&b.hall.Candidates[i], fmt.Sprintf("hall-%05d", n), fmt.Sprintf("受験者 %05d", n), store.RoleCandidate, group)
	}
	return b.store.By(act(store.ActImportUsers)).PutUsers(ctx, changes)
}

// newToken is what scs makes.
func newToken() string {
	raw := make([]byte, 32)
	rand.Read(raw) //nolint:errcheck // never fails, crypto/rand
	return base64.RawURLEncoding.EncodeToString(raw)
}

// signIn makes the row of a sign-in and the session that names it.
func (b *builder) signIn(ctx context.Context, p *Person) error {
	key, now := sessionguard.HashToken(p.token), time.Now()
	row, err := accounts.Verdict{User: store.User{ID: p.User}}.Begin(ctx, b.store, key)
	if err != nil {
		return err
	}
	until := now.Add(sessionguard.Lifetime)
	data, err := sessionguard.Codec{}.Encode(until, map[string]any{"sign_in": row.ID})
	if err != nil {
		return err
	}
	return b.sessions.Commit(key, data, until)
}

// begin draws a candidate's paper and begins the attempt.
func (b *builder) begin(ctx context.Context, p *Person) error {
	p.Attempt = uuid.NewString()
	request := exam.DrawRequest{Attempt: p.Attempt, Candidate: p.User, Definition: &b.definition, Pools: b.pools}
	rand.Read(request.Seed[:]) //nolint:errcheck // never fails, crypto/rand
	paper, err := exam.Draw(request)
	if err != nil {
		return err
	}
	attempt, outcome, err := exam.Begin(&paper, uuid.NewString(), "", proctor.NewSalt(), exam.Instant(time.Now().UnixMicro()))
	if err != nil {
		return err
	}
	if at, timed := attempt.Deadline(&paper); timed {
		p.Deadline = time.UnixMicro(int64(at))
	}
	return b.store.Create(ctx, store.NewAttempt{Attempt: attempt, Paper: paper, Number: 1, Outcome: outcome})
}
