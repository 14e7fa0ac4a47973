package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"
)

// Bounds of the memory that bodies of requests hold at once, in bytes. The first part of each body is
// not counted, so that ordinary answers go on while somebody fills the room with large ones.
const (
	freeBody  = 16 << 10
	maxBodies = 128 << 20
	firstBody = 4 << 10 // read at first; most bodies are shorter
)

// maxUploads is how many uploads are read or held at once; one that may be larger than largeUpload counts for
// two. Their files take room as other bodies do, at most half of it: 4 × 16 MiB, or 2 × 32, of 128.
const (
	maxUploads  = 4
	largeUpload = MaxFile/2 + besideFile // bytes, as the client announces them
)

// roomWait is how long a body waits for room before its request is told to come back.
const roomWait = time.Second

func newRoom(size int64) *semaphore.Weighted { return semaphore.NewWeighted(size) }

// readWhole reads a body of at most so many bytes, which src bounds, and takes room for it as it arrives:
// what a client announces costs nothing. The room stays taken, error or not, until leaveRoom.
func (s *Server) readWhole(ctx context.Context, src io.Reader, most int, x *exchange) ([]byte, error) {
	buf := make([]byte, 0, firstBody)
	for {
		n, err := src.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return nil, err
		}
		if len(buf) < cap(buf) {
			continue
		}
		size := min(2*cap(buf), most+1)
		if err := s.takeRoom(ctx, x, int64(size)); err != nil {
			return nil, err
		}
		buf = append(make([]byte, 0, size), buf...)
	}
}

// takeRoom makes sure that the request holds room for a body of a size.
func (s *Server) takeRoom(ctx context.Context, x *exchange, size int64) error {
	more := size - freeBody - x.room
	if more <= 0 {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, roomWait)
	defer cancel()
	if err := s.room.Acquire(bounded, more); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: no room for another body", errBusy)
	}
	x.room += more
	return nil
}

// takeUpload makes sure that the request is one of the few whose upload is held.
func (s *Server) takeUpload(r *http.Request, x *exchange) error {
	ctx := r.Context()
	bounded, cancel := context.WithTimeout(ctx, roomWait)
	defer cancel()
	share := uploadShare(r.ContentLength)
	if err := s.uploads.Acquire(bounded, share); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: too many uploads at once", errBusy)
	}
	x.uploading = share
	return nil
}

// uploadShare is for how many uploads one of a length counts, -1 for one that is not announced. No more is read
// than was announced.
func uploadShare(length int64) int64 {
	if length < 0 || length > largeUpload {
		return 2
	}
	return 1
}

func (s *Server) leaveRoom(x *exchange) {
	if x.room > 0 {
		s.room.Release(x.room)
		x.room = 0
	}
	if x.uploading > 0 {
		s.uploads.Release(x.uploading)
		x.uploading = 0
	}
}

// changes reports whether a request may change state, and so brings a body.
func changes(r *http.Request) bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead
}
