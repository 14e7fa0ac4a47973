package sqlstore

import (
	"context"

	"shiken/exam"
	"shiken/store"
)

const (
	// rejectedAnswers are the rejections `x` of attempt `a` that carry an answer (exam.HasAnswer), with what
	// is saved at their positions as `r`; mayAccept is exam.MayAccept but for the form of the answer.
	rejectedAnswers = `rejections x LEFT JOIN responses r
		ON r.attempt_id = x.attempt_id AND r.position = CAST(x.payload ->> 'position' AS BIGINT)
		WHERE x.attempt_id = a.id AND x.kind IN ('save', 'move', 'flag', 'check', 'time_up')
		AND x.payload -> 'answer' <> 'null'`
	mayAccept = ` AND a.status <> 'voided' AND x.page <> ''
		AND x.reason NOT IN ('invalid_answer', 'out_of_range', 'id_reused')
		AND coalesce(CAST(r.pages -> nullif(x.page, '') ->> 'seq' AS BIGINT), 0) < x.seq
		AND CAST(x.payload ->> 'position' AS BIGINT) BETWEEN 1 AND (SELECT p.length FROM papers p WHERE p.attempt_id = a.id)`

	rejectedInExam = ` FROM attempts a JOIN users u ON u.id = a.candidate CROSS JOIN ` + rejectedAnswers + `
		AND a.exam = $1 AND a.rejected > 0`

	selectRejected = `SELECT a.id, a.candidate, u.username, u.name, a.number, a.status, ` + rejectionColumns + `, ` +
		responseColumns
	pageOfRejected = ` ORDER BY x.arrived DESC, a.id, x.number DESC LIMIT $2 OFFSET $3`
)

// RejectedAnswers implements store.Sittings.
func (s *Store) RejectedAnswers(ctx context.Context, slug string, acceptable bool, offset, limit int) ([]store.RejectedAnswer, int, error) {
	from, total := rejectedInExam, 0
	if acceptable {
		from += mayAccept
	}
	if err := one(ctx, s.db, `SELECT count(*)`+from, []any{slug}, &total); err != nil {
		return nil, 0, err
	}
	var list []store.RejectedAnswer
	err := each(ctx, s.db, selectRejected+from+pageOfRejected, []any{slug, limit, offset}, func(rows Rows) error {
		r, err := scanRejected(rows)
		list = append(list, r)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	return list, total, s.judgeRejected(ctx, list)
}

func scanRejected(rows Rows) (store.RejectedAnswer, error) {
	var (
		r     store.RejectedAnswer
		x     rejectionRow
		saved responseRow
	)
	dest := []any{&r.Attempt, &r.User, &r.Username, &r.Name, &r.AttemptNumber, &r.Status}
	if err := rows.Scan(append(append(dest, x.dest()...), saved.dest()...)...); err != nil {
		return r, err
	}
	if err := x.decode(); err != nil {
		return r, err
	}
	err := saved.decode()
	r.Rejection, r.Saved = x.Rejection, saved.Response
	return r, err
}

// judgeRejected says which of a page may be accepted.
func (s *Store) judgeRejected(ctx context.Context, list []store.RejectedAnswer) error {
	for i := range list {
		r := &list[i]
		p, err := s.paper(ctx, r.Attempt)
		if err != nil {
			return err
		}
		a := exam.Attempt{Status: r.Status, Responses: map[int]exam.Response{r.Rejection.Payload.Position: r.Saved}}
		r.Acceptable = exam.MayAccept(p, &a, &r.Rejection) == ""
	}
	return nil
}
