package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/internal/failpoint"
	"shiken/internal/planted"
	"shiken/store"
)

// Throttle: this many failed sign-ins of one account from one client prefix within the span shut
// that account to that prefix until the oldest of them is older than the span. Other prefixes may
// go on, so nobody can lock a neighbour out (docs/design.md §10).
const (
	maxFailures  = 10
	throttleSpan = 15 * exam.Minute
)

// inTurnStoreTime bounds the store's calls before, and those after, a password is compared: they
// hold a place of the hasher, which a hung database must not keep from everybody else.
const inTurnStoreTime = 3 * time.Second

// invalidAccount stands for everything typed that no username can be; it is none itself.
const invalidAccount = "?"

// VerdictKind is what a sign-in leads to.
type VerdictKind int

// The kinds of verdict. Wrong stands for an unknown user, a wrong password and a disabled account
// alike, and they take the same time.
const (
	Wrong VerdictKind = iota
	OK
	Throttled
	DemoRefused
)

// Verdict is what a sign-in leads to.
type Verdict struct {
	Kind       VerdictKind
	User       store.User    // of OK; without PasswordHash
	RetryAfter time.Duration // of Throttled: not longer than this until the next try
	judged     string        // of OK: the hash that the password was compared with
	from       Client        // of OK
}

// Renewed is the verdict for a user whose password was right and is another one since, of this hash.
func (v Verdict) Renewed(hash string) Verdict {
	v.judged = hash
	return v
}

// Authenticator judges sign-ins. It is safe for concurrent use.
type Authenticator struct {
	Accounts store.Accounts
	Hasher   *Hasher
	// DemoFromAnywhere lets demo accounts sign in from other machines: SHIKEN_DEMO was set by hand.
	DemoFromAnywhere bool
}

// Check judges a username and password as typed. Errors are ErrBusy, the context's, and those of
// the store, store.ErrUnavailable when it takes too long among them; no failed sign-in is counted
// then. Check signs nobody in: see Begin.
func (a *Authenticator) Check(ctx context.Context, typed, password string, from Client) (Verdict, error) {
	account, err := NormalizeUsername(typed)
	if err != nil {
		account = invalidAccount
	}
	if v, err := a.throttle(ctx, account, from); err != nil || v.Kind == Throttled {
		return v, err
	}
	var v Verdict
	err = a.Hasher.inTurn(ctx, func() (err error) {
		v, err = a.judge(ctx, account, password, from)
		return err
	})
	return v, err
}

// judge does the costly part, in its turn. It asks for the throttle again: guesses sent all at once
// have passed the first question together.
func (a *Authenticator) judge(ctx context.Context, account, password string, from Client) (Verdict, error) {
	var (
		v    Verdict
		user store.User
		hash string
	)
	err := inTime(ctx, func(ctx context.Context) (err error) {
		if v, err = a.throttle(ctx, account, from); err == nil && v.Kind != Throttled {
			user, hash, err = a.find(ctx, account)
		}
		return err
	})
	if err != nil || v.Kind == Throttled {
		return v, err
	}
	same, err := compare(password, hash)
	if err != nil {
		return Verdict{}, err
	}
	err = inTime(ctx, func(ctx context.Context) (err error) {
		v, err = a.settle(ctx, account, user, same, from)
		return err
	})
	if v.Kind == OK {
		v.judged, v.from = hash, from
	}
	return v, err
}

// settle counts a failure or forgets those before a success.
func (a *Authenticator) settle(ctx context.Context, account string, user store.User, same bool, from Client) (Verdict, error) {
	switch {
	case !same || user.ID == "" || user.Disabled:
		return Verdict{}, a.Accounts.RecordFailedSignIn(ctx, account, from.Prefix)
	case user.Demo && !from.Local && !a.DemoFromAnywhere:
		return Verdict{Kind: DemoRefused}, nil
	}
	return Verdict{Kind: OK, User: user}, a.Accounts.ForgetFailedSignIns(ctx, account, from.Prefix)
}

// inTime gives the store's calls of work a bounded time.
func inTime(ctx context.Context, work func(context.Context) error) error {
	bounded, cancel := context.WithTimeout(ctx, inTurnStoreTime)
	defer cancel()
	err := work(bounded)
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return err
}

// find reads a user and the hash to compare with: nobody's, when there is no such user.
func (a *Authenticator) find(ctx context.Context, account string) (store.User, string, error) {
	user, err := a.Accounts.UserByName(ctx, account)
	if errors.Is(err, store.ErrNotFound) {
		return store.User{}, a.Hasher.nobodys, nil
	}
	hash := user.PasswordHash
	user.PasswordHash = ""
	return user, hash, err
}

func (a *Authenticator) throttle(ctx context.Context, account string, from Client) (Verdict, error) {
	failures, err := a.Accounts.FailedSignIns(ctx, account, from.Prefix, throttleSpan)
	if err != nil || failures < maxFailures {
		return Verdict{}, err
	}
	wait, err := a.wait(ctx, account, from)
	return Verdict{Kind: Throttled, RetryAfter: wait}, err
}

// wait finds in steps of five minutes how long the account stays shut: when as many failures as
// are too many lie within the last five minutes, the whole span, and so on.
func (a *Authenticator) wait(ctx context.Context, account string, from Client) (time.Duration, error) {
	const step = 5 * exam.Minute
	for recent := step; recent < throttleSpan; recent += step {
		failures, err := a.Accounts.FailedSignIns(ctx, account, from.Prefix, recent)
		if err != nil {
			return 0, err
		}
		if failures >= maxFailures {
			return duration(throttleSpan - recent + step), nil
		}
	}
	return duration(step), nil
}

func duration(m exam.Micros) time.Duration { return time.Duration(m) * time.Microsecond }

// Begin stores a new sign-in of a user whose password was right. tokenHash is the hash of the new
// session token, so that the row can be found by it when the session store is down. The error is
// store.ErrMoved when the password was changed, or the user disabled, since it was judged. When it began
// is for the database to say, whose clock judges the lifetimes: an instance's may be wrong.
func (v Verdict) Begin(ctx context.Context, s store.Accounts, tokenHash string) (store.SignIn, error) {
	row := store.SignIn{
		ID: uuid.NewString(), User: v.User.ID, TokenHash: tokenHash, Password: v.judged,
		Agent: v.from.Agent, Address: v.from.Address,
	}
	if planted.Bug(planted.SignInByInstanceClock) {
		row.Created = exam.Instant(failpoint.Now().UnixMicro())
		row.LastSeen = row.Created
	}
	return row, s.CreateSignIn(ctx, row)
}

// ChangePassword gives a user a new password and revokes all sign-ins but the one to keep (empty:
// all). Errors are those of CheckPassword, Hasher.Hash and the store.
func ChangePassword(ctx context.Context, s store.Accounts, h *Hasher, user, password, keep string) error {
	hash, err := NewPassword(ctx, h, password)
	if err != nil {
		return err
	}
	return s.SetPassword(ctx, user, hash, keep)
}
