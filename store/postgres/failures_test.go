package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/devtools/services"
	"shiken/store"
	"shiken/store/postgres"
)

func newUser() store.User {
	return store.User{ID: uuid.NewString(), Username: uuid.NewString(), Name: "kept"}
}

func TestServerThatDiesAndReturns(t *testing.T) {
	server := services.PrivatePostgres(t)
	s := open(t, server.URL())
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	u := newUser()
	if err := s.CreateUser(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	unavailable(t, "writing", func(ctx context.Context) error { return s.CreateUser(ctx, newUser()) })
	unavailable(t, "reading", func(ctx context.Context) error { _, err := s.UserByID(ctx, u.ID); return err })
	unavailable(t, "ping", s.Ping)
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := services.Poll(ctx, func(ctx context.Context) error {
		got, err := s.UserByID(ctx, u.ID)
		if err == nil && got.Name != u.Name {
			t.Errorf("after the crash: %+v", got)
		}
		return err
	})
	if err != nil {
		t.Errorf("the store does not come back: %v", err)
	}
}

// unavailable wants a call to fail as it must, soon: the server's own processes outlive it by a
// moment, in which they still answer.
func unavailable(t *testing.T, what string, call func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := services.Poll(ctx, func(ctx context.Context) error {
		err := call(ctx)
		if errors.Is(err, store.ErrUnavailable) {
			return nil
		}
		return fmt.Errorf("%s: %v, want %w", what, err, store.ErrUnavailable)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestServerThatHangs(t *testing.T) {
	server := services.PrivatePostgres(t)
	s := open(t, server.URL())
	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Thaw() }()
	const patience = 200 * time.Millisecond
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	begun := time.Now()
	_, err := s.CountUsers(ctx)
	if took := time.Since(begun); !errors.Is(err, store.ErrUnavailable) || took > 10*patience {
		t.Errorf("after %v: %v, want %v", took, err, store.ErrUnavailable)
	}
	s.SetPatience(patience)
	for what, call := range map[string]func() error{
		"reading":       func() error { _, err := s.CountUsers(context.Background()); return err },
		"writing":       func() error { return s.RevokeSignIn(context.Background(), uuid.NewString()) },
		"a transaction": func() error { return s.CreateUser(context.Background(), newUser()) },
	} {
		if err := call(); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s by somebody who would wait for ever: %v, want %v", what, err, store.ErrUnavailable)
		}
	}
}

func TestOpenSaysWhatItCannotReach(t *testing.T) {
	const password = "secret-of-the-database"
	port, err := services.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{
		"postgres://user:" + password + "@127.0.0.1:" + strconv.Itoa(port) + "/db",
		"postgres://user:" + password + "@127.0.0.1:port/db",
		"postgres://user:" + password + "@127.0.0.1/db?sslmode=perhaps",
	} {
		s, err := postgres.Open(t.Context(), url)
		if err == nil {
			t.Fatalf("%s was opened: %v", url, s.Close())
		}
		if strings.Contains(err.Error(), password) {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
}
