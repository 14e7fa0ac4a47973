package storetest

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing/iotest"

	"shiken/exam"
	"shiken/store"
)

var mediaTests = map[string]func(*world){
	"media are stored with the questions and read by hash": mediaStored,
	"media that are there stay as they are":                mediaStay,
	"a load that fails leaves no media":                    mediaRolledBack,
	"media are read from any place on, in bounded parts":   mediaInParts,
	"loads of the same media at once all succeed":          mediaTogether,
	"an exam is stored with its attachments":               attachmentsStored,
	"R14 a paper has the attachments that its exam had":    attachmentsOfPapers,
}

// picture is media of a size that nobody has stored yet.
func picture(size int) store.Media {
	data := make([]byte, size)
	_, _ = rand.Read(data) // never fails
	sum := sha256.Sum256(data)
	return store.Media{Hash: hex.EncodeToString(sum[:]), Type: "image/png", Data: data}
}

// wantsMedia wants media as they were given.
func (w *world) wantsMedia(m store.Media) {
	w.Helper()
	f, err := store.OpenMedia(w.ctx, w.Store, m.Hash)
	w.must(err)
	data, err := io.ReadAll(f)
	w.must(err)
	if f.Hash != m.Hash || f.Type != m.Type || f.Size != int64(len(m.Data)) || f.Created <= 0 || !bytes.Equal(data, m.Data) {
		w.Errorf("read %+v with %d bytes, want %s of %d", f.MediaInfo, len(data), m.Type, len(m.Data))
	}
}

// lacksMedia wants that nothing is stored under a hash.
func (w *world) lacksMedia(hash string) {
	w.Helper()
	_, err := w.MediaInfo(w.ctx, hash)
	w.is(err, store.ErrNotFound)
	_, err = w.MediaPart(w.ctx, hash, 0)
	w.is(err, store.ErrNotFound)
}

func mediaStored(w *world) {
	list := []store.Media{picture(1), picture(70_000), picture(0)}
	list[1].Type = "audio/mpeg"
	result, err := w.staff().PutQuestions(w.ctx, name("set"), shortText(2), list...)
	w.must(err)
	if result.New != 2 {
		w.Errorf("loaded %+v", result)
	}
	for _, m := range list {
		w.wantsMedia(m)
	}
	again := w.Again(w.T)
	w.must(again.Ping(w.ctx))
	other := *w
	other.Store = again
	other.wantsMedia(list[1])
	for _, hash := range []string{picture(3).Hash, "", "x", strings.Repeat("\x00", 64), strings.ToUpper(list[0].Hash), list[0].Hash + "0"} {
		w.lacksMedia(hash)
	}
}

func mediaStay(w *world) {
	set, m := name("set"), picture(10)
	_, err := w.PutQuestions(w.ctx, set, shortText(1), m)
	w.must(err)
	first, err := w.MediaInfo(w.ctx, m.Hash)
	w.must(err)
	other := m
	other.Type, other.Data = "audio/mpeg", []byte("of another content")
	_, err = w.PutQuestions(w.ctx, set, shortText(1), other, other)
	w.must(err)
	w.wantsMedia(m)
	second, err := w.MediaInfo(w.ctx, m.Hash)
	w.must(err)
	if first != second {
		w.Errorf("it was %+v and is %+v", first, second)
	}
}

func mediaRolledBack(w *world) {
	m := picture(10)
	_, err := w.PutQuestions(w.ctx, name("set"), append(shortText(1), shortText(1)...), m)
	w.is(err, store.ErrExists)
	w.lacksMedia(m.Hash)
}

func mediaInParts(w *world) {
	for _, size := range []int{store.MediaPart - 1, store.MediaPart, 2*store.MediaPart + 5} {
		m := picture(size)
		_, err := w.PutQuestions(w.ctx, name("set"), shortText(1), m)
		w.must(err)
		f, err := store.OpenMedia(w.ctx, w.Store, m.Hash)
		w.must(err)
		if err := iotest.TestReader(f, m.Data); err != nil {
			w.Errorf("%d bytes: %v", size, err)
		}
		for n := range size / store.MediaPart {
			part, err := w.MediaPart(w.ctx, m.Hash, n)
			w.must(err)
			if len(part) != store.MediaPart {
				w.Errorf("part %d of %d bytes has %d", n, size, len(part))
			}
		}
		for _, n := range []int{-1, (size + store.MediaPart - 1) / store.MediaPart, 1 << 40} {
			_, err := w.MediaPart(w.ctx, m.Hash, n)
			w.is(err, store.ErrNotFound)
		}
	}
}

func mediaTogether(w *world) {
	list := []store.Media{picture(10), picture(20), picture(30)}
	together(w, 8, func(i int) (store.LoadResult, error) {
		mine := append(append([]store.Media{}, list[i%3:]...), list[:i%3]...)
		return w.staff().PutQuestions(w.ctx, name("set"), shortText(1), mine...)
	})
	for _, m := range list {
		w.wantsMedia(m)
	}
}

// setGivenBack: what EachQuestion gives is what PutQuestions took, in the set's order, but for retired
// questions; and loading it again changes nothing.
func setGivenBack(w *world) {
	set, questions := name("set"), shortText(1_234)
	questions[3].Reference, questions[3].Difficulty, questions[3].Tags = "p. 3", "hard", []string{"a b", "漢字"}
	questions[7].Tags = []string{}
	w.load(set, questions, store.LoadResult{New: len(questions)})
	w.must(w.Exec(w.ctx, `UPDATE questions SET place = 1 WHERE set_name = $1 AND place <= 700`, set)) // what stands at one place is told apart
	found := map[string]bool{}
	w.must(w.EachQuestion(w.ctx, set, func(q store.LoadedQuestion) error {
		found[q.SourceKey] = true
		return nil
	}))
	if len(found) != len(questions) {
		w.Errorf("%d of %d questions", len(found), len(questions))
	}
	w.load(set, questions, store.LoadResult{Unchanged: len(questions)})
	w.must(w.Exec(w.ctx, `UPDATE questions SET retired = TRUE WHERE set_name = $1 AND place = 2`, set))
	w.givesBack(set, append(questions[:1:1], questions[2:]...))

	with := 0
	w.must(w.EachQuestionWith(w.ctx, set, "問題 1200", func(store.LoadedQuestion) error { with++; return nil }))
	w.is(w.EachQuestionWith(w.ctx, name("none"), "x", func(store.LoadedQuestion) error { return nil }), store.ErrNotFound)
	if with != 1 {
		w.Errorf("%d questions hold a text that one has", with)
	}
	stop := errors.New("enough")
	w.is(w.EachQuestion(w.ctx, set, func(store.LoadedQuestion) error { return stop }), stop)
	w.is(w.EachQuestion(w.ctx, name("none"), func(store.LoadedQuestion) error { return nil }), store.ErrNotFound)
}

// givesBack wants the questions of a set as they were given.
func (w *world) givesBack(set string, want []store.LoadedQuestion) {
	w.Helper()
	n := 0
	w.must(w.EachQuestion(w.ctx, set, func(q store.LoadedQuestion) error {
		if n >= len(want) {
			w.Fatalf("more than %d questions", n)
		}
		x := want[n]
		x.Key.Revision = 1
		if got, want := fmt.Sprintf("%+v", q), fmt.Sprintf("%+v", x); got != want {
			w.Errorf("question %d: read %s, want %s", n+1, got, want)
		}
		n++
		return nil
	}))
	if n != len(want) {
		w.Errorf("%d questions, want %d", n, len(want))
	}
}

// withAttachment adds an attachment of some content to an exam.
func withAttachment(m store.Media) func(*exam.Definition) {
	return func(d *exam.Definition) {
		n := fmt.Sprint(len(d.Attachments) + 1)
		d.Attachments = append(d.Attachments, exam.Attachment{
			Title: exam.Title{"ja": "資料 " + n}, File: n + ".png", Media: m.Hash, Type: m.Type, Size: int64(len(m.Data)),
		})
	}
}

// attachmentsStored: an exam is stored with its attachments, or not at all.
func attachmentsStored(w *world) {
	d, act := w.newExam(1), w.act(store.ActSaveExam, nil)
	one, other := picture(store.MediaPart+1), picture(10)
	with := func(change func(*exam.Attachment), list ...store.Media) exam.Definition {
		own := d
		own.Attachments = nil
		for _, m := range list {
			withAttachment(m)(&own)
		}
		change(&own.Attachments[0])
		return own
	}
	kept := func(*exam.Attachment) {}
	for what, lacking := range map[string]exam.Definition{
		"nothing stored": with(kept, one), "another type": with(func(a *exam.Attachment) { a.Type = "application/pdf" }, one),
		"another size": with(func(a *exam.Attachment) { a.Size++ }, one), "no hash": with(func(a *exam.Attachment) { a.Media = "x" }, one),
	} {
		media := []store.Media{one}
		if what == "nothing stored" {
			media = nil
		}
		_, err := w.By(act).ReviseDefinition(w.ctx, lacking, 1, media...)
		if !errors.Is(err, store.ErrNotFound) || !errors.Is(w.PutDefinition(w.ctx, lacking, media...), store.ErrNotFound) {
			w.Errorf("%s: %v", what, err)
		}
	}
	w.lacksMedia(one.Hash)
	if n := len(w.recorded(act)); n != 0 {
		w.Errorf("%d entries of what was refused", n)
	}

	both := with(kept, one, other)
	revision, err := w.By(act).ReviseDefinition(w.ctx, both, 1, one, other)
	w.must(err)
	w.wantsMedia(one)
	w.wantsMedia(other)
	again, err := w.By(act).ReviseDefinition(w.ctx, both, 1, one, other)
	w.must(err)
	if stored := w.revisedNow(d.Slug); revision != 2 || again != 2 || !reflect.DeepEqual(stored.Definition.Attachments, both.Attachments) {
		w.Errorf("revisions %d and %d, stored %+v", revision, again, stored)
	}
	_, stale := w.By(act).ReviseDefinition(w.ctx, with(kept, picture(3)), 1)
	w.is(stale, store.ErrMoved)
	reordered := with(kept, other, one) // what is stored already need not come again
	w.must(w.PutDefinition(w.ctx, reordered))
	w.must(w.PutDefinition(w.ctx, d))
	w.wantsMedia(one)
}

func (w *world) revisedNow(slug string) store.Revised {
	w.Helper()
	r, err := w.Revised(w.ctx, slug)
	w.must(err)
	return r
}

// attachmentsOfPapers: a paper has the attachments that its exam had (R14), and what they refer to is verified.
func attachmentsOfPapers(w *world) {
	m, later := picture(store.MediaPart+9), picture(10)
	_, err := w.PutQuestions(w.ctx, name("set"), shortText(1), m, later)
	w.must(err)
	d := w.newExam(1, withAttachment(m))
	s := w.sit(d)
	d.Attachments = nil
	withAttachment(later)(&d)
	w.must(w.PutDefinition(w.ctx, d))
	if got := s.load().Paper.Attachments; len(got) != 1 || got[0].Media != m.Hash || got[0].Title["ja"] != "資料 1" {
		w.Errorf("the paper has %+v", got)
	}
	s.sound()
	w.must(w.Exec(w.ctx, `UPDATE media SET type = 'image/gif' WHERE hash = $1`, m.Hash))
	wantsFault(s, "attachment "+m.Hash+" was altered")
	w.must(w.Exec(w.ctx, `DELETE FROM media WHERE hash = $1`, m.Hash))
	wantsFault(s, "attachment "+m.Hash+" is missing")
}

// wantsFault wants that Verify finds one thing.
func wantsFault(s *sitting, want string) {
	s.Helper()
	if lines := s.faults(); len(lines) != 1 || !strings.Contains(lines[0], want) {
		s.Errorf("verify says %q, want %q", lines, want)
	}
}
