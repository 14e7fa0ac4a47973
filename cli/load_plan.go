package cli

import (
	"context"
	"strings"

	"shiken/cli/phrase"
	"shiken/desk"
	"shiken/internal/worddiff"
	"shiken/richtext"
	"shiken/store"
)

// maxDifferent bounds the questions of a file whose differences are listed.
const maxDifferent = 1_000

// plans finds what loading will do to each set.
func (ld *loading) plans(ctx context.Context, s store.Store) error {
	for _, f := range ld.files {
		if len(f.Names) == 0 {
			continue
		}
		var err error
		if f.plan, err = s.PlanQuestions(ctx, f.Load(f.set, store.LoadChoice{})); err != nil {
			return err
		}
	}
	return nil
}

// planSets says what loading will do to each set, before anything is stored.
func (ld *loading) planSets(ctx context.Context, s store.Store) error {
	for _, f := range ld.files {
		if len(f.Names) == 0 {
			continue
		}
		indexes, total := desk.Differing(&f.plan, maxDifferent)
		questions, err := f.Some(ctx, indexes)
		if err != nil {
			return err
		}
		f.different, err = desk.CompareSome(ctx, s, questions, &f.plan, indexes, richtext.New().Plaintext)
		if err != nil {
			return err
		}
		f.moreDifferent = total - len(indexes)
		if ld.dryRun {
			choice := desk.Retiring(ld.choice, f.File)
			result := desk.Foretold(&f.plan, &choice)
			f.result = &result
		}
	}
	return nil
}

// nameOf is what an author knows the question by.
func nameOf(c *desk.Compared) string {
	for _, name := range []string{c.Loaded.Number, c.Stored.Number} {
		if name != "" {
			return name
		}
	}
	return c.Loaded.SourceKey
}

// differenceLines says in lines what is other in the file than here.
func differenceLines(l phrase.Language, f *fileLoad) []string {
	var lines []string
	for i := range f.different {
		c := &f.different[i]
		for _, d := range c.Differences {
			key := "load.different"
			if d.Part.Scores() {
				key = "load.different.key"
			}
			lines = append(lines, l.T(key, "set", f.set, "question", nameOf(c), "part", partName(l, &d), "text", marked(&d)))
		}
	}
	if f.moreDifferent > 0 {
		lines = append(lines, l.T("load.different_more", "set", f.set, "n", f.moreDifferent))
	}
	return lines
}

// partName names what of a question differs.
func partName(l phrase.Language, d *desk.Difference) string {
	name := l.T("load.part." + string(d.Part))
	if d.Row > 0 {
		return l.T("load.part.row", "part", name, "n", d.Row)
	}
	return name
}

// Lengths of a difference on one line, in characters.
const (
	maxMarked   = 400
	maxUnmarked = 40 // of what both texts have, between two changes
)

// marked writes a difference on one line: what is gone as [-…-], what is new as {+…+}.
func marked(d *desk.Difference) string {
	var b strings.Builder
	for _, s := range worddiff.Diff(oneLine(d.Before), oneLine(d.After)) {
		switch s.Op {
		case worddiff.Deleted:
			b.WriteString("[-" + s.Text + "-]")
		case worddiff.Added:
			b.WriteString("{+" + s.Text + "+}")
		default:
			b.WriteString(middleOut(s.Text))
		}
	}
	if runes := []rune(b.String()); len(runes) > maxMarked {
		return string(runes[:maxMarked]) + "…"
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// middleOut leaves the ends of a long text.
func middleOut(s string) string {
	runes := []rune(s)
	if len(runes) <= maxUnmarked {
		return s
	}
	return string(runes[:maxUnmarked/2]) + "…" + string(runes[len(runes)-maxUnmarked/2:])
}

// jsonQuestion is a question that is other in the file than here.
type jsonQuestion struct {
	Question    string           `json:"question"`
	Identity    string           `json:"identity"`
	Change      store.LoadChange `json:"change"` // changed; edited: here
	Differences []jsonDifference `json:"differences"`
}

// jsonDifference is one difference. Scores: other answers may be right.
type jsonDifference struct {
	desk.Difference
	Scores bool `json:"scores,omitempty"`
}

func differencesJSON(list []desk.Compared) []jsonQuestion {
	var out []jsonQuestion
	for i := range list {
		c := &list[i]
		q := jsonQuestion{Question: nameOf(c), Identity: c.Stored.Identity, Change: c.Change, Differences: []jsonDifference{}}
		for _, d := range c.Differences {
			q.Differences = append(q.Differences, jsonDifference{d, d.Part.Scores()})
		}
		out = append(out, q)
	}
	return out
}
