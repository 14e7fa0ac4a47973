package memory

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// question is one version of a question. Its content is shared with readers, never written to; key and
// feedback are documents.
type question struct {
	identity, version string
	sourceKey, hash   string
	category          string
	year              int
	tags              []string
	content           exam.Question
	words             []byte
	keys              []revision // never empty, the newest last
}

// revision is a key from some time on.
type revision struct {
	text  []byte
	since exam.Instant // 0 = as it came
}

// definition is an exam: its current definition as a document, and the choice of sections that have the
// same questions for everybody, empty before it is made.
type definition struct{ text, picked []byte }

func (d *definition) read() (exam.Definition, error) {
	var out exam.Definition
	err := read(d.text, &out)
	return out, err
}

// PutQuestions implements store.Exams as far as a sitting needs it: a question of a known source key
// and other content is a new version of it. What is absent from the file is left, and not counted; nor are media kept.
func (s *Store) PutQuestions(ctx context.Context, set string, questions []store.LoadedQuestion, _ ...store.Media) (store.LoadResult, error) {
	var result store.LoadResult
	leave, err := s.enter(ctx)
	if err != nil {
		return result, err
	}
	defer leave()
	list := slices.Clone(s.sets[set])
	for i := range questions {
		q, err := made(&questions[i])
		if err != nil {
			return result, err
		}
		at := slices.IndexFunc(list, func(o *question) bool { return o.sourceKey == q.sourceKey })
		switch {
		case at < 0:
			list = append(list, q)
			result.New++
		case list[at].hash == q.hash:
			result.Unchanged++
		default:
			q.identity, list[at] = list[at].identity, q
			result.Changed++
		}
	}
	s.sets[set] = list
	for _, q := range list {
		s.versions[q.version] = q
	}
	return result, nil
}

func made(q *store.LoadedQuestion) (*question, error) {
	out := &question{
		identity: uuid.NewString(), version: uuid.NewString(), sourceKey: q.SourceKey, hash: q.ContentHash,
		category: q.Category, year: q.Year, tags: q.Tags,
	}
	content, err := document(q.Question)
	if err != nil {
		return nil, err
	}
	key, err := document(q.Key)
	if err != nil {
		return nil, err
	}
	out.keys = []revision{{text: key}}
	if out.words, err = document(q.Feedback); err != nil {
		return nil, err
	}
	return out, read(content, &out.content)
}

// LoadPools implements store.Attempts.
func (s *Store) LoadPools(ctx context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	pools := make([][]exam.PoolQuestion, len(d.Sections))
	for i := range d.Sections {
		from := &d.Sections[i].From
		for _, q := range s.sets[from.Set] {
			if !from.Takes(q.category, q.year, q.tags) {
				continue
			}
			pools[i] = append(pools[i], exam.PoolQuestion{
				Version: q.version, Identity: q.identity, Category: q.category, Year: q.year, Question: q.content,
			})
		}
	}
	return pools, nil
}

// Questions implements store.Exams.
func (s *Store) Questions(ctx context.Context, versions []string) (map[string]exam.Question, error) {
	found := make(map[string]exam.Question, len(versions))
	err := s.eachVersion(ctx, versions, func(q *question) error {
		found[q.version] = q.content
		return nil
	})
	return found, err
}

// Correct makes a key the newest of a question version, whose revision number it gets.
func (s *Store) Correct(ctx context.Context, version string, key exam.Key) error {
	return s.eachVersion(ctx, []string{version}, func(q *question) error {
		key.Revision = len(q.keys) + 1
		text, err := document(key)
		q.keys = append(q.keys, revision{text, s.clock()})
		return err
	})
}

// EachKey calls fn for every revision of every key, in order, with the moment at which it became the
// newest, 0 when it came with its question.
func (s *Store) EachKey(ctx context.Context, fn func(version string, key exam.Key, since exam.Instant) error) error {
	return s.eachVersion(ctx, slices.Sorted(maps.Keys(s.versions)), func(q *question) error {
		for i, r := range q.keys {
			var key exam.Key
			if err := read(r.text, &key); err != nil {
				return err
			}
			key.Revision = i + 1
			if err := fn(q.version, key, r.since); err != nil {
				return err
			}
		}
		return nil
	})
}

// Keys implements store.Exams.
func (s *Store) Keys(ctx context.Context, versions []string) (map[string]store.KeyedFeedback, error) {
	found := make(map[string]store.KeyedFeedback, len(versions))
	err := s.eachVersion(ctx, versions, func(q *question) error {
		var k store.KeyedFeedback
		if err := read(q.keys[len(q.keys)-1].text, &k.Key); err != nil {
			return err
		}
		k.Key.Revision = len(q.keys)
		err := read(q.words, &k.Feedback)
		found[q.version] = k
		return err
	})
	return found, err
}

func (s *Store) eachVersion(ctx context.Context, versions []string, fn func(*question) error) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for _, v := range versions {
		if q := s.versions[v]; q != nil {
			if err := fn(q); err != nil {
				return err
			}
		}
	}
	return nil
}

// PutDefinition implements store.Exams. Earlier revisions are not kept.
func (s *Store) PutDefinition(ctx context.Context, d exam.Definition, media ...store.Media) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for _, m := range media {
		s.media[m.Hash] = m
	}
	for i := range d.Attachments {
		a := &d.Attachments[i]
		if m, there := s.media[a.Media]; !there || m.Type != a.Type || int64(len(m.Data)) != a.Size {
			return store.ErrNotFound
		}
	}
	text, err := document(d)
	next := &definition{text: text}
	if was := s.exams[d.Slug]; was != nil && d.Published {
		next.picked = was.picked
	}
	s.exams[d.Slug] = next
	return err
}

// MediaInfo implements store.MediaReader.
func (s *Store) MediaInfo(ctx context.Context, hash string) (store.MediaInfo, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return store.MediaInfo{}, err
	}
	defer leave()
	m, there := s.media[hash]
	if !there {
		return store.MediaInfo{}, store.ErrNotFound
	}
	return store.MediaInfo{Hash: hash, Type: m.Type, Size: int64(len(m.Data)), Created: s.clock()}, nil
}

// MediaPart implements store.MediaReader.
func (s *Store) MediaPart(ctx context.Context, hash string, n int) ([]byte, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	data := s.media[hash].Data
	if n < 0 || n*store.MediaPart >= len(data) {
		return nil, store.ErrNotFound
	}
	return data[n*store.MediaPart : min((n+1)*store.MediaPart, len(data))], nil
}

// Picked implements store.Attempts.
func (s *Store) Picked(ctx context.Context, slug string) ([]exam.Picked, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var list []exam.Picked
	switch d := s.exams[slug]; {
	case d == nil:
		return nil, store.ErrNotFound
	case len(d.picked) > 0:
		err = read(d.picked, &list)
	}
	return list, err
}

// KeepPicked implements store.Attempts.
func (s *Store) KeepPicked(ctx context.Context, slug string, was, is []exam.Picked) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	before, errBefore := pickedText(was)
	after, errAfter := pickedText(is)
	if err := errors.Join(errBefore, errAfter); err != nil {
		return err
	}
	d := s.exams[slug]
	if d == nil || !bytes.Equal(d.picked, before) {
		return store.ErrMoved
	}
	if now, err := d.read(); err != nil || !now.Published {
		return cmp.Or(err, store.ErrMoved)
	}
	d.picked = after
	return nil
}

func pickedText(picked []exam.Picked) ([]byte, error) {
	if len(picked) == 0 {
		return nil, nil
	}
	return document(picked)
}

// Definition implements store.Exams.
func (s *Store) Definition(ctx context.Context, slug string) (exam.Definition, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return exam.Definition{}, err
	}
	defer leave()
	if d := s.exams[slug]; d != nil {
		return d.read()
	}
	return exam.Definition{}, store.ErrNotFound
}

// Definitions implements store.Exams, by slug: nothing is archived.
func (s *Store) Definitions(ctx context.Context) ([]store.ListedExam, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var out []store.ListedExam
	for _, slug := range slices.Sorted(maps.Keys(s.exams)) {
		d, err := s.exams[slug].read()
		if err != nil {
			return nil, err
		}
		out = append(out, store.ListedExam{Definition: d})
	}
	return out, nil
}

// ReleaseState implements store.Exams: nothing is released by hand.
func (s *Store) ReleaseState(ctx context.Context, slug string) (exam.ReleaseState, error) {
	found, err := s.ReleaseStates(ctx, []string{slug})
	if err != nil {
		return exam.ReleaseState{}, err
	}
	state, ok := found[slug]
	if !ok {
		return state, fmt.Errorf("%w: exam %s", store.ErrNotFound, slug)
	}
	return state, nil
}

// ReleaseStates implements store.Exams.
func (s *Store) ReleaseStates(ctx context.Context, slugs []string) (map[string]exam.ReleaseState, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	found := map[string]exam.ReleaseState{}
	for _, slug := range slugs {
		if s.exams[slug] == nil {
			continue
		}
		found[slug] = exam.ReleaseState{OpenAttempts: slices.ContainsFunc(s.order, func(a *attempt) bool {
			return a.exam == slug && a.row.Status.Open()
		})}
	}
	return found, nil
}

// MessagesSince implements store.Messages: nobody sends any.
func (s *Store) MessagesSince(ctx context.Context, _ exam.Instant) ([]store.Message, exam.Instant, error) {
	return nil, s.clock(), ctx.Err()
}

// RecentJobs implements store.Jobs: there are none.
func (s *Store) RecentJobs(ctx context.Context, _ store.JobKind, _ exam.Micros) ([]store.Job, exam.Instant, error) {
	return nil, s.clock(), ctx.Err()
}
