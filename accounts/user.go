package accounts

import (
	"context"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// NewUser makes a user with a password, to be stored. u needs Username, as typed, and Roles; ID,
// Created and PasswordHash are set here. Errors are those of NormalizeUsername, CheckPassword and
// Hasher.Hash.
func NewUser(ctx context.Context, h *Hasher, u store.User, password string, now exam.Instant) (store.User, error) {
	name, err := NormalizeUsername(u.Username)
	if err != nil {
		return store.User{}, err
	}
	if u.PasswordHash, err = NewPassword(ctx, h, password); err != nil {
		return store.User{}, err
	}
	u.ID, u.Username, u.Created = uuid.NewString(), name, now
	if u.Name == "" {
		u.Name = name
	}
	return u, nil
}

// NewPassword is the hash of a password that somebody chose. Errors are those of CheckPassword and
// Hasher.Hash.
func NewPassword(ctx context.Context, h *Hasher, password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	return h.Hash(ctx, password)
}

// Described is what the audit log says of a new user.
type Described struct {
	Username     string       `json:"username,omitempty"`
	Name         string       `json:"name"`
	Roles        []store.Role `json:"roles"`
	Groups       []string     `json:"groups"`
	ExtraPercent int          `json:"extra_time_percent"`
	Disabled     bool         `json:"disabled,omitempty"`
}

// Describe says what a user is, for the audit log: no password.
func Describe(u *store.User) Described {
	return Described{
		Username: u.Username, Name: u.Name, Roles: inOrder(u.Roles), Groups: inOrder(u.Groups),
		ExtraPercent: u.ExtraPercent, Disabled: u.Disabled,
	}
}
