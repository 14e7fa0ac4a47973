package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shiken/accounts"
	"shiken/store"
)

const goodPassword = "correct horse"

var (
	here  = accounts.Client{Prefix: "127.0.0.0/24", Local: true}
	there = accounts.Client{Prefix: "192.0.2.0/24"}
)

// goodHash is made once: hashing is meant to be slow.
var goodHash = sync.OnceValues(func() (string, error) {
	return accounts.NewHasher().Hash(context.Background(), goodPassword)
})

// setUp makes users hana (usual), old (disabled) and demo, all with the good password.
func setUp(t testing.TB) (*accounts.Authenticator, *fakeStore) {
	t.Helper()
	hash, err := goodHash()
	if err != nil {
		t.Fatal(err)
	}
	f := newFakeStore(
		store.User{ID: "1", Username: "hana", PasswordHash: hash},
		store.User{ID: "2", Username: "old", PasswordHash: hash, Disabled: true},
		store.User{ID: "3", Username: "demo", PasswordHash: hash, Demo: true},
		store.User{ID: "4", Username: "heavy", PasswordHash: strings.Replace(hash, "m=19456", "m=4194304", 1)},
	)
	return &accounts.Authenticator{Accounts: f, Hasher: accounts.NewHasher()}, f
}

func check(t testing.TB, a *accounts.Authenticator, username, password string, from accounts.Client) accounts.Verdict {
	t.Helper()
	v, err := a.Check(t.Context(), username, password, from)
	if err != nil {
		t.Fatalf("Check(%q): %v", username, err)
	}
	return v
}

func TestVerdicts(t *testing.T) {
	a, _ := setUp(t)
	byHand := *a
	byHand.DemoFromAnywhere = true
	tests := []struct {
		name               string
		by                 *accounts.Authenticator
		username, password string
		from               accounts.Client
		want               accounts.VerdictKind
	}{
		{"right", a, "hana", goodPassword, there, accounts.OK},
		{"right, typed on a Japanese keyboard", a, "　ＨＡＮＡ ", "ｃｏｒｒｅｃｔ　ｈｏｒｓｅ", there, accounts.OK},
		{"wrong password", a, "hana", goodPassword + ".", there, accounts.Wrong},
		{"no password", a, "hana", "", there, accounts.Wrong},
		{"unknown", a, "nobody", goodPassword, there, accounts.Wrong},
		{"no username", a, "", goodPassword, there, accounts.Wrong},
		{"no possible username", a, "a'; DROP TABLE users", goodPassword, there, accounts.Wrong},
		{"huge", a, strings.Repeat("a", 1<<20), strings.Repeat("b", 1<<20), there, accounts.Wrong},
		{"disabled", a, "old", goodPassword, there, accounts.Wrong},
		{"demo from here", a, "demo", goodPassword, here, accounts.OK},
		{"demo from elsewhere", a, "demo", goodPassword, there, accounts.DemoRefused},
		{"demo from elsewhere, wrong", a, "demo", "x", there, accounts.Wrong},
		{"demo from elsewhere, by hand", &byHand, "demo", goodPassword, there, accounts.OK},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := check(t, tt.by, tt.username, tt.password, tt.from)
			if v.Kind != tt.want {
				t.Errorf("kind %d, want %d", v.Kind, tt.want)
			}
			if (v.User.ID != "") != (tt.want == accounts.OK) || v.User.PasswordHash != "" {
				t.Errorf("user %+v with kind %d", v.User, v.Kind)
			}
		})
	}
}

func TestThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := setUp(t)
		for i := range 10 {
			if v := check(t, a, "hana", "wrong guess", there); v.Kind != accounts.Wrong {
				t.Fatalf("guess %d: kind %d", i+1, v.Kind)
			}
			time.Sleep(time.Minute)
		}
		v := check(t, a, "Hana", goodPassword, there)
		if v.Kind != accounts.Throttled || v.RetryAfter != 10*time.Minute {
			t.Fatalf("after ten guesses: kind %d, retry after %v", v.Kind, v.RetryAfter)
		}
		if v := check(t, a, "hana", goodPassword, here); v.Kind != accounts.OK {
			t.Errorf("a neighbour locks out: kind %d", v.Kind)
		}
		if v := check(t, a, "old", "wrong guess", there); v.Kind != accounts.Wrong {
			t.Errorf("another account of the same client: kind %d", v.Kind)
		}
		time.Sleep(v.RetryAfter)
		if v := check(t, a, "hana", goodPassword, there); v.Kind != accounts.OK {
			t.Errorf("after the wait: kind %d", v.Kind)
		}
	})
}

func TestSuccessForgetsFailures(t *testing.T) {
	a, f := setUp(t)
	for range 9 {
		check(t, a, "hana", "wrong guess", there)
	}
	if v := check(t, a, "hana", goodPassword, there); v.Kind != accounts.OK {
		t.Fatalf("kind %d after nine guesses", v.Kind)
	}
	if len(f.failures) != 0 {
		t.Errorf("%d failures are still counted", len(f.failures))
	}
}

// TestGuessesAtOnceAreCounted sends forty guesses together: those that pass the first question
// before anything was counted are asked again in their turn.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	a, f := setUp(t)
	var guesses sync.WaitGroup
	for i := range 40 {
		guesses.Go(func() { check(t, a, "hana", fmt.Sprintf("guess %d", i), there) })
	}
	guesses.Wait()
	if most := 10 + runtime.GOMAXPROCS(0) - 1; len(f.failures) > most {
		t.Errorf("%d of 40 guesses were judged, want at most %d", len(f.failures), most)
	}
}

// TestUnknownUsersCostTheSame measures the work by the memory that a check fills: argon2id takes
// 19 MiB for each, whoever is asked for.
func TestUnknownUsersCostTheSame(t *testing.T) {
	a, _ := setUp(t)
	for _, username := range []string{"hana", "nobody", "old", "?", "demo"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		check(t, a, username, "wrong guess", there)
		runtime.ReadMemStats(&after)
		if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib < 19 || mib > 25 {
			t.Errorf("%q: %d MiB, want those of one check", username, mib)
		}
	}
}

func TestAStoredHashDoesNotDecideTheCost(t *testing.T) {
	a, _ := setUp(t)
	if _, err := a.Check(t.Context(), "heavy", goodPassword, there); err == nil {
		t.Error("a hash of 4 GiB was computed")
	}
}

func TestStoreFailureIsNoVerdict(t *testing.T) {
	a, f := setUp(t)
	f.broken = store.ErrUnavailable
	if v, err := a.Check(t.Context(), "hana", goodPassword, there); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("got %+v, %v", v, err)
	}
}

// TestAHungStoreKeepsNoPlace: sign-ins that wait for the store give their places to others in time.
func TestAHungStoreKeepsNoPlace(t *testing.T) {
	for call, password := range map[string]string{
		"UserByName": goodPassword, "RecordFailedSignIn": "wrong guess", "ForgetFailedSignIns": goodPassword,
	} {
		t.Run(call, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, f := setUp(t)
				f.hung = call
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				verdicts := make(chan error, 8)
				for range cap(verdicts) {
					go func() {
						_, err := a.Check(ctx, "hana", password, there)
						verdicts <- err
					}()
				}
				for range cap(verdicts) {
					select {
					case err := <-verdicts:
						if !errors.Is(err, store.ErrUnavailable) {
							t.Errorf("got %v", err)
						}
					case <-time.After(time.Minute):
						t.Fatal("the places are held")
					}
				}
			})
		})
	}
}

// TestWaitingHasAnEnd: whoever waits for a turn longer than a minute is told that we are busy.
func TestWaitingHasAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, f := setUp(t)
		f.hung = "UserByName" // every turn takes the store's three seconds
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		verdicts := make(chan error, 200)
		for range cap(verdicts) {
			go func() {
				_, err := a.Check(ctx, "hana", goodPassword, there)
				verdicts <- err
			}()
		}
		began, busy := time.Now(), 0
		for range cap(verdicts) {
			if err := <-verdicts; errors.Is(err, accounts.ErrBusy) {
				busy++
			}
		}
		if waited := time.Since(began); busy == 0 || waited > 65*time.Second {
			t.Errorf("%d were told, the last after %s", busy, waited)
		}
	})
}

// TestLeavingIsNoFault: a sign-in whose client has gone ends with the context's error, not with one
// of the store.
func TestLeavingIsNoFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, f := setUp(t)
		f.hung = "UserByName"
		ctx, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		_, err := a.Check(ctx, "hana", goodPassword, there)
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, store.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
	})
}

func TestBegin(t *testing.T) {
	f := newFakeStore()
	row, err := accounts.Verdict{User: store.User{ID: "user"}}.Begin(t.Context(), f, "hash")
	if err != nil || len(f.signIns) != 1 || f.signIns[0] != row {
		t.Fatalf("row %+v, stored %+v, %v", row, f.signIns, err)
	}
	if row.ID == "" || row.User != "user" || row.TokenHash != "hash" || row.Created != 0 || row.LastSeen != 0 {
		t.Errorf("row %+v", row)
	}
}

// TestBeginKeepsWhereFrom: users and admins tell sign-ins apart by it.
func TestBeginKeepsWhereFrom(t *testing.T) {
	a, f := setUp(t)
	from := there
	from.Address, from.Agent = "192.0.2.7", "Mozilla/5.0"
	if _, err := check(t, a, "hana", goodPassword, from).Begin(t.Context(), f, "hash"); err != nil {
		t.Fatal(err)
	}
	if row := f.signIns[0]; row.Address != from.Address || row.Agent != from.Agent || row.Password == "" {
		t.Errorf("row %+v", row)
	}
}

func TestChangePassword(t *testing.T) {
	a, f := setUp(t)
	ctx := context.Background()
	if err := accounts.ChangePassword(ctx, f, a.Hasher, "1", "short", ""); !errors.Is(err, accounts.ErrPasswordShort) {
		t.Errorf("a short password: %v", err)
	}
	if err := accounts.ChangePassword(ctx, f, a.Hasher, "1", "another horse", ""); err != nil {
		t.Fatal(err)
	}
	if v := check(t, a, "hana", goodPassword, here); v.Kind != accounts.Wrong {
		t.Errorf("the old password: kind %d", v.Kind)
	}
	if v := check(t, a, "hana", "another horse", here); v.Kind != accounts.OK {
		t.Errorf("the new password: kind %d", v.Kind)
	}
}
