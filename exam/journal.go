package exam

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
)

// Hash is a SHA-256 digest; as text it is lower-case hexadecimal.
type Hash [sha256.Size]byte

// MarshalText gives 64 hexadecimal digits.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads 64 hexadecimal digits.
func (h *Hash) UnmarshalText(b []byte) error {
	if len(b) != hex.EncodedLen(len(h)) {
		return errors.New("exam: a hash has 64 hexadecimal digits")
	}
	_, err := hex.Decode(h[:], b)
	return err
}

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether the hash is unset.
func (h Hash) IsZero() bool { return h == Hash{} }

// hashOf is the SHA-256 of the canonical JSON (RFC 8785) of v.
func hashOf(v any) Hash { return sha256.Sum256(Canonical(v)) }

// Salt keeps a digest from being guessed. 16 random bytes; empty when erased.
type Salt []byte

// SaltBytes is the length of a salt.
const SaltBytes = 16

// Payload is the content of a command: what was given, as against its effect. It may be erased
// by law together with its salt; the journal then still folds and verifies as "erased".
type Payload struct {
	Kind     Kind   `json:"kind"`
	Draft    bool   `json:"draft,omitempty"`
	Position int    `json:"position,omitempty"`
	Answer   Answer `json:"answer"`
	Flagged  *bool  `json:"flagged,omitempty"`
	Target   int    `json:"target,omitempty"`
	Amount   Micros `json:"amount,omitempty"`
	Points   int    `json:"points,omitempty"`
	Late     int64  `json:"late,omitempty"`
	Note     string `json:"note,omitempty"`
	Comment  string `json:"comment,omitempty"`
	Revision int    `json:"revision,omitempty"`
	Lower    bool   `json:"lower,omitempty"`
}

// Digest is SHA-256 over the salt followed by the payload's canonical JSON.
func (p *Payload) Digest(s Salt) Hash {
	if bug("digest_without_salt") {
		s = nil
	}
	return sha256.Sum256(append(append([]byte{}, s...), Canonical(p)...))
}

// ResponseEffect is what an entry did to one response.
type ResponseEffect struct {
	Position int    `json:"position"`
	Rev      int64  `json:"rev"`               // after the entry
	Answer   bool   `json:"answer,omitempty"`  // the payload's answer replaced the saved one
	Flagged  *bool  `json:"flagged,omitempty"` // nil = unchanged
	Checked  bool   `json:"checked,omitempty"`
	Page     string `json:"page,omitempty"`
	Seq      int64  `json:"seq,omitempty"`
	PageRev  int64  `json:"page_rev,omitempty"` // 0 = the page's rev stays what it was
	Points   *int   `json:"points,omitempty"`   // given by a marker
	Kept     *Kept  `json:"kept,omitempty"`     // by a regrade; nil = unchanged
}

// Kept is what a regrade left a position with, see Response.Kept; without Mark, nothing.
type Kept struct {
	Mark *int `json:"mark,omitempty"`
}

// Effect is what an entry did to the attempt. Zero fields changed nothing. Folding effects gives
// the attempt; it never judges again.
type Effect struct {
	Status   Status          `json:"status,omitempty"`
	Before   Status          `json:"before,omitempty"`  // void: what it was
	Opening  int             `json:"opening,omitempty"` // start and reopen
	Cursor   int             `json:"cursor,omitempty"`
	Marking  Marking         `json:"marking,omitempty"`
	Extended Micros          `json:"extended,omitempty"` // added
	Paused   Micros          `json:"paused,omitempty"`   // added
	Stopped  Instant         `json:"stopped,omitempty"`  // the clock stopped then
	Running  bool            `json:"running,omitempty"`  // the clock runs again
	Response *ResponseEffect `json:"response,omitempty"`
	Score    *Score          `json:"score,omitempty"`
	Rev      int64           `json:"rev,omitempty"`    // reported to the client
	Target   int             `json:"target,omitempty"` // the client was led there
	Device   string          `json:"device,omitempty"` // the attempt belongs to it now
}

// Entry is one applied command in an attempt's journal.
type Entry struct {
	Seq     int64   `json:"seq"`  // 1.. without gaps
	Prev    Hash    `json:"prev"` // hash of the entry before; of the paper for the first
	Command string  `json:"command"`
	Kind    Kind    `json:"kind"`
	Actor   string  `json:"actor"`
	Arrived Instant `json:"arrived"`
	Digest  Hash    `json:"digest"` // salted, of the payload
	Effect  Effect  `json:"effect"`
	Hash    Hash    `json:"-"` // over all the above
}

// ComputeHash is the SHA-256 of the entry's canonical JSON without the hash itself.
func (e *Entry) ComputeHash() Hash {
	if bug("hash_skips_arrival") {
		timeless := *e
		timeless.Arrived = 0
		return hashOf(&timeless)
	}
	return hashOf(e)
}

// Receipt names a journal entry. Whoever holds it can show later that the entry was there.
type Receipt struct {
	Seq  int64 `json:"seq"`
	Hash Hash  `json:"hash"`
}

// crockfordSymbols are the alphabet of Crockford's Base32: no I, L, O, U.
const crockfordSymbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var crockford = base32.NewEncoding(crockfordSymbols).WithPadding(base32.NoPadding)

// Code is the receipt's short form for people: the first 60 bits of the hash in Crockford's
// Base32, XXXX-XXXX-XXXX. Empty for the zero receipt.
func (r Receipt) Code() string {
	if r.Seq == 0 {
		return ""
	}
	s := crockford.EncodeToString(r.Hash[:8])
	return s[:4] + "-" + s[4:8] + "-" + s[8:12]
}

// Record is a stored entry with what may be erased: a nil Payload and an empty Salt mean "erased".
type Record struct {
	Entry   Entry
	Salt    Salt
	Payload *Payload
}

// ErrBroken is wrapped by every fault that Replay finds.
var ErrBroken = errors.New("exam: journal is broken")

// Replay folds the journal of an attempt from its paper and checks every link: order, previous
// hash, hash and payload digest. It returns the attempt as the journal tells it, the positions
// whose answers were erased, and the first fault (wrapping ErrBroken).
func Replay(p *Paper, records []Record) (Attempt, map[int]bool, error) {
	a := Attempt{}
	erased := map[int]bool{}
	prev := p.Hash()
	for i := range records {
		r := &records[i]
		if err := checkLink(r, int64(i+1), prev); err != nil {
			return a, erased, err
		}
		if r.Payload == nil && r.Entry.Effect.Response != nil && r.Entry.Effect.Response.Answer {
			erased[r.Entry.Effect.Response.Position] = true
		} else if r.Entry.Effect.Response != nil && r.Entry.Effect.Response.Answer {
			delete(erased, r.Entry.Effect.Response.Position)
		}
		a = fold(p, a, &r.Entry, r.Payload)
		prev = r.Entry.Hash
	}
	if len(records) == 0 {
		return a, erased, fmt.Errorf("%w: no entries", ErrBroken)
	}
	return a, erased, nil
}

func checkLink(r *Record, seq int64, prev Hash) error {
	e := &r.Entry
	switch {
	case e.Seq != seq:
		return fmt.Errorf("%w: entry %d stands where %d should", ErrBroken, e.Seq, seq)
	case (e.Kind == Start) != (seq == 1):
		return fmt.Errorf("%w: entry %d is of kind %s", ErrBroken, seq, e.Kind)
	case e.Prev != prev && seq == 1:
		return fmt.Errorf("%w: entry 1 does not name the paper", ErrBroken)
	case e.Prev != prev:
		return fmt.Errorf("%w: entry %d does not follow the one before", ErrBroken, seq)
	case e.ComputeHash() != e.Hash:
		return fmt.Errorf("%w: entry %d was altered", ErrBroken, seq)
	case r.Payload != nil && r.Payload.Digest(r.Salt) != e.Digest:
		return fmt.Errorf("%w: payload of entry %d was altered", ErrBroken, seq)
	}
	return nil
}
