package memory

import (
	"cmp"
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// failure is a failed sign-in.
type failure struct {
	account, prefix string
	at              exam.Instant
}

const day = 24 * 60 * exam.Minute

func copyUser(u *store.User) store.User {
	out := *u
	out.Roles, out.Groups = slices.Clone(u.Roles), slices.Sorted(slices.Values(u.Groups))
	return out
}

// CreateUser implements store.Accounts.
func (s *Store) CreateUser(ctx context.Context, u store.User) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if s.users[u.ID] != nil || s.named(u.Username) != nil {
		return store.ErrExists
	}
	kept := copyUser(&u)
	s.users[u.ID] = &kept
	return nil
}

func (s *Store) named(username string) *store.User {
	for _, u := range s.users {
		if u.Username == username {
			return u
		}
	}
	return nil
}

// UpdateUser implements store.Accounts.
func (s *Store) UpdateUser(ctx context.Context, u store.User) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	was := s.users[id(u.ID)]
	if was == nil {
		return store.ErrNotFound
	}
	is := copyUser(&u)
	if u.Disabled || !slices.Equal(slices.Sorted(slices.Values(was.Roles)), slices.Sorted(slices.Values(is.Roles))) {
		s.revoke(was.ID, "")
	}
	was.Name, was.Roles, was.ExtraPercent, was.Groups, was.Disabled = is.Name, is.Roles, is.ExtraPercent, is.Groups, is.Disabled
	return nil
}

// SetPassword implements store.Accounts.
func (s *Store) SetPassword(ctx context.Context, user, hash, keep string) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	u := s.users[id(user)]
	if u == nil {
		return store.ErrNotFound
	}
	u.PasswordHash = hash
	s.revoke(u.ID, keep)
	return nil
}

// revoke ends the live sign-ins of a user but one.
func (s *Store) revoke(user, keep string) {
	for _, i := range s.signIns {
		if i.User == user && i.ID != keep && i.Revoked == 0 {
			i.Revoked = s.clock()
		}
	}
}

// UserByName implements store.Accounts.
func (s *Store) UserByName(ctx context.Context, username string) (store.User, error) {
	return s.user(ctx, func() *store.User { return s.named(username) })
}

// UserByID implements store.Accounts.
func (s *Store) UserByID(ctx context.Context, user string) (store.User, error) {
	return s.user(ctx, func() *store.User { return s.users[id(user)] })
}

func (s *Store) user(ctx context.Context, find func() *store.User) (store.User, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return store.User{}, err
	}
	defer leave()
	if u := find(); u != nil {
		return copyUser(u), nil
	}
	return store.User{}, store.ErrNotFound
}

// Users implements store.Accounts.
func (s *Store) Users(ctx context.Context) ([]store.User, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var list []store.User
	for _, u := range s.users {
		list = append(list, copyUser(u))
	}
	slices.SortFunc(list, func(a, b store.User) int { return cmp.Compare(a.Username, b.Username) })
	return list, nil
}

// CountUsers implements store.Accounts.
func (s *Store) CountUsers(ctx context.Context) (int, error) {
	list, err := s.Users(ctx)
	return len(list), err
}

// CreateSignIn implements store.Accounts.
func (s *Store) CreateSignIn(ctx context.Context, i store.SignIn) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	u := s.users[id(i.User)]
	switch {
	case u == nil:
		return store.ErrNotFound
	case i.Password != "" && (u.PasswordHash != i.Password || u.Disabled):
		return store.ErrMoved
	case s.signIns[i.ID] != nil || s.tokens[i.TokenHash] != nil:
		return store.ErrExists
	}
	i.Password = ""
	i.Created, i.LastSeen = cmp.Or(i.Created, s.clock()), cmp.Or(i.LastSeen, s.clock())
	s.signIns[i.ID], s.tokens[i.TokenHash] = &i, &i
	return nil
}

// Viewer implements store.Accounts.
func (s *Store) Viewer(ctx context.Context, signIn string) (store.Viewer, exam.Instant, error) {
	return s.viewerOf(ctx, func() *store.SignIn { return s.signIns[id(signIn)] })
}

// ViewerByToken implements store.Accounts.
func (s *Store) ViewerByToken(ctx context.Context, tokenHash string) (store.Viewer, exam.Instant, error) {
	return s.viewerOf(ctx, func() *store.SignIn { return s.tokens[tokenHash] })
}

func (s *Store) viewerOf(ctx context.Context, find func() *store.SignIn) (store.Viewer, exam.Instant, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return store.Viewer{}, 0, err
	}
	defer leave()
	i := find()
	if i == nil {
		return store.Viewer{}, 0, store.ErrNotFound
	}
	return s.viewer(i), s.clock(), nil
}

func (s *Store) viewer(i *store.SignIn) store.Viewer {
	v := store.Viewer{SignIn: *i, User: copyUser(s.users[i.User])}
	v.SignIn.Agent, v.SignIn.Address, v.User.PasswordHash = "", "", ""
	for _, a := range s.order {
		if a.row.Candidate != i.User || !a.row.Status.Open() {
			continue
		}
		until := a.expires
		if until == 0 {
			until = exam.Forever
		}
		v.WritingUntil = max(v.WritingUntil, until)
	}
	return v
}

// LiveSignIns implements store.Accounts.
func (s *Store) LiveSignIns(ctx context.Context, signIns []string) ([]string, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var live []string
	for _, asked := range signIns {
		if i := s.signIns[id(asked)]; i != nil && i.Revoked == 0 {
			live = append(live, i.ID)
		}
	}
	return live, nil
}

// SignInsOf implements store.People.
func (s *Store) SignInsOf(ctx context.Context, user string, limit int) ([]store.SignIn, exam.Instant, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer leave()
	var list []store.SignIn
	for _, i := range s.signIns {
		if i.User == id(user) {
			list = append(list, *i)
		}
	}
	slices.SortFunc(list, func(a, b store.SignIn) int {
		return cmp.Or(cmp.Compare(b.Created, a.Created), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(len(list), limit)], s.clock(), nil
}

// RevokeSignIn implements store.Accounts.
func (s *Store) RevokeSignIn(ctx context.Context, signIn string) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if i := s.signIns[id(signIn)]; i != nil && i.Revoked == 0 {
		i.Revoked = s.clock()
	}
	return nil
}

// RevokeAll implements store.Accounts.
func (s *Store) RevokeAll(ctx context.Context, user string) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	s.revoke(id(user), "")
	return nil
}

// Seen implements store.Accounts.
func (s *Store) Seen(ctx context.Context, at map[string]exam.Instant) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for signIn, when := range at {
		if i := s.signIns[id(signIn)]; i != nil {
			i.LastSeen = max(i.LastSeen, when)
		}
	}
	return nil
}

// FailedSignIns implements store.Accounts.
func (s *Store) FailedSignIns(ctx context.Context, account, prefix string, span exam.Micros) (int, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	n, since := 0, s.clock().Add(-span)
	for _, f := range s.failures {
		if f.account == account && f.prefix == prefix && f.at >= since {
			n++
		}
	}
	return n, nil
}

// RecordFailedSignIn implements store.Accounts.
func (s *Store) RecordFailedSignIn(ctx context.Context, account, prefix string) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	s.failures = append(s.failures, failure{account, prefix, s.clock()})
	return nil
}

// ForgetFailedSignIns implements store.Accounts.
func (s *Store) ForgetFailedSignIns(ctx context.Context, account, prefix string) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	old := s.clock().Add(-day)
	s.failures = slices.DeleteFunc(s.failures, func(f failure) bool {
		return f.account == account && f.prefix == prefix || f.at < old
	})
	return nil
}
