package accounts_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"shiken/exam"
	"shiken/store"
)

type failure struct {
	account, prefix string
	at              time.Time
}

// fakeStore keeps accounts in memory. What package accounts does not ask for is missing.
type fakeStore struct {
	store.Accounts
	mu       sync.Mutex
	users    map[string]store.User // by username
	failures []failure
	signIns  []store.SignIn
	revoked  []string // users whose sign-ins were revoked by a new password
	broken   error    // answer of every call
	hung     string   // name of the call that waits until its context is done
	groups   []string // that there are beside those of users
}

func newFakeStore(users ...store.User) *fakeStore {
	f := &fakeStore{users: map[string]store.User{}}
	for _, u := range users {
		f.users[u.Username] = u
	}
	return f
}

// call answers a hung call when its context is done.
func (f *fakeStore) call(ctx context.Context, name string) error {
	if f.hung != name {
		return nil
	}
	<-ctx.Done()
	return ctx.Err()
}

func (f *fakeStore) UserByName(ctx context.Context, name string) (store.User, error) {
	if err := f.call(ctx, "UserByName"); err != nil {
		return store.User{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	u, ok := f.users[name]
	if f.broken != nil {
		return store.User{}, f.broken
	}
	if !ok {
		return store.User{}, store.ErrNotFound
	}
	return u, nil
}

func (f *fakeStore) CreateUser(_ context.Context, u store.User) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, taken := f.users[u.Username]; taken {
		return store.ErrExists
	}
	f.users[u.Username] = u
	return f.broken
}

func (f *fakeStore) Users(context.Context) ([]store.User, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Values(f.users)), f.broken
}

func (f *fakeStore) Groups(context.Context) ([]store.GroupSummary, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []store.GroupSummary
	for _, name := range f.groups {
		out = append(out, store.GroupSummary{Name: name})
	}
	return out, f.broken
}

// putUsers is store.Actions.PutUsers.
func (f *fakeStore) putUsers(_ context.Context, changes []store.RosterChange) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken != nil {
		return f.broken
	}
	for _, c := range changes {
		if was, known := f.users[c.User.Username]; known == c.New || known && was.ID != c.User.ID {
			return store.ErrMoved
		}
	}
	for _, c := range changes {
		switch {
		case c.New:
		case c.User.PasswordHash == "":
			c.User.PasswordHash = f.users[c.User.Username].PasswordHash
		default:
			f.revoked = append(f.revoked, c.User.Username)
		}
		f.users[c.User.Username] = c.User
	}
	return nil
}

func (f *fakeStore) SetPassword(_ context.Context, id, hash, _ string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, u := range f.users {
		if u.ID == id {
			u.PasswordHash = hash
			f.users[name] = u
			f.revoked = append(f.revoked, name)
			return f.broken
		}
	}
	return store.ErrNotFound
}

func (f *fakeStore) CreateSignIn(_ context.Context, s store.SignIn) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.signIns = append(f.signIns, s)
	return f.broken
}

func (f *fakeStore) FailedSignIns(_ context.Context, account, prefix string, span exam.Micros) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, x := range f.failures {
		if x.account == account && x.prefix == prefix && time.Since(x.at) <= time.Duration(span)*time.Microsecond {
			n++
		}
	}
	return n, f.broken
}

func (f *fakeStore) RecordFailedSignIn(ctx context.Context, account, prefix string) error {
	if err := f.call(ctx, "RecordFailedSignIn"); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures = append(f.failures, failure{account, prefix, time.Now()})
	return f.broken
}

func (f *fakeStore) ForgetFailedSignIns(ctx context.Context, account, prefix string) error {
	if err := f.call(ctx, "ForgetFailedSignIns"); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures = slices.DeleteFunc(f.failures, func(x failure) bool { return x.account == account && x.prefix == prefix })
	return f.broken
}

// named lists the usernames.
func (f *fakeStore) named() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.users))
}
