package handlers

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// maxParses is how many uploaded files are read at once for their reports.
const maxParses = 2

// Bounds of the uploads that are kept as they were read: what they take, in bytes, as far as that can be told,
// how many they are, and how many may be under way, in all and of one owner: a file may be read in several ways.
const (
	maxReadBytes    = 2 * questionset.MaxMediaTotal
	maxReadings     = 8
	maxReadingsOpen = 16
	maxOwnersOpen   = 4
	readFactor      = 4       // memory of a file's questions for each of its bytes
	readBeside      = 1 << 10 // of each question besides, in bytes: what holds its texts together, and what its pages find out of it
)

// readings keeps what the uploads hold that were looked at last: a page shows ten questions of a file, its
// pictures are asked for one by one, and a large file takes long to read. What is kept is never written to.
type readings struct {
	mu   sync.Mutex
	list []*reading // the latest used last
}

// reading is an upload that is read in one way.
type reading struct {
	key, owner string

	size int          // of the upload in bytes, or of its texts where they are more, as when it was compressed
	seen atomic.Int64 // questions so far
	done chan struct{}
	file *questionset.File // once done
	err  error

	mu   sync.Mutex
	held *holding // the latest; nil: nobody has asked for it
}

// bytes is about what the reading takes.
func (x *reading) bytes() int {
	n := x.size * readFactor
	if x.ended() && x.file != nil {
		for _, m := range x.file.Media {
			n += len(m.Data)
		}
	}
	return n
}

// sizeOf counts the bytes of a file's texts, about, and as much as what is beside them takes as texts.
func sizeOf(f *questionset.File) int {
	n := 0
	if f == nil {
		return n
	}
	n += len(f.Questions) * readBeside / readFactor
	for i := range f.Questions {
		q := &f.Questions[i]
		n += len(q.Question.Stem.Source) + len(q.Question.Stimulus.Source) + len(q.Feedback.Explanation.Source)
		for j := range q.Question.Options {
			n += len(q.Question.Options[j].Text.Source)
		}
		for j := range q.Question.Prompts {
			n += len(q.Question.Prompts[j].Text.Source)
		}
		for _, note := range q.Feedback.Options {
			n += len(note.Source)
		}
	}
	for i := range f.Pieces {
		n += len(f.Pieces[i].Source)
	}
	return n
}

func (x *reading) ended() bool {
	select {
	case <-x.done:
		return true
	default:
		return false
	}
}

// wait returns what was read, once it is.
func (x *reading) wait(ctx context.Context) (*questionset.File, error) {
	select {
	case <-x.done:
		return x.file, x.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// within reports whether what was read is there within some time.
func (x *reading) within(ctx context.Context, patience time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case <-x.done:
		return true
	case <-ctx.Done():
		return x.ended()
	}
}

// of finds a reading, or begins it: read is called once, however many ask, and by nobody's leave ends before it
// has ended. errBusy when too many are under way, of the owner or in all.
func (s *readings) of(key, owner string, size int, read func(seen func(int)) (*questionset.File, error)) (*reading, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.list, func(x *reading) bool { return x.key == key }); i >= 0 {
		x := s.list[i]
		s.list = append(slices.Delete(s.list, i, i+1), x)
		return x, nil
	}
	open, owners := 0, 0
	for _, x := range s.list {
		if !x.ended() {
			open++
			if x.owner == owner {
				owners++
			}
		}
	}
	if open >= maxReadingsOpen || owners >= maxOwnersOpen {
		return nil, errBusy
	}
	x := &reading{key: key, owner: owner, size: size, done: make(chan struct{})}
	s.list = append(s.list, x)
	go s.run(x, read)
	return x, nil
}

func (s *readings) run(x *reading, read func(seen func(int)) (*questionset.File, error)) {
	defer s.ended(x)
	defer func() { // nobody else would catch it: the reading outlives the request that began it
		if p := recover(); p != nil {
			x.file, x.err = nil, fmt.Errorf("handlers: panic while a file was read: %v\n%s", p, debug.Stack())
		}
	}()
	x.file, x.err = read(func(n int) { x.seen.Store(int64(n)) })
	n := sizeOf(x.file)
	s.mu.Lock() // others sum up what is kept
	defer s.mu.Unlock()
	x.size = max(x.size, n)
}

// ended lets those go on who wait for a reading.
func (s *readings) ended(x *reading) {
	close(x.done)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trim(x)
}

// trim makes room: of what has ended, the one longest not asked for goes first, and what failed at once.
func (s *readings) trim(latest *reading) {
	if latest.err != nil {
		s.list = slices.DeleteFunc(s.list, func(x *reading) bool { return x == latest })
	}
	for {
		total := 0
		for _, x := range s.list {
			total += x.bytes()
		}
		i := slices.IndexFunc(s.list, (*reading).ended)
		if i < 0 || len(s.list) == 1 || total <= maxReadBytes && len(s.list) <= maxReadings {
			return
		}
		s.list = slices.Delete(s.list, i, i+1)
	}
}

// readingOf reads an upload, or finds it as it was read. Only those that are being read at this moment have their
// bytes in memory, not those that wait.
func (s *Server) readingOf(r *http.Request, up *store.Upload, opts questionset.Options) (*reading, error) {
	key := up.ID + "?" + string(opts.Format) + "|" + opts.Columns.String() + "|" + string(opts.Text)
	ctx := context.WithoutCancel(r.Context()) // whoever asks next waits for it, too; the file bounds its time
	id, owner := up.ID, up.Owner
	return s.readings.of(key, owner, up.Size, func(seen func(int)) (*questionset.File, error) {
		if err := s.parses.Acquire(ctx, 1); err != nil {
			return nil, err
		}
		defer s.parses.Release(1)
		whole, err := s.Store.Upload(ctx, id, owner)
		if err != nil {
			return nil, err
		}
		opts.Seen, opts.Pieces = seen, true
		return questionset.Parse(ctx, whole.Name, bytes.NewReader(whole.Data), opts)
	})
}

// readingPatience is how long a report waits for its file before it tells how far the reading is.
const readingPatience = 1500 * time.Millisecond

// showReading says how far an upload is read; the page asks again by itself.
func (s *Server) showReading(w http.ResponseWriter, r *http.Request, x *reading, file string) error {
	view := templates.ReadingView{File: file, Path: r.URL.RequestURI(), Seen: int(x.seen.Load())}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.Reading(p, view) })
}

// parseUpload reads a file, one of few at once: a large one takes a processor for seconds.
func (s *Server) parseUpload(r *http.Request, up *store.Upload, opts questionset.Options) (*questionset.File, error) {
	x, err := s.readingOf(r, up, opts)
	if err != nil {
		return nil, err
	}
	return x.wait(r.Context())
}
