package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"shiken/questionset"
	"shiken/store"
)

// Mends reads what the author of an upload mended.
type Mends interface {
	Mends(ctx context.Context, upload, reading string) ([]store.Mend, error)
}

// ReadingName names the way in which a file was read: in another one its questions may have other places, so what
// was mended counts for one way alone.
func ReadingName(f *questionset.File, o questionset.Options) string {
	return string(f.Format) + "|" + o.Columns.String() + "|" + string(o.Text)
}

// MendText is a mended question as the store keeps it.
func MendText(m *questionset.Mended) (string, error) {
	b, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("desk: mended question: %w", err)
	}
	return string(b), nil
}

// MendOf reads a mended question as the store keeps it.
func MendOf(m *store.Mend) (questionset.Mended, error) {
	var out questionset.Mended
	if err := json.Unmarshal([]byte(m.Data), &out); err != nil {
		return out, fmt.Errorf("desk: mended question: %w", err)
	}
	out.Nth = m.Piece
	return out, nil
}

// Mended gives a file with what the store holds of its mended questions.
func Mended(f *questionset.File, stored []store.Mend) (*questionset.File, error) {
	list, err := readMends(stored)
	if err != nil {
		return nil, err
	}
	return f.With(list), nil
}

func mendsOf(ctx context.Context, s Mends, upload string, f *questionset.File, o questionset.Options) ([]questionset.Mended, error) {
	stored, err := s.Mends(ctx, upload, ReadingName(f, o))
	if err != nil {
		return nil, err
	}
	return readMends(stored)
}

func readMends(stored []store.Mend) (list []questionset.Mended, err error) {
	list = make([]questionset.Mended, len(stored))
	for i := range stored {
		if list[i], err = MendOf(&stored[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// WithMends is a file of an upload with the questions that its author mended. Where there are any, all its
// questions are held at once.
func (r *Reading) WithMends(ctx context.Context, s Mends, upload string) (*Reading, error) {
	if r.IsPackage() { // it is mended where it was exported
		return r, nil
	}
	list, err := mendsOf(ctx, s, upload, r.File, r.options)
	if err != nil || len(list) == 0 {
		return r, err
	}
	options := r.options
	options.Seen, options.Pieces = nil, true
	f, err := parse(ctx, r.Name, r.open, options)
	if err != nil {
		return nil, err
	}
	return Gathered(f.With(list)), nil
}

// MediaOf are those of some media that a question shows.
func MediaOf(q *questionset.Question, media ...[]questionset.Media) []questionset.Media {
	shown := map[string]bool{}
	questionset.MediaRefs(q.Question, q.Key, q.Feedback, func(hash string) { shown[hash] = true })
	var out []questionset.Media
	for _, list := range media {
		for _, m := range list {
			if shown[m.Hash] {
				shown[m.Hash] = false
				out = append(out, m)
			}
		}
	}
	return out
}
