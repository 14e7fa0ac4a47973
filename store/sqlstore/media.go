package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"shiken/store"
)

// insertMedia leaves what is there already: the same hash is the same content.
const insertMedia = `INSERT INTO media (hash, type, size, data, created) VALUES ($1, $2, $3, $4, shiken_now())
	ON CONFLICT (hash) DO NOTHING`

// putMedia stores media in the order of their hashes, so that two loads at once wait for each other and
// never in a circle.
func putMedia(ctx context.Context, c Conn, media []store.Media) error {
	byHash := func(a, b store.Media) int { return cmp.Compare(a.Hash, b.Hash) }
	for _, m := range slices.SortedFunc(slices.Values(media), byHash) {
		if m.Data == nil {
			m.Data = []byte{} // nothing is no NULL
		}
		if _, err := c.Exec(ctx, insertMedia, m.Hash, m.Type, len(m.Data), m.Data); err != nil {
			return err
		}
	}
	return nil
}

const mediaInfo = `SELECT m.hash, m.type, m.size, m.created FROM media m WHERE m.hash = $1`

// MediaInfo implements store.MediaReader.
func (s *Store) MediaInfo(ctx context.Context, hash string) (store.MediaInfo, error) {
	return readMediaInfo(ctx, s.db, hash)
}

func readMediaInfo(ctx context.Context, c Conn, hash string) (store.MediaInfo, error) {
	var m store.MediaInfo
	if !isHash(hash) {
		return m, store.ErrNotFound
	}
	err := one(ctx, c, mediaInfo, []any{hash}, &m.Hash, &m.Type, &m.Size, &m.Created)
	return m, err
}

// mediaPart counts bytes from 1. There is a part 0 of what is empty.
const mediaPart = `SELECT substr(m.data, $2, $3) FROM media m WHERE m.hash = $1 AND (m.size >= $2 OR $2 = 1)`

// MediaPart implements store.MediaReader, by preference out of the cache.
func (s *Store) MediaPart(ctx context.Context, hash string, n int) ([]byte, error) {
	if !isHash(hash) || n < 0 || n > maxMediaParts {
		return nil, store.ErrNotFound
	}
	id := hash + "/" + strconv.Itoa(n)
	if part, ok := s.media.Get(id); ok {
		return part, nil
	}
	var part []byte
	err := one(ctx, s.db, mediaPart, []any{hash, n*store.MediaPart + 1, store.MediaPart}, &part)
	if err != nil {
		return nil, err
	}
	s.media.Put(id, part)
	return part, nil
}

// maxMediaParts keeps places within 32 bits, which is what the databases count bytes in.
const maxMediaParts = 1<<31/store.MediaPart - 2

// hashLength is the length of a SHA-256 in hexadecimal.
const hashLength = 64

// isHash tells what can be a hash, and is spared the databases' opinion of other texts.
func isHash(s string) bool {
	if len(s) != hashLength {
		return false
	}
	return !slices.ContainsFunc([]byte(s), func(c byte) bool { return (c < '0' || c > '9') && (c < 'a' || c > 'f') })
}
