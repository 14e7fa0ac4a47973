package store

import (
	"context"
	"errors"
	"fmt"
	"io"

	"shiken/exam"
)

// Media is a picture or a sound that texts of questions refer to by its hash, or an attachment of an exam.
// What is stored under a hash never changes, and is never removed: papers refer to it for ever.
type Media struct {
	Hash string // hex SHA-256 of Data
	Type string // media type under which it is served; the caller vouches for it
	Data []byte
}

// MediaInfo is what is known of media but their content.
type MediaInfo struct {
	Hash    string
	Type    string
	Size    int64 // bytes
	Created exam.Instant
}

// MediaPart is how many bytes of media are read at once: however large they are, and however many ask
// for them, what is held in memory is bounded.
const MediaPart = 256 << 10

// MediaReader reads media.
type MediaReader interface {
	// MediaInfo MUST return ErrNotFound when there are none of the hash, or when it is no hash.
	MediaInfo(ctx context.Context, hash string) (MediaInfo, error)
	// MediaPart reads the n-th MediaPart bytes, counting from 0; the last part is shorter, and there is
	// none after it: ErrNotFound. The bytes are shared: nobody writes to them.
	MediaPart(ctx context.Context, hash string, n int) ([]byte, error)
}

// MediaFile reads media from any place on, part by part, until its context ends.
type MediaFile struct {
	MediaInfo
	ctx  context.Context
	from MediaReader
	at   int64
}

// OpenMedia finds media for reading; ErrNotFound when there are none of the hash.
func OpenMedia(ctx context.Context, from MediaReader, hash string) (*MediaFile, error) {
	info, err := from.MediaInfo(ctx, hash)
	if err != nil {
		return nil, err
	}
	return &MediaFile{MediaInfo: info, ctx: ctx, from: from}, nil
}

// Read implements io.Reader.
func (f *MediaFile) Read(p []byte) (int, error) {
	if f.at >= f.Size {
		return 0, io.EOF
	}
	part, err := f.from.MediaPart(f.ctx, f.Hash, int(f.at/MediaPart))
	if err != nil {
		return 0, err
	}
	offset := f.at % MediaPart
	if offset >= int64(len(part)) {
		return 0, fmt.Errorf("store: media %s: %w", f.Hash, io.ErrUnexpectedEOF)
	}
	n := copy(p, part[offset:])
	f.at += int64(n)
	return n, nil
}

var errSeek = errors.New("store: seek before the beginning of media")

// Seek implements io.Seeker.
func (f *MediaFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.Size
	}
	if offset < 0 {
		return 0, errSeek
	}
	f.at = offset
	return offset, nil
}
