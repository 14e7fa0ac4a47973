package storetest

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"

	"github.com/google/uuid"

	"shiken/store"
)

func uploadKept(w *world) {
	owner, other := w.newUser(), w.newUser()
	up := store.Upload{ID: uuid.NewString(), Owner: owner.ID, Kind: store.UploadRoster, Name: "名簿.csv",
		Data: bytes.Repeat([]byte("\x00\xffline\n"), 10_000)}
	empty := store.Upload{ID: uuid.NewString(), Owner: owner.ID, Kind: store.UploadQuestions}
	w.must(w.PutUpload(w.ctx, up))
	w.must(w.PutUpload(w.ctx, empty))
	got, err := w.Upload(w.ctx, up.ID, owner.ID)
	w.must(err)
	up.Created, up.Size = got.Created, len(up.Data)
	if !reflect.DeepEqual(got, up) || got.Created == 0 {
		w.Errorf("read %s %q, %d bytes at %d", got.Kind, got.Name, len(got.Data), got.Created)
	}
	head, err := w.UploadHead(w.ctx, up.ID, owner.ID)
	up.Data = nil
	if w.must(err); !reflect.DeepEqual(head, up) {
		w.Errorf("the head is %+v", head)
	}
	if got, err := w.Upload(w.ctx, empty.ID, owner.ID); err != nil || len(got.Data) != 0 || got.Size != 0 {
		w.Errorf("the empty file has %d bytes, %v", len(got.Data), err)
	}
	w.is(w.PutUpload(w.ctx, up), store.ErrExists)
	w.is(w.PutUpload(w.ctx, store.Upload{ID: uuid.NewString(), Owner: uuid.NewString()}), store.ErrNotFound)
	for _, who := range []string{other.ID, "", "no id"} {
		_, err := w.Upload(w.ctx, up.ID, who)
		w.is(err, store.ErrNotFound)
		_, err = w.UploadHead(w.ctx, up.ID, who)
		w.is(err, store.ErrNotFound)
		w.must(w.DropUpload(w.ctx, up.ID, who))
	}
	for range 2 {
		w.must(w.DropUpload(w.ctx, strings.ToUpper(up.ID), owner.ID))
		_, err = w.Upload(w.ctx, up.ID, owner.ID)
		w.is(err, store.ErrNotFound)
	}
	w.must(w.Exec(w.ctx, `UPDATE uploads SET created = $2 WHERE id = $1`, empty.ID, int64(ago(1))))
	_, err = w.Upload(w.ctx, empty.ID, owner.ID)
	w.is(err, store.ErrNotFound)
}

func uploadsTrimmed(w *world) {
	const uploads = 8
	owner, other := w.newUser().ID, w.newUser().ID
	kept, slips := uuid.NewString(), uuid.NewString()
	var day []string // the slips of a day on which many rosters are imported
	w.must(w.PutUpload(w.ctx, store.Upload{ID: kept, Owner: other}))
	w.must(w.PutUpload(w.ctx, store.Upload{ID: slips, Owner: owner, Kind: store.UploadSlips}))
	for range 2 * store.MaxUploads {
		id := uuid.NewString()
		w.must(w.PutUpload(w.ctx, store.Upload{ID: id, Owner: owner, Kind: store.UploadSlips}))
		day = append(day, id)
	}
	ids := together(w, uploads, func(i int) (string, error) {
		id := uuid.NewString()
		return id, w.PutUpload(w.ctx, store.Upload{ID: id, Owner: owner, Name: fmt.Sprint(i)})
	})
	last := uuid.NewString()
	w.must(w.PutUpload(w.ctx, store.Upload{ID: last, Owner: owner}))
	left := 0
	for _, id := range append(ids, last) {
		if _, err := w.Upload(w.ctx, id, owner); err == nil {
			left++
		}
	}
	if left != store.MaxUploads {
		w.Errorf("%d of %d uploads are left, want %d", left, uploads+1, store.MaxUploads)
	}
	for id, who := range map[string]string{last: owner, kept: other, slips: owner, day[0]: owner} {
		if _, err := w.Upload(w.ctx, id, who); err != nil {
			w.Errorf("an upload of a kind of which few are there, of %s: %v", who, err)
		}
	}
}
