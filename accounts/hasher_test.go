package accounts_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"shiken/accounts"
)

func TestHasherHonoursTheContext(t *testing.T) {
	h := accounts.NewHasher()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var busy sync.WaitGroup
	for range 8 { // so that the line is taken
		busy.Go(func() {
			if _, err := h.Hash(t.Context(), goodPassword); err != nil {
				t.Error(err)
			}
		})
	}
	defer busy.Wait()
	for range 100 {
		if _, err := h.Hash(ctx, goodPassword); !errors.Is(err, context.Canceled) {
			t.Fatalf("Hash for a client that is gone: %v", err)
		}
	}
}

func TestHasherRefusesAnEndlessLine(t *testing.T) {
	h := accounts.NewHasher()
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan error, 4_000)
	for range cap(results) {
		go func() {
			_, err := h.Hash(ctx, goodPassword)
			results <- err
		}()
	}
	refused := 0
	for range 1_500 { // of the 4,000 at least 1,900 find the line full
		if err := <-results; errors.Is(err, accounts.ErrBusy) {
			refused++
		}
	}
	cancel()
	for range cap(results) - 1_500 {
		<-results
	}
	if refused < 1_000 {
		t.Errorf("%d were refused at once", refused)
	}
}

func TestHashes(t *testing.T) {
	h := accounts.NewHasher()
	one, err1 := h.Hash(t.Context(), goodPassword)
	two, err2 := h.Hash(t.Context(), goodPassword)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if one == two || !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hashes %q, %q", one, two)
	}
	if _, err := h.Matches(t.Context(), goodPassword, "no hash"); err == nil {
		t.Error("a broken hash was compared")
	}
}

// A hash of a cheap hasher costs what it was told to, and every hasher checks it.
func TestCheapHashes(t *testing.T) {
	hash, err := accounts.NewCheapHasher(accounts.Cost{Memory: 8, Passes: 1}).Hash(t.Context(), goodPassword)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Fatalf("%q, %v", hash, err)
	}
	if same, err := accounts.NewHasher().Matches(t.Context(), goodPassword, hash); err != nil || !same {
		t.Errorf("matches: %t, %v", same, err)
	}
}

// Cheap hashes are for tests: nothing of the program makes any.
func TestTheProgramHashesAtFullCost(t *testing.T) {
	uses := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "devtools"):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || path == filepath.Join("..", "accounts", "hasher.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), "NewCheapHasher(") {
			if uses++; !strings.HasSuffix(path, "_test.go") {
				t.Errorf("%s makes cheap hashes", path)
			}
		}
		return err
	})
	if err != nil || uses == 0 {
		t.Errorf("%d files looked right, %v", uses, err)
	}
}
