package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// hall is an exam as its seats are read: who may sit it, and when they are looked at.
type hall struct {
	exam     string
	now      exam.Instant
	groups   string // each with a separator on both sides
	everyone bool
}

const openTo = `SELECT shiken_now(), coalesce(CAST(d.definition -> 'open_to' AS TEXT), 'null') FROM exams e
	JOIN exam_revisions d ON d.exam = e.slug AND d.revision = e.revision WHERE e.slug = $1`

// hall reads an exam; store.ErrNotFound when there is none.
func (s *Store) hall(ctx context.Context, slug string) (hall, error) {
	var (
		text  string
		names []string
	)
	h := hall{exam: slug}
	if err := one(ctx, s.db, openTo, []any{slug}, &h.now, &text); err != nil {
		return h, err
	}
	if err := read(text, &names); err != nil {
		return h, err
	}
	h.everyone = slices.Contains(names, exam.Everyone)
	if len(names) > 0 {
		h.groups = separator + strings.Join(names, separator+separator) + separator
	}
	return h, nil
}

// args begins the parameters of every statement about seats.
func (h *hall) args(heard exam.Micros) []any {
	return []any{h.exam, h.groups, h.everyone, h.now, heard}
}

// Parts of statements whose first parameters are hall.args.
const (
	// newest is the condition on attempt `b` of the exam that the candidate has no later one. Numbers have
	// no gaps, and few are above 1: it is looked for the later ones, once. newestOfFew looks for each
	// attempt, where there are few.
	newest = `(b.candidate, b.number) NOT IN (SELECT n.candidate, n.number - 1 FROM attempts n
		WHERE n.exam = $1 AND n.number > 1)`
	newestOfFew = `b.number = (SELECT max(n.number) FROM attempts n WHERE n.exam = b.exam AND n.candidate = b.candidate)`
	isCandidate = `NOT u.disabled AND ' ' || u.roles || ' ' LIKE '% candidate %'`
	openGroups  = `(SELECT g.name FROM candidate_groups g
		WHERE replace($2, '` + separator + `' || g.name || '` + separator + `', '') <> $2)`

	// everySeat are the seats `s` of the exam, in a store.SeatState: newest attempts, and whoever may begin
	// the first one. Users who have nothing to do with the exam are not looked at.
	everySeat = ` FROM (SELECT s.user_id, s.attempt_id, CASE WHEN s.status <> 'in_progress' THEN s.status
			WHEN s.user_id IN (SELECT i.user_id FROM sign_ins i WHERE i.revoked = 0` + heardFrom + `)
			THEN CASE WHEN s.attempt_id IS NULL THEN 'waiting' ELSE 'writing' END
			ELSE CASE WHEN s.attempt_id IS NULL THEN 'absent' ELSE 'silent' END END AS state
		FROM (SELECT b.candidate AS user_id, b.id AS attempt_id, b.status AS status
				FROM attempts b WHERE b.exam = $1 AND ` + newest + `
			UNION ALL SELECT u.id, NULL, NULL FROM (SELECT DISTINCT m.user_id FROM memberships m WHERE NOT $3
					AND m.group_name IN ` + openGroups + ` AND NOT EXISTS
					(SELECT 1 FROM attempts n WHERE n.exam = $1 AND n.candidate = m.user_id)) i
				JOIN users u ON u.id = i.user_id WHERE ` + isCandidate + `
			UNION ALL SELECT u.id, NULL, NULL FROM users u WHERE $3 AND ` + isCandidate + ` AND NOT EXISTS
				(SELECT 1 FROM attempts n WHERE n.exam = $1 AND n.candidate = u.id)) s) s`
	heardFrom = ` AND i.last_seen >= CAST($4 AS BIGINT) - $5`

	// wholeSeat adds their users `u` and attempts `a`.
	wholeSeat = ` JOIN users u ON u.id = s.user_id LEFT JOIN attempts a ON a.id = s.attempt_id`

	// answered and lastSaved are of attempt `a`, by its tally where there is one.
	answered = `CASE WHEN a.tallied = a.version THEN a.answered
		ELSE (SELECT count(*) FROM responses r WHERE r.attempt_id = a.id AND r.answer <> 'null') END`
	lastSaved = `CASE WHEN a.tallied = a.version THEN a.last_saved
		ELSE (SELECT coalesce(max(r.saved_at), 0) FROM responses r WHERE r.attempt_id = a.id) END`

	liveOnes = `FROM sign_ins i WHERE i.user_id = u.id AND i.revoked = 0`

	// seatColumns are of a user `u` with attempt `a`, in the order of scanSeat.
	seatColumns = `u.id, u.username, u.name,
		(SELECT coalesce(max(i.last_seen), 0) ` + liveOnes + `), (SELECT count(*) ` + liveOnes + heardFrom + `),
		coalesce(CAST(a.id AS TEXT), ''), coalesce(a.number, 0), coalesce(a.status, ''), coalesce(a.version, 0),
		coalesce(a.cursor, 0), coalesce((SELECT p.length FROM papers p WHERE p.attempt_id = a.id), 0),
		` + answered + `, coalesce(a.started, 0), ` + lastSaved + `, coalesce(a.deadline, 0), coalesce(a.stopped, 0),
		CASE WHEN a.rejected > 0 THEN (SELECT count(*) FROM ` + rejectedAnswers + mayAccept + `) ELSE 0 END`
)

// scanSeat reads seatColumns after other columns.
func (h *hall) scanSeat(rows Rows, heard exam.Micros, before ...any) (store.Seat, error) {
	var s store.Seat
	err := rows.Scan(append(before, &s.User, &s.Username, &s.Name, &s.LastSeen, &s.Devices, &s.Attempt, &s.Number,
		&s.Status, &s.Version, &s.Cursor, &s.Count, &s.Answered, &s.Started, &s.LastSaved, &s.Deadline, &s.Stopped,
		&s.Rejected)...)
	s.State = stateOf(&s, h.now.Add(-heard))
	return s, err
}

// stateOf is the state of a seat that was read.
func stateOf(s *store.Seat, since exam.Instant) store.SeatState {
	heard := s.LastSeen >= since && s.LastSeen > 0
	switch {
	case s.Attempt != "" && s.Status != exam.InProgress:
		return store.SeatState(s.Status)
	case s.Attempt == "" && heard:
		return store.SeatWaiting
	case s.Attempt == "":
		return store.SeatAbsent
	case heard:
		return store.SeatWriting
	}
	return store.SeatSilent
}

// byName orders by the username and by no index of it: for the sake of a page Postgres would go
// through users in that order, and compare each with each of the seats.
const byName = `u.username || ''`

// seatPlaces are what seats are ordered by, NULL last, and then by username. Who has no attempt comes
// last, and by time left whoever's clock has run out or does not run.
var seatPlaces = map[store.SeatOrder]string{
	"":                byName,
	store.SeatsByName: byName,
	store.SeatsByTime: `CASE WHEN a.status = 'in_progress' THEN a.deadline - CAST($4 AS BIGINT)
		WHEN a.status = 'paused' THEN a.deadline - a.stopped END`,
	store.SeatsByAnswered: `CASE WHEN a.id IS NOT NULL THEN ` + answered + ` END`,
	store.SeatsBySaved:    `CASE WHEN a.id IS NOT NULL THEN ` + lastSaved + ` END`,
}

// seatFilter is who of wholeSeat matches a query.
func seatFilter(h *hall, q *store.SeatQuery) *filter {
	f := &filter{args: h.args(q.Heard)}
	if q.State != "" {
		// Without coalesce Postgres takes one seat in 200 for a match, and plans for a handful.
		f.and(`coalesce(s.state = ?, FALSE)`, q.State)
	}
	if q.Group != "" {
		f.and(`u.id IN (SELECT m.user_id FROM memberships m WHERE m.group_name = ?)`, q.Group)
	}
	if q.Search != "" {
		part := pattern(q.Search)
		f.and(`(`+contains(`u.username`)+` OR `+contains(`u.name`)+`)`, part, part)
	}
	return f
}

// Seats implements store.Sittings. What of a seat takes a look of its own is read for one page alone.
func (s *Store) Seats(ctx context.Context, q store.SeatQuery) ([]store.Seat, int, exam.Instant, error) {
	place, ok := seatPlaces[q.Order]
	if !ok {
		return nil, 0, 0, fmt.Errorf("store: no order of seats: %q", q.Order)
	}
	h, err := s.hall(ctx, q.Exam)
	if err != nil {
		return nil, 0, 0, err
	}
	f := seatFilter(&h, &q)
	page, args := f.page(q.Offset, q.Limit)
	text := `SELECT s.total, ` + seatColumns + ` FROM (SELECT s.user_id, s.attempt_id, ` + place + ` AS place,
			u.username AS username, count(*) OVER () AS total` + everySeat + wholeSeat + f.where() + `
			ORDER BY place NULLS LAST, username` + page + `) s` + wholeSeat + `
		ORDER BY s.place NULLS LAST, s.username`
	var (
		list  []store.Seat
		total int
	)
	err = each(ctx, s.db, text, args, func(rows Rows) error {
		seat, err := h.scanSeat(rows, q.Heard, &total)
		list = append(list, seat)
		return err
	})
	if err == nil && len(list) == 0 && q.Offset > 0 { // beyond the last: nothing tells how many there are
		err = one(ctx, s.db, `SELECT count(*)`+everySeat+wholeSeat+f.where(), f.args, &total)
	}
	return list, total, h.now, err
}

// seatsOf reads the seats of a list of users. It looks at these alone, from the beginning.
func seatsOf(db DB) string {
	return `SELECT ` + seatColumns + ` FROM users u
		LEFT JOIN (SELECT b.* FROM attempts b
			WHERE b.exam = $1 AND ` + db.Among(`b.candidate`, `$6`) + ` AND ` + newestOfFew + `) a ON a.candidate = u.id
		WHERE ` + db.Among(`u.id`, `$6`) + ` AND (a.id IS NOT NULL OR ` + isCandidate + ` AND ($3 OR EXISTS
			(SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.group_name IN ` + openGroups + `)))`
}

// SeatsOf implements store.Sittings.
func (s *Store) SeatsOf(ctx context.Context, slug string, users []string, heard exam.Micros) ([]store.Seat, exam.Instant, error) {
	ids, err := fewIDs(users)
	if err != nil {
		return nil, 0, err
	}
	h, err := s.hall(ctx, slug)
	if err != nil || len(ids) == 0 {
		return nil, h.now, err
	}
	var list []store.Seat
	err = each(ctx, s.db, s.seatsOf, append(h.args(heard), s.db.List(ids)), func(rows Rows) error {
		seat, err := h.scanSeat(rows, heard)
		list = append(list, seat)
		return err
	})
	return list, h.now, err
}

const countSeats = `SELECT s.state, count(*)` + everySeat + ` GROUP BY s.state`

// CountSeats implements store.Sittings.
func (s *Store) CountSeats(ctx context.Context, slug string, heard exam.Micros) (map[store.SeatState]int, error) {
	h, err := s.hall(ctx, slug)
	if err != nil {
		return nil, err
	}
	counts := map[store.SeatState]int{}
	err = each(ctx, s.db, countSeats, h.args(heard), func(rows Rows) error {
		var (
			state store.SeatState
			n     int
		)
		err := rows.Scan(&state, &n)
		counts[state] = n
		return err
	})
	return counts, err
}
