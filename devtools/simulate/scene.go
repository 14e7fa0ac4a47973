package simulate

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"shiken/devtools/secrets"
	"shiken/exam"
	"shiken/store"
)

// candidate is one person with some devices, each with some tabs.
type candidate struct {
	*world
	number  int
	user    store.User
	exam    string
	linear  bool
	devices []*device

	mu       sync.Mutex
	attempts []string // that this candidate knows of, in the order of their numbers
	paper    *exam.Paper
	opening  int
	shaky    time.Duration // a sign-in that is sent until then may be ended by a kick that is under way
	closed   bool          // the attempt that is worked on, as far as anybody was told
}

// password is everybody's. Its hash is a cheap one: what a sign-in costs is not simulated.
const password = "correct horse"

var passwordHash = sync.OnceValue(func() string {
	h, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16})
	must(err)
	return h
})

// slugs are the exams; who sits which is decided by number.
var slugs = []string{"free", "linear", "practice"}

const questions = 5

// candidates sit the exams, each with two tabs that share their browser's cookie; some have a second
// browser besides.
const candidates = 8

// furnish stores questions, exams and people.
func (w *world) furnish() {
	ctx, c := context.Background(), w.dice.at("scene")
	_, err := w.db.PutQuestions(ctx, "basics", w.loaded())
	must(err)
	for _, slug := range slugs {
		d := w.definition(slug, c)
		w.allowed[slug], w.exams[slug] = d.Attempts, d
		must(w.db.PutDefinition(ctx, d))
		pools, err := w.db.LoadPools(ctx, &d)
		must(err)
		for _, q := range pools[0] {
			w.numbers[q.Version] = strings.TrimPrefix(q.Question.Stem.Source, "Stem ")
		}
	}
	for i := range candidates {
		w.people = append(w.people, w.newCandidate(i, c))
	}
}

// types are those of the questions.
var types = [questions]exam.QuestionType{exam.ShortText, exam.SingleChoice, exam.Essay, exam.MultipleChoice, exam.ShortText}

func (w *world) loaded() []store.LoadedQuestion {
	out := make([]store.LoadedQuestion, questions)
	for i, typ := range types {
		n := strconv.Itoa(i + 1)
		q := exam.Question{Type: typ, Stem: exam.Text{Source: "Stem " + n}}
		if typ.IsChoice() {
			q.Options = options("a", "b", "c")
		}
		out[i] = store.LoadedQuestion{
			SourceKey: n, Number: n, Question: q, Key: w.keyOf(i, w.OtherKeys), ContentHash: fmt.Sprintf("%064d", i),
			Feedback: w.feedbackOn(n),
		}
	}
	return out
}

// keyOf is one of two keys of a question, with a secret wherever there is text.
func (w *world) keyOf(i int, other bool) exam.Key {
	k := exam.Key{Revision: 1}
	n := strconv.Itoa(i + 1)
	right, pattern, some := "b", "*1*", exam.FullCredit/2
	if other {
		right, pattern, some = "c", "*2*", exam.FullCredit/3
	}
	switch typ := types[i]; {
	case typ == exam.Essay:
		k.Guide = exam.Text{Source: secrets.Secret{Kind: secrets.Guide, Of: n}.String()}
	case typ.IsChoice():
		k.Options = map[string]int{right: exam.FullCredit}
		if other && typ == exam.MultipleChoice {
			k.Options["a"] = exam.FullCredit // more of them are right
		}
	default:
		k.Texts = []exam.TextKey{
			{Pattern: pattern, Weight: exam.FullCredit}, {Pattern: "*3*", Weight: some},
			{Pattern: secrets.Secret{Kind: secrets.Key, Of: n}.String(), Weight: 1},
		}
	}
	return k
}

// feedbackOn is what is said of a question when it may be.
func (w *world) feedbackOn(n string) exam.Feedback {
	why, note := secrets.Secret{Kind: secrets.Explanation, Of: n}.String(), secrets.Secret{Kind: secrets.Note, Of: n}.String()
	if w.OtherKeys {
		why = strings.Repeat(why, 9)
	}
	return exam.Feedback{
		Explanation: exam.Text{Source: why}, Options: map[string]exam.Text{"a": {Source: note}, "b": {Source: note}},
	}
}

func options(ids ...string) []exam.Option {
	var out []exam.Option
	for _, id := range ids {
		out = append(out, exam.Option{ID: id, Text: exam.Text{Source: "Option " + id}})
	}
	return out
}

// definition is an exam that is over before the run is, if it has a limit.
func (w *world) definition(slug string, c *chance) exam.Definition {
	d := exam.Definition{
		Slug: slug, Title: exam.Title{"en": slug}, Published: true, OpenTo: []string{exam.Everyone}, Attempts: 3 * c.pick(2),
		Rules: exam.Rules{
			Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: exam.Micros(8+c.pick(20)) * exam.Micros(w.Play*1_000/wholePlay) * exam.Millisecond,
			Grace:   exam.Micros(c.pick(6)) * exam.Second,
			Release: w.release(slug), PassMark: 40, Devices: w.deviceRule(slug),
		},
		Shuffle:  exam.Shuffle{Questions: true, Options: true},
		Sections: []exam.SectionDefinition{{From: exam.Source{Set: "basics"}, Points: exam.FullCredit, Wrong: exam.FullCredit / 4, Multiple: exam.Partial}},
	}
	switch slug {
	case "linear":
		d.Rules.Navigation = exam.Linear
	case "practice":
		d.Rules.Feedback = exam.PracticeFeedback
		if c.hit(0.5) {
			d.Rules.TimeLimit = 0
		}
	}
	return d
}

// deviceRule lets every device write, or one at a time: by chance, which nothing else depends on.
func (w *world) deviceRule(slug string) exam.Devices {
	if w.dice.at("devices of " + slug).hit(0.2) {
		return exam.OneDevice
	}
	return exam.AnyDevice
}

// release is when results are told: at once or never, each by chance.
func (w *world) release(slug string) exam.ReleaseRules {
	c := w.dice.at("release of " + slug)
	told := func(probability float64) exam.Release {
		if c.hit(probability) && !w.Sealed {
			return exam.Release{When: exam.Immediately}
		}
		return exam.Release{When: exam.Never}
	}
	return exam.ReleaseRules{Score: told(0.7), Answers: told(0.7), Keys: told(0.5)}
}

// sat lists the exams that candidates sit.
func (w *world) sat() []string {
	if w.Sealed {
		return slugs[:2] // who practises is told the keys
	}
	return slugs
}

func (w *world) newCandidate(i int, c *chance) *candidate {
	p := &candidate{world: w, number: i, exam: w.sat()[i%len(w.sat())], opening: 1}
	p.linear = p.exam == "linear"
	p.user = store.User{
		ID: c.uuid(), Username: fmt.Sprintf("candidate%d", i), Name: "Name " + secrets.Secret{Kind: secrets.Name, Of: strconv.Itoa(i)}.String(), PasswordHash: passwordHash(),
		Roles: []store.Role{store.RoleCandidate}, ExtraPercent: 25 * c.pick(2),
	}
	must(w.db.CreateUser(context.Background(), p.user))
	for d := range 1 + c.pick(2) {
		p.devices = append(p.devices, &device{candidate: p, number: d})
		p.devices[d].tabs = max(1+c.pick(2), 2-d)
	}
	return p
}

// act lets every tab of the candidate do something now and then, until the play is over.
func (p *candidate) act() {
	n := 0
	for _, d := range p.devices {
		for range d.tabs {
			t := &tab{device: d, number: n, chance: p.dice.at("tab"), sheets: map[int]*sheet{}, revs: map[int]int64{}}
			n++
			p.tasks.Go(t.live)
		}
	}
}

// known is the attempt that the candidate works on, "" before there is one.
func (p *candidate) known() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.attempts) == 0 {
		return ""
	}
	return p.attempts[len(p.attempts)-1]
}

// learn makes an attempt the one to work on.
func (p *candidate) learn(attempt string) {
	snap, err := p.db.LoadAttempt(context.Background(), store.AttemptQuery{Attempt: attempt})
	if err != nil {
		return // the history's check finds that somebody was led there
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opening, p.closed = snap.Attempt.Opening, !snap.Attempt.Status.Open()
	for _, a := range p.attempts {
		if a == attempt {
			return
		}
	}
	p.attempts, p.paper = append(p.attempts, attempt), snap.Paper
}

// shakes notes until when a kick may end sign-ins.
func (p *candidate) shakes(until time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shaky = until
}

// isShaky: a sign-in that was sent at that time may have been ended since.
func (p *candidate) isShaky(sent time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return sent <= p.shaky
}

// isClosed: nothing can be written any more, as far as the candidate was told.
func (p *candidate) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// seen counts the attempts that the candidate knows of.
func (p *candidate) seen() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.attempts)
}

// item is a question of the paper of the attempt that is worked on, nil beyond it.
func (p *candidate) item(position int) *exam.Item {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.paper == nil {
		return nil
	}
	return p.paper.Item(position)
}

func (p *candidate) openingNow() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.opening
}

// thinking is the time between two actions of a tab. Now and then all act at the same time.
func (t *tab) thinking() time.Duration {
	const bell = 2 * time.Second
	switch {
	case t.hit(0.3):
		return bell - t.now()%bell + t.between(0, 1500*time.Microsecond)
	case t.hit(0.2):
		return t.between(time.Millisecond, 300*time.Millisecond)
	}
	return t.between(500*time.Millisecond, 6*time.Second)
}
