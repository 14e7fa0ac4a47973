package sqlstore

import (
	"context"
	"math"

	"shiken/exam"
	"shiken/store"
)

// attemptColumns are those of an attempt `a`, in the order of attemptRow.dest.
const attemptColumns = `a.id, a.candidate, a.number, a.opening, a.status, a.status_before, a.marking,
	a.cursor, a.changes, a.started, a.extended, a.paused_for, a.stopped,
	coalesce(CAST(a.score AS TEXT), ''), a.version, a.head_hash, a.rejected, a.erased > 0,
	coalesce(CAST(a.device AS TEXT), ''), a.device_since`

// attemptRow takes the columns of an attempt.
type attemptRow struct {
	attempt exam.Attempt
	number  int
	score   string
	head    string
	erased  bool
}

func (r *attemptRow) dest() []any {
	a := &r.attempt
	return []any{
		&a.ID, &a.Candidate, &r.number, &a.Opening, &a.Status, &a.Before, &a.Marking,
		&a.Cursor, &a.Changes, &a.Started, &a.Extended, &a.PausedFor, &a.Stopped,
		&r.score, &a.Head.Seq, &r.head, &a.Rejections, &r.erased, &a.Device, &a.DeviceSince,
	}
}

// decode fills what is stored as text.
func (r *attemptRow) decode() error {
	if r.score != "" {
		r.attempt.Score = &exam.Score{}
		if err := read(r.score, r.attempt.Score); err != nil {
			return err
		}
	}
	return readHash(r.head, &r.attempt.Head.Hash)
}

// loadAttempt builds JSON by hand where rows have to be gathered into one: the texts in it are
// numbers, digests, words out of closed lists, and columns that are JSON.
const loadAttempt = `SELECT shiken_now(), ` + attemptColumns + `,
	(SELECT coalesce(string_agg('{"position":' || r.position || ',"rev":' || r.rev
			|| ',"answer":' || CAST(r.answer AS TEXT)
			|| ',"flagged":' || CASE WHEN r.flagged THEN 'true' ELSE 'false' END
			|| ',"checked":' || CASE WHEN r.checked THEN 'true' ELSE 'false' END
			|| ',"points":' || coalesce(CAST(r.points AS TEXT), 'null')
			|| ',"marked":' || r.marked || ',"comment":' || CAST(r.comment AS TEXT)
			|| ',"kept":' || coalesce(CAST(r.kept AS TEXT), 'null')
			|| ',"change":' || r.change || ',"saved_at":' || r.saved_at
			|| ',"pages":' || CAST(r.pages AS TEXT) || '}', ','), '')
		FROM responses r WHERE r.attempt_id = a.id AND r.position BETWEEN $2 AND $3),
	coalesce((SELECT '{"digest":"' || j.digest || '","salt":"' || coalesce(j.salt, '')
			|| '","effect":' || CAST(j.effect AS TEXT)
			|| ',"receipt":{"seq":' || j.seq || ',"hash":"' || j.hash || '"}}'
		FROM journal j WHERE j.attempt_id = a.id AND j.command = $4), ''),
	(SELECT coalesce(string_agg('{"digest":"' || x.digest || '","salt":"' || coalesce(x.salt, '')
			|| '","reason":"' || x.reason || '"}', ',' ORDER BY x.number), '')
		FROM rejections x WHERE x.attempt_id = a.id AND x.command = $4),
	` + optionalViewerColumns + `,
	coalesce(CAST(h.id AS TEXT), ''), coalesce(h.created, 0), coalesce(h.last_seen, 0), coalesce(h.revoked, 0),
	coalesce(h.agent, '')
	FROM attempts a
	LEFT JOIN sign_ins h ON h.id = a.device
	LEFT JOIN sign_ins s ON s.id = $5
	LEFT JOIN users u ON u.id = s.user_id
	WHERE a.id = $1`

// LoadAttempt implements store.Attempts.
func (s *Store) LoadAttempt(ctx context.Context, q store.AttemptQuery) (store.Snapshot, error) {
	attempt, ok := id(q.Attempt)
	if !ok {
		return store.Snapshot{}, store.ErrNotFound
	}
	var (
		snap                         store.Snapshot
		row                          attemptRow
		viewer                       viewerRow
		holder                       store.SignIn
		responses, applied, rejected string
	)
	dest := append([]any{&snap.Now}, row.dest()...)
	dest = append(dest, &responses, &applied, &rejected)
	from, to := positions(q)
	args := []any{attempt, from, to, q.Command, idOrNull(q.SignIn)}
	dest = append(append(dest, viewer.dest()...), &holder.ID, &holder.Created, &holder.LastSeen, &holder.Revoked, &holder.Agent)
	if err := one(ctx, s.db, loadAttempt, args, dest...); err != nil {
		return store.Snapshot{}, err
	}
	if err := row.decode(); err != nil {
		return store.Snapshot{}, err
	}
	snap.Attempt, snap.Number, snap.Viewer, snap.Erased = row.attempt, row.number, viewer.orNil(), row.erased
	if holder.ID != "" {
		holder.User = snap.Attempt.Candidate
		snap.Holder = &holder
	}
	if err := readResponses(responses, &snap.Attempt); err != nil {
		return store.Snapshot{}, err
	}
	if err := readPriors(q.Command, applied, rejected, &snap.Attempt); err != nil {
		return store.Snapshot{}, err
	}
	var err error
	snap.Paper, err = s.paper(ctx, attempt)
	return snap, err
}

// positions is the closed range of the responses that a query asks for.
func positions(q store.AttemptQuery) (from, to int) {
	switch {
	case q.All:
		return 1, math.MaxInt32
	case q.Position < 1 || q.Position > math.MaxInt32:
		return 1, 0
	}
	return q.Position, q.Position
}

// responseDocument is a response as loadAttempt gathers it.
type responseDocument struct {
	Position int                      `json:"position"`
	Rev      int64                    `json:"rev"`
	Answer   exam.Answer              `json:"answer"`
	Flagged  bool                     `json:"flagged"`
	Checked  bool                     `json:"checked"`
	Points   *int                     `json:"points"`
	Marked   int64                    `json:"marked"`
	Comment  string                   `json:"comment"`
	Kept     *int                     `json:"kept"`
	Change   int64                    `json:"change"`
	SavedAt  exam.Instant             `json:"saved_at"`
	Pages    map[string]exam.PageMark `json:"pages"`
}

func readResponses(list string, a *exam.Attempt) error {
	var documents []responseDocument
	if err := read("["+list+"]", &documents); err != nil {
		return err
	}
	a.Responses = make(map[int]exam.Response, len(documents))
	for _, d := range documents {
		a.Responses[d.Position] = exam.Response{
			Rev: d.Rev, Answer: d.Answer, Flagged: d.Flagged, Checked: d.Checked,
			Points: d.Points, Marked: d.Marked, Comment: d.Comment, Kept: d.Kept, Change: d.Change, SavedAt: d.SavedAt, Pages: d.Pages,
		}
	}
	return nil
}

// priorDocument is what loadAttempt gathers of a command that was judged before.
type priorDocument struct {
	Digest  exam.Hash    `json:"digest"`
	Salt    string       `json:"salt"`
	Effect  *exam.Effect `json:"effect"` // nil: rejected
	Reason  exam.Reason  `json:"reason"`
	Receipt exam.Receipt `json:"receipt"`
}

// readPriors gives what is known of a command: the entry that applied it comes before rejections of
// the same id, since an id that was rejected is never applied.
func readPriors(command, applied, rejected string, a *exam.Attempt) error {
	if command == "" || applied == "" && rejected == "" {
		return nil
	}
	if applied != "" && rejected != "" {
		applied += ","
	}
	var documents []priorDocument
	if err := read("["+applied+rejected+"]", &documents); err != nil {
		return err
	}
	priors := make([]exam.Prior, len(documents))
	for i, d := range documents {
		salt, err := readSalt(d.Salt)
		if err != nil {
			return err
		}
		priors[i] = exam.Prior{Reason: d.Reason, Digest: d.Digest, Salt: salt}
		if d.Effect != nil {
			priors[i].Applied, priors[i].Rev, priors[i].Target = true, d.Effect.Rev, d.Effect.Target
			priors[i].Receipt = d.Receipt
		}
	}
	a.Commands = map[string][]exam.Prior{command: priors}
	return nil
}

const loadPaper = `SELECT CAST(p.paper AS TEXT) FROM papers p WHERE p.attempt_id = $1`

// paper returns an attempt's paper, which never changes (R14), by preference out of the cache.
func (s *Store) paper(ctx context.Context, attempt string) (*exam.Paper, error) {
	if p, ok := s.papers.Get(attempt); ok {
		return p, nil
	}
	var text string
	if err := one(ctx, s.db, loadPaper, []any{attempt}, &text); err != nil {
		return nil, err
	}
	p := &exam.Paper{}
	if err := read(text, p); err != nil {
		return nil, err
	}
	s.papers.Put(attempt, p)
	return p, nil
}
