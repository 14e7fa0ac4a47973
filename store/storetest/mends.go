package storetest

import (
	"reflect"
	"strings"
	"sync"

	"github.com/google/uuid"

	"shiken/store"
)

var mendTests = map[string]func(*world){
	"a mend is kept with its upload, for one way of reading": mendKept,
	"of mends at the same time one is stored":                mendRaced,
	"a mend is its owner's, and bounded":                     mendRefused,
	"choices for a load are kept with its upload":            choicesKept,
	"choices are their owner's, and bounded":                 choicesRefused,
}

// uploaded keeps an upload of a new user's.
func (w *world) uploaded() store.Upload {
	w.Helper()
	up := store.Upload{ID: uuid.NewString(), Owner: w.newUser().ID, Kind: store.UploadQuestions, Name: "a.csv"}
	w.must(w.PutUpload(w.ctx, up))
	return up
}

func mendKept(w *world) {
	up := w.uploaded()
	put := func(piece, edition int, data string) {
		w.Helper()
		w.must(w.PutMend(w.ctx, up.ID, up.Owner, "csv", store.Mend{Piece: piece, Edition: edition, Data: data}))
	}
	put(7, 0, `{"a":1}`)
	put(2, 0, `{"b":"梁"}`)
	put(2, 1, `{"b":2}`)
	put(2, 1, `{"b":2}`) // sent again
	put(9, 0, `{}`)
	put(9, 1, "")
	got, err := w.Mends(w.ctx, up.ID, "csv")
	w.must(err)
	if want := []store.Mend{{Piece: 2, Edition: 2, Data: `{"b":2}`}, {Piece: 7, Edition: 1, Data: `{"a":1}`}}; !reflect.DeepEqual(got, want) {
		w.Errorf("mends %+v, want %+v", got, want)
	}
	for _, tt := range []struct {
		reading string
		piece   int
		want    store.Mend
	}{{"csv", 9, store.Mend{Piece: 9, Edition: 2}}, {"csv", 1, store.Mend{Piece: 1}}, {"xlsx", 2, store.Mend{Piece: 2}}} {
		if m, err := w.Mend(w.ctx, up.ID, tt.reading, tt.piece); err != nil || m != tt.want {
			w.Errorf("%s, %d: %+v, want %+v: %v", tt.reading, tt.piece, m, tt.want, err)
		}
	}
	w.is(w.PutMend(w.ctx, up.ID, up.Owner, "csv", store.Mend{Piece: 2, Edition: 1, Data: `{"b":3}`}), store.ErrMoved)
	w.is(w.PutMend(w.ctx, up.ID, up.Owner, "csv", store.Mend{Piece: 2, Data: `{"b":3}`}), store.ErrMoved)
	w.must(w.DropUpload(w.ctx, up.ID, up.Owner))
	if got, err := w.Mends(w.ctx, up.ID, "csv"); err != nil || len(got) != 0 {
		w.Errorf("after the upload went: %+v: %v", got, err)
	}
}

func mendRaced(w *world) {
	up := w.uploaded()
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			errs[i] = w.PutMend(w.ctx, up.ID, up.Owner, "csv", store.Mend{Piece: 1, Data: strings.Repeat("x", i+1)})
		})
	}
	all.Wait()
	stored := 0
	for _, err := range errs {
		if err == nil {
			stored++
		} else {
			w.is(err, store.ErrMoved)
		}
	}
	if stored != 1 {
		w.Errorf("%d of 8 were stored", stored)
	}
}

func mendRefused(w *world) {
	up, other := w.uploaded(), w.uploaded()
	for _, who := range []string{other.Owner, "", "no id"} {
		w.is(w.PutMend(w.ctx, up.ID, who, "csv", store.Mend{Piece: 1, Data: "{}"}), store.ErrNotFound)
	}
	w.is(w.PutMend(w.ctx, "no id", up.Owner, "csv", store.Mend{Piece: 1, Data: "{}"}), store.ErrNotFound)
	long := strings.Repeat("x", store.MaxMendBytes/2)
	w.must(w.PutMend(w.ctx, up.ID, up.Owner, "csv", store.Mend{Piece: 1, Data: long}))
	w.must(w.PutMend(w.ctx, up.ID, up.Owner, "csv", store.Mend{Piece: 2, Data: long}))
	w.is(w.PutMend(w.ctx, up.ID, up.Owner, "csv", store.Mend{Piece: 3, Data: "{}"}), store.ErrTooMany)
	w.must(w.PutMend(w.ctx, up.ID, up.Owner, "csv", store.Mend{Piece: 2, Edition: 1, Data: "{}"}))
	w.must(w.PutMend(w.ctx, up.ID, up.Owner, "csv", store.Mend{Piece: 3, Data: "{}"}))
}

func choicesKept(w *world) {
	up := w.uploaded()
	a, b := uuid.NewString(), uuid.NewString()
	yes, no := true, false
	for _, tt := range []struct {
		update store.ChoiceUpdate
		want   store.LoadChoice
	}{
		{store.ChoiceUpdate{}, store.LoadChoice{}},
		{store.ChoiceUpdate{Replace: map[string]int{a: 3}, Retire: map[string]bool{b: true}}, store.LoadChoice{Replace: map[string]int{a: 3}, Retire: []string{b}}},
		{store.ChoiceUpdate{Replace: map[string]int{a: 0}}, store.LoadChoice{Keep: []string{a}, Retire: []string{b}}},
		{store.ChoiceUpdate{RetireAll: &yes}, store.LoadChoice{Keep: []string{a}, RetireAll: true}},
		{store.ChoiceUpdate{ReplaceAll: &yes, Replace: map[string]int{b: 0}, Retire: map[string]bool{a: false}},
			store.LoadChoice{ReplaceAll: true, Keep: []string{b}, RetireAll: true, Leave: []string{a}}},
		{store.ChoiceUpdate{ReplaceAll: &no, RetireAll: &no}, store.LoadChoice{}},
	} {
		w.must(w.PutLoadChoice(w.ctx, up.ID, up.Owner, "基礎", tt.update))
		if got, err := w.LoadChoice(w.ctx, up.ID, "基礎"); err != nil || !reflect.DeepEqual(got, tt.want) {
			w.Errorf("after %+v: %+v, want %+v: %v", tt.update, got, tt.want, err)
		}
	}
	w.must(w.PutLoadChoice(w.ctx, up.ID, up.Owner, "基礎", store.ChoiceUpdate{RetireAll: &yes}))
	w.must(w.PutLoadChoice(w.ctx, up.ID, up.Owner, "second", store.ChoiceUpdate{Replace: map[string]int{a: 2}}))
	all, err := w.LoadChoices(w.ctx, up.ID)
	if want := map[string]store.LoadChoice{"基礎": {RetireAll: true}, "second": {Replace: map[string]int{a: 2}}}; err != nil || !reflect.DeepEqual(all, want) {
		w.Errorf("all choices %+v, %v", all, err)
	}
	if got, err := w.LoadChoice(w.ctx, up.ID, "other"); err != nil || !reflect.DeepEqual(got, store.LoadChoice{}) {
		w.Errorf("for another set: %+v, %v", got, err)
	}
	w.must(w.DropUpload(w.ctx, up.ID, up.Owner))
	if got, err := w.LoadChoice(w.ctx, up.ID, "基礎"); err != nil || !reflect.DeepEqual(got, store.LoadChoice{}) {
		w.Errorf("after the upload went: %+v, %v", got, err)
	}
}

func choicesRefused(w *world) {
	up, other := w.uploaded(), w.uploaded()
	yes := true
	w.is(w.PutLoadChoice(w.ctx, up.ID, other.Owner, "s", store.ChoiceUpdate{RetireAll: &yes}), store.ErrNotFound)
	many := map[string]bool{}
	for range store.MaxChoices + 1 {
		many[uuid.NewString()] = true
	}
	w.is(w.PutLoadChoice(w.ctx, up.ID, up.Owner, "s", store.ChoiceUpdate{Retire: many}), store.ErrTooMany)
	if got, err := w.LoadChoice(w.ctx, up.ID, "s"); err != nil || len(got.Retire) != 0 {
		w.Errorf("%d were stored: %v", len(got.Retire), err)
	}
}
