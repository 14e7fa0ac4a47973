package postgres_test

import (
	"context"
	"errors"
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
	if err := s.CreateUser(t.Context(), newUser()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("writing to a dead server: %v, want %v", err, store.ErrUnavailable)
	}
	if _, err := s.UserByID(t.Context(), u.ID); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("reading from a dead server: %v, want %v", err, store.ErrUnavailable)
	}
	if err := s.Ping(t.Context()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("ping of a dead server: %v, want %v", err, store.ErrUnavailable)
	}
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
