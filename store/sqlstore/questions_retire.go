package sqlstore

import "shiken/store"

const (
	// retireAbsent leaves "edited" as it is: what only a load retired, a load brings back.
	retireAbsent = `UPDATE questions SET retired = TRUE, edition = edition + 1 WHERE id = $1`
	newestKey    = `SELECT max(k.revision) FROM question_versions v JOIN question_keys k ON k.version_id = v.id
		WHERE v.question_id = $1 AND v.revision = $2`
)

// retire retires those of the absent questions that the choice wants, and counts them.
func (w *setWriter) retire(absent []*storedQuestion) (retired int, err error) {
	for _, q := range absent {
		if q.retired || !w.chosen.Retires(q.id) {
			continue
		}
		if err := w.exec(retireAbsent, q.id); err != nil {
			return 0, err
		}
		if err := w.history(q.id, q.revision, store.QuestionRetired); err != nil {
			return 0, err
		}
		retired++
	}
	return retired, nil
}

// history adds to the history of a question what the load did with it.
func (w *setWriter) history(question string, revision int, kind store.QuestionEventKind) error {
	event, err := newID()
	if err != nil {
		return err
	}
	keyRevision := 0
	if err := one(w.ctx, w.conn, newestKey, []any{question, revision}, &keyRevision); err != nil {
		return err
	}
	return w.exec(insertEvent, question, event, w.choice.Editor, kind, revision, keyRevision, "")
}
