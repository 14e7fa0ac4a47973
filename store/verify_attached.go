package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"slices"
)

// content is what papers say of an attachment's content.
type content struct {
	hash, mediaType string
	size            int64
}

// attached takes down the attachments of a paper: each content once, with an attempt that has it.
func (v *verifier) attached(s *StoredAttempt) {
	for i := range s.Paper.Attachments {
		a := &s.Paper.Attachments[i]
		c := content{a.Media, a.Type, a.Size}
		if _, known := v.contents[c]; !known {
			v.contents[c] = s.Attempt.ID
		}
	}
}

// attachments checks that what papers refer to is stored as it was (R14).
func (v *verifier) attachments(ctx context.Context, s MediaReader) error {
	byHash := func(a, b content) int { return cmp.Compare(a.hash, b.hash) }
	for _, c := range slices.SortedFunc(maps.Keys(v.contents), byHash) {
		is, err := contentOf(ctx, s, c.hash)
		switch {
		case err != nil && (ctx.Err() != nil || errors.Is(err, ErrUnavailable)):
			return err
		case errors.Is(err, ErrNotFound):
			v.fault(v.contents[c], "attachment %s is missing", c.hash)
		case err != nil:
			v.fault(v.contents[c], "attachment %s cannot be read: %v", c.hash, err)
		case is != c:
			v.fault(v.contents[c], "attachment %s was altered", c.hash)
		}
	}
	return nil
}

// contentOf reads media whole and tells what they are by now.
func contentOf(ctx context.Context, s MediaReader, hash string) (content, error) {
	f, err := OpenMedia(ctx, s, hash)
	if err != nil {
		return content{}, err
	}
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	return content{hex.EncodeToString(sum.Sum(nil)), f.Type, n}, err
}
