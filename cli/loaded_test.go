package cli_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"shiken/cli"
	"shiken/cli/phrase"
	"shiken/exam"
	"shiken/store"
)

// receiving is a store that remembers the questions that were put into it.
type receiving struct {
	store.Store
	put []store.LoadedQuestion
}

func (r *receiving) By(act store.Act) store.Actions {
	return receivingActions{r.Store.By(act), r}
}

type receivingActions struct {
	store.Actions
	from *receiving
}

func (a receivingActions) LoadQuestions(ctx context.Context, load store.QuestionLoad) (store.LoadResult, error) {
	each := load.Each
	load.Each = func(ctx context.Context, fn func(*store.LoadedQuestion) error) error {
		return each(ctx, func(q *store.LoadedQuestion) error {
			a.from.put = append(a.from.put, *q)
			return fn(q)
		})
	}
	return a.Actions.LoadQuestions(ctx, load)
}

// load loads one question file and returns its only question as the store got it, and what the
// store then says of its feedback.
func (sh *shell) load(file string) (store.LoadedQuestion, exam.Feedback) {
	sh.t.Helper()
	var said bytes.Buffer
	to := &receiving{}
	terminal := &cli.Terminal{Out: &said, Err: &said, Language: phrase.English, Open: func(ctx context.Context) (store.Store, error) {
		s, err := sh.open(ctx)
		to.Store = s
		return to, err
	}}
	if code := cli.Run(sh.t.Context(), terminal, "load", []string{file, "--set=s"}); code != cli.ExitOK || len(to.put) != 1 {
		sh.t.Fatalf("exit code %d with %d questions:\n%s", code, len(to.put), &said)
	}
	s := sh.store()
	pools, err := s.LoadPools(sh.t.Context(), &exam.Definition{Sections: []exam.SectionDefinition{{From: exam.Source{Set: "s"}}}})
	if err != nil {
		sh.t.Fatal(err)
	}
	keys, err := s.Keys(sh.t.Context(), []string{pools[0][0].Version})
	if err != nil {
		sh.t.Fatal(err)
	}
	return to.put[0], keys[pools[0][0].Version].Feedback
}

// TestNothingOfAQuestionIsLost: all that a file says of a question reaches the store.
func TestNothingOfAQuestionIsLost(t *testing.T) {
	t.Run("csv", func(t *testing.T) {
		sh := newShell(t)
		q, feedback := sh.load(sh.file("q.csv", csvHeader+"7,構造,2019,Stem?,p,q,r,s,B,because,白書 p.3,hard\n"))
		if q.Number != "7" || q.Category != "構造" || q.Year != 2019 || q.Reference != "白書 p.3" || q.Difficulty != "hard" {
			t.Errorf("the store got %+v", q)
		}
		if feedback.Explanation.Source != "because" {
			t.Errorf("the store says %+v", feedback)
		}
	})
	t.Run("gift", func(t *testing.T) {
		sh := newShell(t)
		q, feedback := sh.load(sh.file("q.gift", "$CATEGORY: $course$/top/Cats\n\n// [id:q-1] [tag:easy] [tag:2020]\n"+
			"::Colour::Which? {=black#right so ~white#look again ~green####because}\n"))
		if q.Number != "q-1" || q.Category != "Cats" || !slices.Equal(q.Tags, []string{"easy", "2020"}) {
			t.Errorf("the store got %+v", q)
		}
		if feedback.Explanation.Source != "because" || feedback.Options["a"].Source != "right so" ||
			feedback.Options["b"].Source != "look again" || len(feedback.Options) != 2 {
			t.Errorf("the store says %+v", feedback)
		}
	})
}
