package handlers_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/accounts"
	"shiken/exam"
	"shiken/proctor"
	"shiken/sessionguard"
	"shiken/store"
	"shiken/templates"
)

const password = "correct horse"

// passwordHash is made once.
var passwordHash = sync.OnceValues(func() (string, error) { return hasher.Hash(context.Background(), password) })

// user makes somebody with roles, a candidate if none are named.
func (s *site) user(name string, roles ...store.Role) store.User {
	s.t.Helper()
	if len(roles) == 0 {
		roles = []store.Role{store.RoleCandidate}
	}
	hash, err := passwordHash()
	must(s.t, err)
	u := store.User{
		ID: uuid.NewString(), Username: name, Name: "Name of " + name, PasswordHash: hash,
		Roles: roles,
	}
	must(s.t, s.store.CreateUser(context.Background(), u))
	s.users[name] = u
	return u
}

// signedIn is a new browser of a user, who is made if need be: its sign-in row and session are
// written directly, as the sign-in form would, but for the price of the password.
func (s *site) signedIn(name string) *client {
	s.t.Helper()
	u, ok := s.users[name]
	if !ok {
		u = s.user(name)
	}
	token := newToken()
	row, err := accounts.Verdict{User: u}.Begin(context.Background(), s.store, sessionguard.HashToken(token))
	must(s.t, err)
	c := s.withToken(token)
	c.signIn = row.ID
	s.keepSession(token, map[string]any{"sign_in": row.ID})
	return c
}

func newToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// withToken is a browser with a session cookie.
func (s *site) withToken(token string) *client {
	s.t.Helper()
	c := s.client()
	c.token = token
	at, err := url.Parse(s.url)
	must(s.t, err)
	c.http.Jar.SetCookies(at, []*http.Cookie{{Name: "shiken_session", Value: token, Path: "/"}})
	s.secrets = append(s.secrets, token)
	return c
}

// keepSession writes a session behind the guard's back.
func (s *site) keepSession(token string, values map[string]any) {
	s.t.Helper()
	until := time.Now().Add(time.Hour)
	data, err := sessionguard.Codec{}.Encode(until, values)
	must(s.t, err)
	must(s.t, s.mem.Commit(sessionguard.HashToken(token), data, until))
}

// questions loads n single-choice questions whose right option is "b", into set "basics".
func (s *site) questions(n int) {
	s.t.Helper()
	var out []store.LoadedQuestion
	for i := range n {
		out = append(out, loaded(i, exam.Question{
			Type: exam.SingleChoice, Stem: exam.Text{Source: fmt.Sprintf("Stem %d", i+1)}, Options: options("a", "b", "c"),
		}, exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit}}))
	}
	s.load(out)
}

func (s *site) load(questions []store.LoadedQuestion) {
	s.t.Helper()
	_, err := s.store.PutQuestions(context.Background(), "basics", questions)
	must(s.t, err)
}

func loaded(i int, q exam.Question, k exam.Key) store.LoadedQuestion {
	return store.LoadedQuestion{
		SourceKey: fmt.Sprint(i + 1), Number: fmt.Sprint(i + 1), Question: q, Key: k,
		Feedback:    exam.Feedback{Explanation: exam.Text{Source: fmt.Sprintf("Because %d", i+1)}},
		ContentHash: fmt.Sprintf("%064d", i),
	}
}

func options(ids ...string) []exam.Option {
	var out []exam.Option
	for _, id := range ids {
		out = append(out, exam.Option{ID: id, Text: exam.Text{Source: "Option " + id}})
	}
	return out
}

func prompts(ids ...string) []exam.Prompt {
	var out []exam.Prompt
	for _, id := range ids {
		out = append(out, exam.Prompt{ID: id, Text: exam.Text{Source: "Prompt " + id}})
	}
	return out
}

// everyType is one question of each type, in this order.
var everyType = []exam.QuestionType{
	exam.SingleChoice, exam.MultipleChoice, exam.TrueFalse, exam.ShortText, exam.Numeric, exam.Essay,
	exam.Matching, exam.Ordering, exam.Gaps, exam.Description,
}

// questionsOfEveryType loads one question of each type.
func (s *site) questionsOfEveryType() {
	s.t.Helper()
	full := exam.FullCredit
	keys := map[exam.QuestionType]exam.Key{
		exam.SingleChoice:   {Options: map[string]int{"b": full}},
		exam.MultipleChoice: {Options: map[string]int{"a": full, "b": full}},
		exam.TrueFalse:      {Options: map[string]int{"true": full}},
		exam.ShortText:      {Texts: []exam.TextKey{{Pattern: "tokyo", Weight: full}}},
		exam.Numeric:        {Numbers: []exam.NumberKey{{Min: "2", Max: "3", Weight: full}}},
		exam.Matching:       {Pairs: map[string]string{"p": "a", "q": "b"}},
		exam.Ordering:       {Order: []string{"p", "q", "r"}},
		exam.Gaps:           {Gaps: map[string][]exam.TextKey{"p": {{Pattern: "one", Weight: full}}, "q": {{Pattern: "b", Weight: full}}}},
	}
	var out []store.LoadedQuestion
	for i, typ := range everyType {
		q := exam.Question{Type: typ, Stem: exam.Text{Source: fmt.Sprintf("Stem of %s", typ)}}
		switch typ {
		case exam.SingleChoice, exam.MultipleChoice:
			q.Options = options("a", "b", "c")
		case exam.TrueFalse:
			q.Options = []exam.Option{{ID: "true"}, {ID: "false"}}
		case exam.Numeric:
			q.Unit = "m"
		case exam.Matching:
			q.Options, q.Prompts = options("a", "b", "c"), prompts("p", "q")
		case exam.Ordering:
			q.Prompts = prompts("p", "q", "r")
		case exam.Gaps:
			q.Prompts = prompts("p", "q")
			q.Prompts[1].Options = options("a", "b")
		}
		k := keys[typ]
		k.Revision = 1
		out = append(out, loaded(i, q, k))
	}
	s.load(out)
}

// exam stores a published exam over the whole set, open to everyone; changes adapt it.
func (s *site) exam(changes ...func(*exam.Definition)) {
	s.t.Helper()
	d := exam.Definition{
		Slug: "test", Title: exam.Title{"en": "A test", "ja": "試験"}, Published: true, OpenTo: []string{exam.Everyone},
		Rules: exam.Rules{
			Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: 30 * exam.Minute, Grace: 10 * exam.Second,
			Release: exam.ReleaseRules{
				Score: exam.Release{When: exam.Immediately}, Answers: exam.Release{When: exam.Immediately},
				Keys: exam.Release{When: exam.Never},
			},
		},
		Sections: []exam.SectionDefinition{{From: exam.Source{Set: "basics"}, Points: exam.FullCredit, Multiple: exam.Partial}},
	}
	for _, change := range changes {
		change(&d)
	}
	must(s.t, s.store.PutDefinition(context.Background(), d))
}

func linear(d *exam.Definition)   { d.Rules.Navigation = exam.Linear }
func practice(d *exam.Definition) { d.Rules.Feedback = exam.PracticeFeedback }
func untimed(d *exam.Definition)  { d.Rules.TimeLimit = 0 }

// shape is what pages differ by.
type shape struct {
	navigation exam.Navigation
	feedback   exam.FeedbackMode
	lang       string
}

func (sh shape) rules(d *exam.Definition) {
	d.Rules.Navigation, d.Rules.Feedback = sh.navigation, sh.feedback
}

func (sh shape) isFree() bool { return sh.navigation == exam.Free }

// inEveryShape runs a test in free and linear, exam and practice, Japanese and English.
func inEveryShape(t *testing.T, test func(*testing.T, shape)) {
	inShapes(t, func(shape) bool { return true }, test)
}

// inShapes runs a test in the shapes that it is about.
func inShapes(t *testing.T, about func(shape) bool, test func(*testing.T, shape)) {
	for _, n := range []exam.Navigation{exam.Free, exam.Linear} {
		for _, f := range []exam.FeedbackMode{exam.ExamFeedback, exam.PracticeFeedback} {
			for _, lang := range []string{"ja", "en"} {
				if sh := (shape{n, f, lang}); about(sh) {
					t.Run(fmt.Sprintf("%s_%s_%s", n, f, lang), func(t *testing.T) { test(t, sh) })
				}
			}
		}
	}
}

// sat is a site with n single-choice questions, the exam over them, and ann, who has started it.
func sat(t *testing.T, n int, changes ...func(*exam.Definition)) (s *site, c *client, attempt string) {
	t.Helper()
	s = newSite(t)
	s.questions(n)
	s.exam(changes...)
	c = s.signedIn("ann")
	return s, c, c.start()
}

// beganAt begins an attempt of a user at a time of the past, and returns its path.
func (s *site) beganAt(name string, ago exam.Micros) string {
	s.t.Helper()
	ctx := context.Background()
	u, ok := s.users[name]
	if !ok {
		u = s.user(name)
	}
	state, err := s.store.LoadStart(ctx, "test", u.ID)
	must(s.t, err)
	pools, err := s.store.LoadPools(ctx, &state.Definition)
	must(s.t, err)
	paper, err := exam.Draw(exam.DrawRequest{
		Attempt: uuid.NewString(), Candidate: u.ID, Seed: exam.Seed{1}, Definition: &state.Definition, Pools: pools,
	})
	must(s.t, err)
	a, o, err := exam.Begin(&paper, uuid.NewString(), "", proctor.NewSalt(), state.Now.Add(-ago))
	must(s.t, err)
	must(s.t, s.store.Create(ctx, store.NewAttempt{
		Attempt: a, Paper: paper, Number: len(state.Attempts) + 1, Outcome: o,
	}))
	return templates.AttemptPath(a.ID)
}

// admin gives a command of an admin, which must be applied.
func (s *site) admin(path string, c exam.Command) {
	s.t.Helper()
	c.ID, c.Actor, c.Salt = uuid.NewString(), exam.Actor{Role: exam.Admin, ID: "admin"}, proctor.NewSalt()
	q := store.AttemptQuery{Attempt: strings.TrimPrefix(path, "/attempts/"), Command: c.ID, All: true}
	_, o, err := store.Update(context.Background(), s.store, q,
		func(snap *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
			return exam.Apply(snap.Paper, snap.Attempt, c, snap.Now)
		})
	must(s.t, err)
	if o.Result != exam.Applied {
		s.t.Fatalf("%s: %s %s", c.Kind, o.Result, o.Reason)
	}
}

type storeQuestion = store.LoadedQuestion

func contains(text, part string) bool { return strings.Contains(text, part) }
