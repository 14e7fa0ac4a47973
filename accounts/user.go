package accounts

import (
	"context"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// Create stores a new user with a password. u needs Username, as typed, and Roles; ID, Created and
// PasswordHash are set here. Errors are those of NormalizeUsername, CheckPassword and Hasher.Hash,
// store.ErrExists when the username is taken, and others of the store.
func Create(ctx context.Context, s store.Accounts, h *Hasher, u store.User, password string, now exam.Instant) (store.User, error) {
	name, err := NormalizeUsername(u.Username)
	if err != nil {
		return store.User{}, err
	}
	if err := CheckPassword(password); err != nil {
		return store.User{}, err
	}
	if u.PasswordHash, err = h.Hash(ctx, password); err != nil {
		return store.User{}, err
	}
	u.ID, u.Username, u.Created = uuid.NewString(), name, now
	if u.Name == "" {
		u.Name = name
	}
	return u, s.CreateUser(ctx, u)
}
