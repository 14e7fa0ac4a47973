package simulate

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"shiken/devtools/secrets"
	"shiken/exam"
	"shiken/store"
)

// leaks: a reply holds nothing that its candidate may not know yet, no secret and no judgement (R12).
func (d *device) leaks(q *request, r *reply) {
	about := d.subjectOf(q.path)
	for _, s := range secretsIn(r) {
		if !d.mayKnow(s, &about, r) {
			d.fault("R12", "%s %s: %d: told %s", q.method, q.path, r.status, s.Describe())
		}
	}
	for _, j := range judgements {
		if strings.Contains(r.body, j.sign) && !j.mayShow(d, &about, r) {
			d.fault("R12", "%s %s: %d: shows %s", q.method, q.path, r.status, j.what)
		}
	}
	if q.path == "/api/v1/session" && r.status == http.StatusOK {
		if err := strictly(r.body, &apiSession{}); err != nil {
			d.fault("§7", "GET %s: %v in %s", q.path, err, r.body)
		}
	}
}

// apiSession is all that GET /api/v1/session may tell (docs/design.md §7).
type apiSession struct {
	User struct {
		ID, Username, Name string
		Roles              []string
	}
	Owner    string
	Attempts []struct {
		ID, Exam, Status string
		Cursor, Count    int
		Deadline         *string
	}
	ServerTime string `json:"server_time"`
	Stage      int
}

// strictly reads JSON that has no field but those of v.
func strictly(text string, v any) error {
	in := json.NewDecoder(strings.NewReader(text))
	in.DisallowUnknownFields()
	return in.Decode(v)
}

// secretsIn lists those of a reply's headers and body.
func secretsIn(r *reply) []secrets.Secret {
	found := secrets.In(r.body)
	for _, values := range r.header {
		for _, v := range values {
			found = append(found, secrets.In(v)...)
		}
	}
	return found
}

// subject is what a request is about.
type subject struct {
	attempt  string
	page     string // questions, review, result, submit; of no attempt: the whole path
	position int
	release  exam.ReleaseRules // of the candidate's exam
}

func (d *device) subjectOf(path string) subject {
	s := subject{page: path, release: d.exams[d.exam].Rules.Release}
	parts := strings.Split(strings.TrimPrefix(path, "/api/v1"), "/")
	if len(parts) < 4 || parts[1] != "attempts" {
		return s
	}
	s.attempt, s.page, _ = parts[2], parts[3], 0
	s.page, _, _ = strings.Cut(s.page, "?")
	if len(parts) == 5 {
		number, _, _ := strings.Cut(parts[4], "?")
		s.position, _ = strconv.Atoi(number)
	}
	return s
}

// mayKnow: what is the candidate's own, and keys that are released, or of a question that was checked in
// practice.
func (d *device) mayKnow(s secrets.Secret, about *subject, r *reply) bool {
	switch s.Kind {
	case secrets.Answer, secrets.Name:
		return s.Of == strconv.Itoa(d.candidate.number)
	case secrets.Key, secrets.Explanation, secrets.Note:
		return d.keysReleased(about, r) || d.isChecked(about.attempt, func(_ int, it *exam.Item) bool { return d.numbers[it.Version] == s.Of })
	}
	return false
}

// keysReleased: the page is that of a result whose keys are told, and nobody wrote the exam at some moment
// at which it may have been made.
func (d *device) keysReleased(about *subject, r *reply) bool {
	return about.page == "result" && about.release.Keys.When == exam.Immediately &&
		d.db.WasQuiet(d.exam, d.began.Add(r.sent), d.began.Add(r.at))
}

// isChecked: a question of an attempt has been checked by now.
func (d *device) isChecked(attempt string, is func(position int, it *exam.Item) bool) bool {
	snap, err := d.db.LoadAttempt(context.Background(), store.AttemptQuery{Attempt: attempt, All: true})
	if err != nil {
		return false
	}
	for i := range snap.Paper.Items {
		if is(i+1, &snap.Paper.Items[i]) && snap.Attempt.Response(i+1).Checked {
			return true
		}
	}
	return false
}

// judgements are the marks of what follows from keys without repeating them.
var judgements = []struct {
	sign, what string
	mayShow    func(d *device, about *subject, r *reply) bool
}{
	{` data-points="`, "a score", (*device).scoreReleased},
	{`class="question-score">`, "the points of a question", func(d *device, about *subject, r *reply) bool {
		return d.scoreReleased(about, r) && (d.keysReleased(about, r) || d.onlyByHand(about, r))
	}},
	{`class="verdict `, "a verdict", func(d *device, about *subject, r *reply) bool {
		return d.scoreReleased(about, r) || d.checkedHere(about)
	}},
	{` data-feedback`, "what is said of an answer", func(d *device, about *subject, _ *reply) bool { return d.checkedHere(about) }},
}

// scoreReleased: the page is one that tells scores, and they are told. That of the exam tells which attempt counts.
func (d *device) scoreReleased(about *subject, _ *reply) bool {
	pages := []string{"result", "/", "/exams/" + d.exam, "/exams/" + d.exam + "/attempts"}
	return about.release.Score.When == exam.Immediately && slices.Contains(pages, about.page)
}

// pointsThenStem finds the points of a question and the stem that follows them.
var pointsThenStem = regexp.MustCompile(`(?s)class="question-score">.*? id="stem-(\d+)`)

// onlyByHand: own answers are told, and the points that the page tells are those of essays, which a person
// gave: they give no key away.
func (d *device) onlyByHand(about *subject, r *reply) bool {
	snap, err := d.db.LoadAttempt(context.Background(), store.AttemptQuery{Attempt: about.attempt})
	if err != nil || about.release.Answers.When != exam.Immediately {
		return false
	}
	found := pointsThenStem.FindAllStringSubmatch(r.body, -1)
	return len(found) > 0 && !slices.ContainsFunc(found, func(m []string) bool {
		position, err := strconv.Atoi(m[1])
		return err != nil || position < 1 || position > snap.Paper.Len() ||
			snap.Paper.Items[position-1].Type != exam.Essay
	})
}

func (d *device) checkedHere(about *subject) bool {
	return d.isChecked(about.attempt, func(position int, _ *exam.Item) bool { return position == about.position })
}

// random is what differs by chance from one run of a seed to the next.
var random = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|nonce="[^"]*"|[0-9a-f]{64}|` +
	`[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}`)

// keepsWhole notes all of a reply, but for that.
func (w *world) keepsWhole(name string, r *reply) {
	if !w.Sealed || r.at < 0 {
		return
	}
	text := fmt.Sprint(r.status, r.header.Get("Location"), r.body)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.whole[name] = random.ReplaceAllString(text, "?")
}
