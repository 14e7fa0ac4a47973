package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// freeAttachments refuses to write attachments over other files, unless it is wanted. One that is there
// already is left as it is.
func (ex *exporting) freeAttachments(d *exam.Definition) ([]exam.Attachment, error) {
	var missing []exam.Attachment
	for _, a := range d.Attachments {
		path := ex.beside(&a)
		hash, err := hashOf(path)
		switch {
		case strings.EqualFold(a.File, filepath.Base(ex.to)):
			return nil, refused("export.occupied", "file", path)
		case errors.Is(err, fs.ErrNotExist) || err == nil && hash != a.Media && ex.force:
			missing = append(missing, a)
		case err == nil && hash != a.Media:
			return nil, refused("export.occupied", "file", path)
		case err != nil:
			return nil, err
		}
	}
	return missing, nil
}

// beside is where an attachment is written: in the folder of the exam file.
func (ex *exporting) beside(a *exam.Attachment) string { return filepath.Join(ex.folder(), a.File) }

func hashOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// writeAttachments writes attachments beside the exam file, each whole or not at all.
func (ex *exporting) writeAttachments(ctx context.Context, s store.MediaReader, list []exam.Attachment) error {
	for i := range list {
		a := &list[i]
		content, err := store.OpenMedia(ctx, s, a.Media)
		if err != nil {
			return fmt.Errorf("attachment %s: %w", a.File, err)
		}
		to := exporting{to: ex.beside(a)}
		err = to.deliver(func(w io.Writer) error {
			_, err := io.Copy(w, content)
			return err
		})
		if err != nil {
			return err
		}
		ex.t.say(ex.t.Language.T("export.attachment", "file", to.to))
	}
	return nil
}
