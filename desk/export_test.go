package desk_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"shiken/desk"
	"shiken/devtools/migrated"
	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

const moodleXML = `<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/Maps</text></category></question>
<question type="multichoice">
  <name><text>Pixel</text></name>
  <questiontext format="html"><text><![CDATA[<p>What is <img src="@@PLUGINFILE@@/dot.png" alt="a dot">?</p>]]></text>
    <file name="dot.png" path="/" encoding="base64">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==</file>
  </questiontext>
  <generalfeedback format="html"><text>Because</text></generalfeedback>
  <single>true</single><tags><tag><text>easy</text></tag></tags>
  <answer fraction="100" format="html"><text>a dot</text><feedback format="html"><text>right</text></feedback></answer>
  <answer fraction="0" format="html"><text>a line</text><feedback format="html"><text></text></feedback></answer>
</question>
</quiz>`

// readSet opens a set and reads all of its questions.
func readSet(ctx context.Context, r desk.SetReader, name string) (*questionset.Set, error) {
	set, err := desk.OpenSet(ctx, r, name)
	if err != nil {
		return nil, err
	}
	err = set.Each(func(q *questionset.Question) error {
		set.Questions = append(set.Questions, *q)
		return nil
	})
	return set, err
}

// What was loaded from a file is read again as it was in the file, with the media that it shows.
func TestReadSet(t *testing.T) {
	ctx := t.Context()
	s := migrated.SQLite(t, filepath.Join(t.TempDir(), "shiken.db"))
	f, err := desk.Read(ctx, "maps.xml", desk.BytesSource([]byte(moodleXML)), questionset.Options{})
	if err != nil || len(f.Names) != 1 || len(f.Questions) != 0 || len(f.Media) != 1 {
		t.Fatalf("%d names, %d questions, %d media, %v: %v", len(f.Names), len(f.Questions), len(f.Media), err, f.Report.Findings)
	}
	result, err := s.By(store.Act{Action: store.ActLoadQuestions}).LoadQuestions(ctx, f.Load("maps", store.LoadChoice{}))
	if err != nil || result.New != 1 {
		t.Fatalf("%+v, %v", result, err)
	}
	questions, err := f.Gather()
	if err != nil || len(questions) != 1 {
		t.Fatalf("%d questions, %v", len(questions), err)
	}
	set, err := readSet(ctx, s, "maps")
	if err != nil || set.Name != "maps" {
		t.Fatalf("%+v, %v", set, err)
	}
	want := questions[0]
	want.Line, want.Nth = 0, 0
	if got := fmt.Sprintf("%+v", set.Questions); got != fmt.Sprintf("%+v", []questionset.Question{want}) {
		t.Errorf("read %s\nwant [%+v]", got, want)
	}
	for hash, m := range f.Media {
		got := set.Media[hash]
		if string(got.Data) != string(m.Data) || got.Type != m.Type || got.Ref() != m.Ref() || got.Name != hash+".png" || len(set.Media) != 1 {
			t.Errorf("media %s of %s, %d bytes", got.Name, got.Type, len(got.Data))
		}
	}
	open, err := desk.OpenSet(ctx, s, "maps")
	if err != nil || len(open.Questions) != 0 || len(open.Media) != 1 {
		t.Fatalf("%+v, %v", open, err)
	}
	for range 2 {
		var each []questionset.Question
		err := open.Each(func(q *questionset.Question) error {
			each = append(each, *q)
			return nil
		})
		if err != nil || fmt.Sprintf("%+v", each) != fmt.Sprintf("%+v", set.Questions) {
			t.Errorf("one by one %+v, %v", each, err)
		}
	}
	if _, err := readSet(ctx, s, "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("error %v", err)
	}
}

// endless is a set with more than fits into a file.
type endless struct {
	questions int
	mediaSize int64
	ref       string
}

func (e endless) EachQuestion(_ context.Context, _ string, fn func(store.LoadedQuestion) error) error {
	for range e.questions {
		if err := fn(store.LoadedQuestion{Question: exam.Question{Stem: exam.Text{Source: e.ref}}}); err != nil {
			return err
		}
	}
	return nil
}

func (e endless) EachQuestionWith(ctx context.Context, set, _ string, fn func(store.LoadedQuestion) error) error {
	return e.EachQuestion(ctx, set, fn)
}

func (e endless) MediaInfo(_ context.Context, hash string) (store.MediaInfo, error) {
	if e.mediaSize == 0 {
		return store.MediaInfo{}, store.ErrNotFound
	}
	return store.MediaInfo{Hash: hash, Type: "image/png", Size: e.mediaSize}, nil
}

func (endless) MediaPart(context.Context, string, int) ([]byte, error) {
	return nil, errors.New("nobody should read it")
}

func TestReadSetIsBounded(t *testing.T) {
	ref := questionset.Media{Hash: hexOf("x"), Type: "image/png"}
	for name, e := range map[string]endless{
		"questions": {questions: questionset.MaxQuestions + 1},
		"media":     {questions: 1, ref: ref.Ref(), mediaSize: desk.MaxExportMedia + 1},
	} {
		if _, err := readSet(t.Context(), e, "s"); !errors.Is(err, desk.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	set, err := readSet(t.Context(), endless{questions: 2, ref: ref.Ref()}, "s")
	if err != nil || len(set.Questions) != 2 || len(set.Media) != 0 {
		t.Errorf("media that are gone: %+v, %v", set, err)
	}
}
