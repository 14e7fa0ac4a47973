package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// school fills an installation that does not run, so that the pages of staff
// have something to show: a class, an exam of a week ago and one that is being
// sat. The store writes it as the program would, at times that lie back.
type school struct {
	store   store.Store
	now     exam.Instant
	admin   store.User
	pupils  []store.User
	turn    []int    // in which order what happens to pupils is given out
	signIns []string // of those who are at their computers
	chance  *rand.Rand
}

const (
	classroom = "情報2年"
	present   = 38 // pupils who have signed in, of all
)

// furnish makes people and exams.
func furnish(ctx context.Context, s store.Store) (*school, error) {
	c := &school{store: s, now: exam.Instant(time.Now().UnixMicro()), chance: rand.New(rand.NewPCG(7, 7))}
	for _, step := range []func(context.Context) error{c.people, c.arrive, c.lastWeek, c.today} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// act is what the audit log says of it.
func (c *school) act(action store.Action, object string, details any) store.Act {
	return store.Act{Actor: c.admin.ID, ActorName: c.admin.Username, Action: action, Object: object, Details: details}
}

func (c *school) people(ctx context.Context) error {
	var err error
	if c.admin, err = c.store.UserByName(ctx, "admin"); err != nil {
		return err
	}
	families := []string{"佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤", "山本", "中村", "小林", "加藤"}
	given := []string{"葵", "蓮", "陽菜", "湊"}
	var changes []store.RosterChange
	for i := range len(families) * len(given) {
		u := store.User{
			ID: uuid.NewString(), Username: fmt.Sprintf("j26%02d", i+1), Name: families[i%len(families)] + " " + given[i/len(families)],
			Roles: []store.Role{store.RoleCandidate}, PasswordHash: "$argon2id$", Groups: []string{classroom},
		}
		if i%17 == 4 {
			u.ExtraPercent = 25
		}
		c.pupils = append(c.pupils, u)
		changes = append(changes, store.RosterChange{User: u, New: true})
	}
	c.turn = c.chance.Perm(len(c.pupils))
	details := map[string]any{"file": "名簿.csv", "new": len(changes)}
	return c.store.By(c.act(store.ActImportUsers, "", details)).PutUsers(ctx, changes)
}

// arrive signs most pupils in.
func (c *school) arrive(ctx context.Context) error {
	agents := []string{
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
		"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
	}
	for i, u := range c.those(present) {
		s := store.SignIn{
			ID: uuid.NewString(), User: u.ID, TokenHash: fmt.Sprintf("%064x", i), Created: c.now.Add(-35 * exam.Minute),
			LastSeen: c.now.Add(-6 * exam.Minute), Agent: agents[i%len(agents)], Address: fmt.Sprintf("10.0.12.%d", 20+i),
		}
		if err := c.store.CreateSignIn(ctx, s); err != nil {
			return err
		}
		if i < silent || i >= silent+3 {
			c.signIns = append(c.signIns, s.ID)
		}
	}
	return nil
}

// those are the first n pupils in the order of turn.
func (c *school) those(n int) []store.User {
	out := make([]store.User, n)
	for i, k := range c.turn[:n] {
		out[i] = c.pupils[k]
	}
	return out
}

// stay says that those who are present were heard from just now.
func (c *school) stay(ctx context.Context) error {
	seen, now := map[string]exam.Instant{}, exam.Instant(time.Now().UnixMicro())
	for _, id := range c.signIns {
		seen[id] = now
	}
	return c.store.Seen(ctx, seen)
}

// publish makes an exam of two sections.
func (c *school) publish(ctx context.Context, slug string, title exam.Title, window exam.Window) (*sitting, error) {
	byHand := exam.Release{When: exam.Manually}
	section := func(ja, en string) exam.SectionDefinition {
		return exam.SectionDefinition{
			Title: exam.Title{"ja": ja, "en": en}, Draw: 10, From: exam.Source{Set: "sample-ja", Category: []string{ja}},
			Points: exam.FullCredit, Multiple: exam.AllOrNothing, Minimum: 40,
		}
	}
	d := exam.Definition{
		Slug: slug, Title: title, OpenTo: []string{classroom}, Published: true, Attempts: 1,
		Rules: exam.Rules{
			Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: 60 * exam.Minute, Grace: 10 * exam.Second,
			PassMark: 60, Window: window, Release: exam.ReleaseRules{Score: byHand, Answers: byHand, Keys: byHand},
		},
		Shuffle:  exam.Shuffle{Options: true},
		Sections: []exam.SectionDefinition{section("情報セキュリティ", "Security"), section("算数・数学", "Mathematics")},
	}
	if err := c.store.By(c.act(store.ActPublishExam, slug, nil)).PutDefinition(ctx, d); err != nil {
		return nil, err
	}
	return newSitting(ctx, c, d)
}
