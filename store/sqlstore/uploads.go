package sqlstore

import (
	"context"

	"shiken/store"
)

// keepUploads is how long an upload may be found; see also cleanings.
const keepUploads = day

const (
	insertUpload = `INSERT INTO uploads (id, owner, kind, name, data, created) VALUES ($1, $2, $3, $4, $5, shiken_now())`
	trimUploads  = `DELETE FROM uploads WHERE owner = $1 AND kind = $2 AND id NOT IN (
		SELECT u.id FROM uploads u WHERE u.owner = $1 AND u.kind = $2 ORDER BY u.created DESC, u.id DESC LIMIT $3)`
)

// PutUpload implements store.Desk. It holds the owner's row, so that two uploads at once are counted.
func (s *Store) PutUpload(ctx context.Context, u store.Upload) error {
	owner, ok := id(u.Owner)
	if !ok {
		return store.ErrNotFound
	}
	if u.Data == nil {
		u.Data = []byte{} // an empty file is no NULL
	}
	return s.db.Write(ctx, func(c Conn) error {
		if err := missing(c.Exec(ctx, lockUser, owner)); err != nil {
			return err
		}
		if _, err := c.Exec(ctx, insertUpload, u.ID, owner, u.Kind, u.Name, u.Data); err != nil {
			return err
		}
		_, err := c.Exec(ctx, trimUploads, owner, u.Kind, keptOf(u.Kind))
		return err
	})
}

// keptOf is how many uploads of a kind are kept of one owner.
func keptOf(kind store.UploadKind) int {
	if kind == store.UploadSlips {
		return store.MaxSlips
	}
	return store.MaxUploads
}

const (
	uploadKept = ` FROM uploads u WHERE u.id = $1 AND u.owner = $2 AND u.created > (SELECT shiken_now()) - $3`
	uploadHead = `SELECT u.id, u.owner, u.kind, u.name, length(u.data), u.created` + uploadKept
	uploadData = `SELECT u.data` + uploadKept
)

// Upload implements store.Desk.
func (s *Store) Upload(ctx context.Context, upID, owner string) (store.Upload, error) {
	u, err := s.UploadHead(ctx, upID, owner)
	if err != nil {
		return u, err
	}
	err = one(ctx, s.db, uploadData, []any{u.ID, u.Owner, keepUploads}, &u.Data)
	return u, err
}

// UploadHead implements store.Desk.
func (s *Store) UploadHead(ctx context.Context, upID, owner string) (store.Upload, error) {
	var u store.Upload
	err := one(ctx, s.db, uploadHead, []any{idOrNull(upID), idOrNull(owner), keepUploads},
		&u.ID, &u.Owner, &u.Kind, &u.Name, &u.Size, &u.Created)
	return u, err
}

const dropUpload = `DELETE FROM uploads WHERE id = $1 AND owner = $2`

// DropUpload implements store.Desk. Dropping what is gone is no error.
func (s *Store) DropUpload(ctx context.Context, upID, owner string) error {
	_, err := s.db.Exec(ctx, dropUpload, idOrNull(upID), idOrNull(owner))
	return err
}
