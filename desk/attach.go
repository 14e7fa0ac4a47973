package desk

import (
	"context"
	"errors"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// Attach settles the attachments of an exam that was read: those of which only the hash is known are looked
// for among the stored media. The faults keep the exam from being stored.
func Attach(ctx context.Context, r store.MediaReader, d *exam.Definition) ([]Fault, error) {
	var faults []Fault
	total := int64(0)
	for i := range d.Attachments {
		a := &d.Attachments[i]
		if a.Type == "" {
			known, err := attachStored(ctx, r, a)
			if err != nil {
				return nil, err
			}
			if !known {
				faults = append(faults, Fault{0, AttachmentGone, []any{"name", a.File}})
			}
		}
		total += a.Size
	}
	if total > questionset.MaxAttachments {
		faults = append(faults, Fault{0, AttachmentsLarge, []any{"mb", questionset.MaxAttachments >> 20}})
	}
	return faults, nil
}

// attachStored fills in what is known of stored media; it reports false when there are none of the hash that
// can be an attachment.
func attachStored(ctx context.Context, r store.MediaReader, a *exam.Attachment) (bool, error) {
	m, err := r.MediaInfo(ctx, a.Media)
	if errors.Is(err, store.ErrNotFound) || err == nil && !questionset.AttachableType(m.Type) {
		return false, nil
	}
	a.Type, a.Size = m.Type, m.Size
	return true, err
}

// AttachedMedia are the contents of an exam's attachments as far as its file holds them.
func AttachedMedia(f *questionset.File, d *exam.Definition) []store.Media {
	var list []store.Media
	for i := range d.Attachments {
		if m, there := f.Media[d.Attachments[i].Media]; there {
			list = append(list, store.Media{Hash: m.Hash, Type: m.Type, Data: m.Data})
		}
	}
	return list
}
