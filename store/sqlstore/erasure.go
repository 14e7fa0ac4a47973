package sqlstore

import (
	"context"
	"errors"
	"maps"

	"shiken/exam"
	"shiken/store"
)

// ofPerson are the attempts of a person.
const ofPerson = `(SELECT a.id FROM attempts a WHERE a.candidate = $1)`

// erased is one kind of a person's data: how many there are, and the statement that takes them. All take
// the person's id; those about texts also the username, which stays behind as a pseudonym.
var erased = []struct {
	counts func(*store.Erasure) *int // nil: not counted
	count  string
	takes  []string
}{
	{func(e *store.Erasure) *int { return &e.SignIns }, `sign_ins WHERE user_id = $1`, nil},
	{func(e *store.Erasure) *int { return &e.Groups }, `memberships WHERE user_id = $1`, nil},
	{func(e *store.Erasure) *int { return &e.Accommodations }, `accommodations WHERE user_id = $1`, nil},
	{func(e *store.Erasure) *int { return &e.Uploads }, `uploads WHERE owner = $1`, nil},
	{func(e *store.Erasure) *int { return &e.Messages }, `messages WHERE attempt_id IN ` + ofPerson, nil},
	{func(e *store.Erasure) *int { return &e.Gaps }, `reported_gaps WHERE attempt_id IN ` + ofPerson, nil},
	{func(e *store.Erasure) *int { return &e.Practised }, `practised WHERE attempt_id IN ` + ofPerson,
		[]string{`DELETE FROM practised WHERE attempt_id IN ` + ofPerson, `DELETE FROM practices WHERE attempt_id IN ` + ofPerson}},
	{func(e *store.Erasure) *int { return &e.Answers }, `responses WHERE attempt_id IN ` + ofPerson + `
		AND (CAST(answer AS TEXT) <> 'null' OR CAST(comment AS TEXT) <> '""')`,
		[]string{`UPDATE responses SET answer = 'null', comment = '""' WHERE attempt_id IN ` + ofPerson}},
	{func(e *store.Erasure) *int { return &e.Payloads }, `journal WHERE attempt_id IN ` + ofPerson + ` AND payload IS NOT NULL`,
		[]string{`UPDATE journal SET payload = NULL, salt = NULL WHERE attempt_id IN ` + ofPerson}},
	{func(e *store.Erasure) *int { return &e.Rejections }, `rejections WHERE attempt_id IN ` + ofPerson + ` AND payload IS NOT NULL`,
		[]string{`UPDATE rejections SET payload = NULL, salt = NULL WHERE attempt_id IN ` + ofPerson}},
	{nil, `start_rejections WHERE candidate = $1`, nil},
}

// statements are those that take a kind.
func statements(count string, takes []string) []string {
	if takes == nil {
		return []string{`DELETE FROM ` + count}
	}
	return takes
}

const (
	// sealedFiles hold rosters, accommodations and passwords that were not handed out yet. Nobody can look for a name
	// in them here.
	sealedFiles    = `uploads WHERE kind IN ('roster', 'slips', 'accommodations') AND owner <> $1`
	attemptsTold   = `SELECT count(*), coalesce(sum(CASE WHEN a.marking = 'awaiting_marker' THEN 1 ELSE 0 END), 0) FROM attempts a WHERE a.candidate = $1`
	editorOf       = `(SELECT u.username FROM users u WHERE u.id = $1)`
	editedBy       = `questions WHERE edited_by = ` + editorOf
	eventsBy       = `question_events WHERE actor = ` + editorOf
	openOfPerson   = `SELECT count(*) FROM attempts a WHERE a.candidate = $1 AND a.status IN ('in_progress', 'paused')`
	unmarkedOf     = `SELECT count(*) FROM attempts a WHERE a.candidate = $1 AND a.marking = 'pending' AND a.status IN ('submitted', 'expired')`
	unfinishedJobs = `SELECT count(*) FROM jobs WHERE finished = 0`
)

// PlanErasure implements store.Erasures.
func (s *Store) PlanErasure(ctx context.Context, user string) (store.Erasure, error) {
	var e store.Erasure
	person, ok := id(user)
	if !ok {
		return e, store.ErrNotFound
	}
	err := s.db.Snapshot(ctx, func(c Conn) error {
		var err error
		e, err = planErasure(ctx, c, person)
		return err
	})
	return e, err
}

func planErasure(ctx context.Context, c Conn, person string) (store.Erasure, error) {
	var e store.Erasure
	var r userRow
	if err := one(ctx, c, userByID, []any{person}, r.dest()...); err != nil {
		return e, err
	}
	u := r.user()
	if u.Erased != 0 {
		e.Block = store.ErasureDone
	}
	for _, kind := range erased {
		if kind.counts == nil {
			continue
		}
		if err := one(ctx, c, `SELECT count(*) FROM `+kind.count, []any{person}, kind.counts(&e)); err != nil {
			return e, err
		}
	}
	edited, events := 0, 0
	for _, n := range []struct {
		sql string
		to  []any
	}{
		{`SELECT count(*) FROM ` + sealedFiles, []any{&e.Waiting}}, {attemptsTold, []any{&e.Attempts, &e.Awaiting}},
		{`SELECT count(*) FROM ` + editedBy, []any{&edited}}, {`SELECT count(*) FROM ` + eventsBy, []any{&events}},
	} {
		if err := one(ctx, c, n.sql, []any{person}, n.to...); err != nil {
			return e, err
		}
	}
	e.Questions = edited + events
	named, err := namedTexts(ctx, c, &store.Named{ID: u.ID, Username: u.Username, Name: u.Name})
	if err != nil {
		return e, err
	}
	e.Texts = len(named)
	block, err := erasureBlock(ctx, c, &u)
	if e.Block == store.ErasureFree {
		e.Block = block
	}
	return e, err
}

// erasureBlock says what keeps a person's data from being erased now.
func erasureBlock(ctx context.Context, c Conn, u *store.User) (store.ErasureBlock, error) {
	for _, check := range []struct {
		sql  string
		args []any
		why  store.ErasureBlock
	}{
		{openOfPerson, []any{u.ID}, store.ErasureOpen}, {unmarkedOf, []any{u.ID}, store.ErasureUnmarked},
		{unfinishedJobs, nil, store.ErasureJobs},
	} {
		n := 0
		if err := one(ctx, c, check.sql, check.args, &n); err != nil || n > 0 {
			return check.why, err
		}
	}
	admins := 0
	err := one(ctx, c, countAdmins, nil, &admins)
	if err == nil && isAdmin(u) && admins == 1 {
		return store.ErasureLastAdmin, nil
	}
	return store.ErasureFree, err
}

const personErased = `SELECT u.erased FROM users u WHERE u.id = $1`

// notErased fails for a person whose data were erased while an attempt was begun.
func notErased(ctx context.Context, c Conn, person string) error {
	at := exam.Instant(0)
	if err := one(ctx, c, personErased, []any{person}, &at); err != nil || at == 0 {
		return err
	}
	return store.ErrNotFound
}

// errUnrecorded is a fault of the caller: what is erased is recorded.
var errUnrecorded = errors.New("store: an erasure is recorded, or not done")

// Erase implements store.Actions. The log is searched beforehand, since that takes long when it is long; what is
// written meanwhile is searched within the transaction.
func (s *Store) Erase(ctx context.Context, user string) (store.Erasure, error) {
	var e store.Erasure
	person, ok := id(user)
	if !ok {
		return e, store.ErrNotFound
	}
	record, ok := s.db.(recording)
	if !ok {
		return e, errUnrecorded
	}
	named, err := s.named(ctx, person)
	if err != nil {
		return e, err
	}
	found, err := searchAudit(ctx, s.db, named, auditFound{})
	if err != nil {
		return e, err
	}
	err = record.telling(ctx, func(c Conn) (any, error) {
		work := erasing{ctx: ctx, conn: c, named: *named, found: found}
		err := work.all()
		e = work.taken
		return work.details, err
	})
	return e, err
}

// named reads how a person is named.
func (s *Store) named(ctx context.Context, person string) (*store.Named, error) {
	u, err := s.UserByID(ctx, person)
	if err != nil {
		return nil, err
	}
	n := &store.Named{ID: u.ID, Username: u.Username, Name: u.Name, Attempts: map[string]bool{}}
	ids, err := texts(ctx, s.db, `SELECT CAST(a.id AS TEXT) FROM attempts a WHERE a.candidate = $1`, person)
	for _, attempt := range ids {
		n.Attempts[attempt] = true
	}
	if err != nil {
		return nil, err
	}
	n.Jobs, err = commandsTo(ctx, s.db, n)
	return n, err
}

const commandJobs = `SELECT CAST(j.id AS TEXT), j.args FROM jobs j WHERE j.kind = $1`

// commandsTo are the jobs that gave commands to attempts of the person.
func commandsTo(ctx context.Context, c Conn, n *store.Named) (map[string]bool, error) {
	jobs := map[string]bool{}
	err := each(ctx, c, commandJobs, []any{store.JobCommands}, func(rows Rows) error {
		var job, args string
		if err := rows.Scan(&job, &args); err != nil {
			return err
		}
		if n.Commands([]byte(args)) {
			jobs[job] = true
		}
		return nil
	})
	return jobs, err
}

// erasing is one Erase, in its transaction.
type erasing struct {
	ctx     context.Context
	conn    Conn
	named   store.Named
	found   auditFound
	taken   store.Erasure
	details store.ErasureDetails
}

const (
	// takeName comes first: it changes what is unique of the user, so that nobody can begin an attempt or sign in
	// before the transaction ends.
	takeName = `UPDATE users SET username = $2, name = $2, roles = '', password_hash = '', extra_percent = 0,
		disabled = TRUE, demo = FALSE, created = 0, erased = shiken_now()
		WHERE id = $1 AND erased = 0 AND username = $3 AND name = $4`
	closeAttempts = `UPDATE attempts SET erased = shiken_now() WHERE candidate = $1`
	dropFailures  = `DELETE FROM failed_sign_ins WHERE account = $1`
	renameEditor  = `UPDATE questions SET edited_by = $2 WHERE edited_by = $1`
	renameActor   = `UPDATE question_events SET actor = $2 WHERE actor = $1`
)

// pseudonym is what is left of a username: no username that anybody could take.
func pseudonym(person string) string { return "erased:" + person[uuidLength-12:] }

func (w *erasing) all() error {
	if _, err := w.conn.Exec(w.ctx, lockAdmins); err != nil {
		return err
	}
	plan, err := planErasure(w.ctx, w.conn, w.named.ID)
	if err != nil {
		return err
	}
	if err := w.takeName(); err != nil {
		return err
	}
	// Once nobody can move them: what keeps from erasing is judged on what is there then.
	if _, err := w.conn.Exec(w.ctx, closeAttempts, w.named.ID); err != nil {
		return err
	}
	plan.Block, err = w.block(plan.Block)
	if err != nil {
		return err
	}
	if plan.Block != store.ErasureFree {
		return store.ErrNotErasable
	}
	for _, step := range []func() error{w.takeData, w.takeBroadcasts, w.takeTexts, w.renameEverywhere, w.findCommands, w.takeJobs, w.takeEntries} {
		if err := step(); err != nil {
			return err
		}
	}
	w.taken, w.details.Erasure = plan, plan
	return nil
}

func (w *erasing) takeName() error {
	n := &w.named
	taken, err := w.conn.Exec(w.ctx, takeName, n.ID, pseudonym(n.ID), n.Username, n.Name)
	if err == nil && taken == 0 {
		err = store.ErrNotErasable // it was erased, or renamed, meanwhile
	}
	return err
}

// block looks once more, but for admins, one of whom is gone by now.
func (w *erasing) block(planned store.ErasureBlock) (store.ErasureBlock, error) {
	if planned != store.ErasureFree {
		return planned, nil
	}
	return erasureBlock(w.ctx, w.conn, &store.User{ID: w.named.ID})
}

func (w *erasing) takeData() error {
	for _, kind := range erased {
		for _, sql := range statements(kind.count, kind.takes) {
			if _, err := w.conn.Exec(w.ctx, sql, w.named.ID); err != nil {
				return err
			}
		}
	}
	_, err := w.conn.Exec(w.ctx, `DELETE FROM `+sealedFiles, w.named.ID)
	return err
}

const (
	broadcasts   = `SELECT CAST(m.id AS TEXT), m.text FROM messages m WHERE m.attempt_id IS NULL`
	setBroadcast = `UPDATE messages SET text = $2 WHERE id = $1`
)

// takeBroadcasts takes the texts of messages to all that name the person.
func (w *erasing) takeBroadcasts() error {
	var list []string
	err := each(w.ctx, w.conn, broadcasts, nil, func(rows Rows) error {
		var message, text string
		if err := rows.Scan(&message, &text); err != nil {
			return err
		}
		if w.named.Names(text) {
			list = append(list, message)
		}
		return nil
	})
	for _, message := range list {
		if err == nil {
			_, err = w.conn.Exec(w.ctx, setBroadcast, message, store.ErasedWord)
		}
	}
	return err
}

// findCommands looks for commands once more. The log is searched anew when there are others than were known
// when it was searched beforehand.
func (w *erasing) findCommands() error {
	jobs, err := commandsTo(w.ctx, w.conn, &w.named)
	if err != nil {
		return err
	}
	if !maps.Equal(jobs, w.named.Jobs) {
		w.named.Jobs, w.found = jobs, auditFound{}
	}
	return nil
}

// renameEverywhere puts the pseudonym where others name the person by the username.
func (w *erasing) renameEverywhere() error {
	if _, err := w.conn.Exec(w.ctx, dropFailures, w.named.Username); err != nil {
		return err
	}
	for _, sql := range []string{renameEditor, renameActor} {
		if _, err := w.conn.Exec(w.ctx, sql, w.named.Username, pseudonym(w.named.ID)); err != nil {
			return err
		}
	}
	return nil
}

const (
	jobTexts    = `SELECT CAST(j.id AS TEXT), j.object, j.args, j.outcome FROM jobs j`
	setJobTexts = `UPDATE jobs SET object = $2, args = $3, outcome = $4 WHERE id = $1`
)

// takeJobs takes the person out of what finished jobs tell.
func (w *erasing) takeJobs() error {
	var list [][]any
	err := each(w.ctx, w.conn, jobTexts, nil, func(rows Rows) error {
		var job, object, args, outcome string
		if err := rows.Scan(&job, &object, &args, &outcome); err != nil {
			return err
		}
		if w.named.Mentions(args + outcome + object) {
			list = append(list, []any{job, w.redacted(object), w.redactedJSON(args), w.redactedJSON(outcome)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, args := range list {
		if _, err := w.conn.Exec(w.ctx, setJobTexts, args...); err != nil {
			return err
		}
	}
	return nil
}

func (w *erasing) redacted(text string) string {
	left, _ := w.named.Redact(exam.Canonical(text), false)
	var out string
	if read(string(left), &out) != nil {
		return store.ErasedWord
	}
	return out
}

func (w *erasing) redactedJSON(text string) string {
	if text == "" {
		return ""
	}
	left, _ := w.named.Redact([]byte(text), false)
	return string(left)
}
