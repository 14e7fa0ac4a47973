package accounts

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"
)

// params are the second choice of the OWASP password storage cheat sheet, which costs the least
// memory for its strength: 19 MiB, two passes, one lane.
var params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Cost is what making or checking one hash takes.
type Cost struct {
	Memory uint32 // in KiB
	Passes uint32
}

// Bounds of a Hasher. Four at once take 76 MiB, and as much again and more until it is collected,
// which leaves the rest of the program room below 512 MiB on any machine; eight took 508 MiB. A
// queue of 2,048 is worked off in a minute on two cores.
const (
	maxAtOnce  = 4
	maxWaiting = 2_048
	// maxTurn is how long a password waits at most: less than any server or balancer before us waits
	// for our answer, so that whoever waited in vain is told so by us.
	maxTurn = time.Minute
)

// ErrBusy says that so many passwords wait to be checked that another had better come back later.
var ErrBusy = errors.New("accounts: too many passwords wait to be checked")

// Hasher makes and checks argon2id hashes, few at once, in the order in which they were asked for.
// It is safe for concurrent use. Make one for the whole process with NewHasher.
type Hasher struct {
	slots   *semaphore.Weighted // first come, first served
	waiting atomic.Int64
	params  *argon2id.Params
	// nobodys is a hash that no password has: it makes an unknown user cost what a known one does.
	nobodys string
}

// NewHasher returns a hasher that works on as many processors as the program has, at most four.
func NewHasher() *Hasher { return hasherWith(params) }

// NewCheapHasher returns a hasher whose hashes cost less, and are guessed as easily: for tests that sign
// in thousands of times. The program has none (TestTheProgramHashesAtFullCost).
func NewCheapHasher(c Cost) *Hasher {
	p := *params
	p.Memory, p.Iterations = c.Memory, c.Passes
	return hasherWith(&p)
}

func hasherWith(p *argon2id.Params) *Hasher {
	return &Hasher{
		slots:  semaphore.NewWeighted(int64(min(runtime.GOMAXPROCS(0), maxAtOnce))),
		params: p, nobodys: randomHash(p),
	}
}

// randomHash writes random bytes in the form of a hash. Nobody knows a password of it, and making
// it costs nothing.
func randomHash(p *argon2id.Params) string {
	b := make([]byte, p.SaltLength+p.KeyLength)
	rand.Read(b) //nolint:errcheck // never fails, crypto/rand
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", p.Memory, p.Iterations,
		p.Parallelism, encode(b[:p.SaltLength]), encode(b[p.SaltLength:]))
}

// Hash makes the encoded hash of a password. It returns ErrBusy when the queue is full or
// moves too slowly, and the context's error when that is done first. The password's length is the caller's to judge.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	var hash string
	err := h.inTurn(ctx, func() (err error) {
		hash, err = argon2id.CreateHash(prepared(password), h.params)
		return err
	})
	return hash, err
}

// Matches reports whether a password has the given hash. Errors as with Hash.
func (h *Hasher) Matches(ctx context.Context, password, hash string) (bool, error) {
	var same bool
	err := h.inTurn(ctx, func() (err error) {
		same, err = compare(password, hash)
		return err
	})
	return same, err
}

// inTurn waits for a place and runs work there.
func (h *Hasher) inTurn(ctx context.Context, work func() error) error {
	if h.waiting.Add(1) > maxWaiting {
		h.waiting.Add(-1)
		return ErrBusy
	}
	turn, cancel := context.WithTimeout(ctx, maxTurn)
	err := h.slots.Acquire(turn, 1)
	cancel()
	h.waiting.Add(-1)
	switch {
	case err != nil && ctx.Err() == nil:
		return ErrBusy
	case err != nil:
		return err
	}
	defer h.slots.Release(1)
	return work()
}

// compare checks a password of a length that may be one. Hashes of foreign parameters are refused,
// so that no stored value decides how much memory a sign-in takes.
func compare(password, hash string) (bool, error) {
	p, _, _, err := argon2id.DecodeHash(hash)
	if err != nil {
		return false, fmt.Errorf("accounts: stored hash: %w", err)
	}
	if p.Memory > params.Memory || p.Iterations > params.Iterations || p.Parallelism > params.Parallelism {
		return false, fmt.Errorf("accounts: stored hash: foreign parameters m=%d,t=%d,p=%d", p.Memory, p.Iterations, p.Parallelism)
	}
	if len(password) > MaxPasswordBytes {
		return false, nil
	}
	return argon2id.ComparePasswordAndHash(prepared(password), hash)
}
