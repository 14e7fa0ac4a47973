package store

import (
	"context"
	"errors"
)

// Mend is a question of an upload as its author has mended it.
type Mend struct {
	// Piece numbers what was seen in the file from 1, as it is read in one way.
	Piece int
	// Edition counts changes from 1; 0: there was none.
	Edition int
	// Data is JSON, whose form the store does not know; empty: what was mended is taken back.
	Data string
}

// Bounds of what is kept of one upload.
const (
	MaxMends     = 2_000
	MaxMendBytes = 32 << 20 // of all of them
	MaxChoices   = 10_000
)

// ErrTooMany: the bound of what is kept is reached; nothing was written.
var ErrTooMany = errors.New("store: too many")

// ChoiceUpdate changes what an author chose for an upload; what it does not name stays.
type ChoiceUpdate struct {
	// ReplaceAll and RetireAll choose for all questions, and forget the choices for single ones.
	ReplaceAll, RetireAll *bool
	// Replace holds the edition that the author saw of what was edited here, by identity, 0 to keep it;
	// Retire whether what is absent is to be retired.
	Replace map[string]int
	Retire  map[string]bool
}

// UploadWork is what authors do with an upload before it is loaded. It goes when the upload goes.
type UploadWork interface {
	// Mends lists what is mended of an upload read in one way, by piece; what was taken back is left out.
	Mends(ctx context.Context, upload, reading string) ([]Mend, error)
	// Mend reads one, taken back or not; a zero one of the piece when there is none.
	Mend(ctx context.Context, upload, reading string, piece int) (Mend, error)
	// PutMend stores a mend whose author saw the edition m.Edition. ErrMoved, and nothing is written, when
	// another one is current, unless it says the same; ErrNotFound when the upload is gone or not the
	// owner's; ErrTooMany beyond MaxMends and MaxMendBytes.
	PutMend(ctx context.Context, upload, owner, reading string, m Mend) error
	// LoadChoice reads what the author of an upload chose for a set.
	LoadChoice(ctx context.Context, upload, set string) (LoadChoice, error)
	// LoadChoices reads what was chosen, by set.
	LoadChoices(ctx context.Context, upload string) (map[string]LoadChoice, error)
	// PutLoadChoice changes it. ErrNotFound when the upload is gone or not the owner's; ErrTooMany beyond
	// MaxChoices.
	PutLoadChoice(ctx context.Context, upload, owner, set string, u ChoiceUpdate) error
}
