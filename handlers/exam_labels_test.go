package handlers_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/store"
)

// labelled has options that are shuffled, with labels, and one that speaks of the others.
func labelled(s *site, labels exam.OptionLabels, last string) {
	s.t.Helper()
	q := exam.Question{Type: exam.MultipleChoice, Stem: exam.Text{Source: "Stem"}, Options: options("a", "b", "c")}
	q.Options = append(q.Options, exam.Option{ID: "d", Text: exam.Text{Source: last}})
	s.load([]store.LoadedQuestion{loaded(0, q, exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit, "d": exam.FullCredit}})})
	s.exam(func(d *exam.Definition) {
		d.Labels, d.Shuffle = labels, exam.Shuffle{Options: true}
		d.Rules.Release.Keys.When = exam.Immediately
	})
}

// R14: labels follow the order on the paper and stand on it, whatever becomes of the exam: before the
// options, and before what was chosen and what is right.
func TestOptionLabelsOnEveryPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	labelled(s, exam.Katakana, "None of these")
	s.user("ann")
	c := s.signedIn("ann")
	attempt := c.start()
	s.exam(func(d *exam.Definition) { d.Labels = exam.NoLabels })
	page := c.question(attempt, 1)
	var letters []string
	byText := map[string]string{}
	page.doc().Find("label.choice").Each(func(_ int, l *selection) {
		letter := strings.TrimSuffix(strings.TrimSpace(l.Find(".option-letter").Text()), ".")
		letters = append(letters, letter)
		byText[strings.TrimSpace(l.Find(".rich").Text())] = letter
	})
	if got := strings.Join(letters, ""); got != "アイウエ" || byText["None of these"] != "エ" {
		t.Fatalf("labels %q: %v", got, byText)
	}
	c.answers(page, 2, "save").status(http.StatusSeeOther)
	c.submit(attempt)
	s.mark()
	lines := c.get(attempt + "/result").status(http.StatusOK).doc().Find(".result-question .answer-lines li")
	if n := lines.Length(); n != 3 {
		t.Errorf("%d lines, want the answer and two right ones", n)
	}
	lines.Each(func(_ int, l *selection) {
		text := strings.TrimSpace(l.Find(".rich, .typed").Text())
		if got := strings.TrimSuffix(strings.TrimSpace(l.Find(".option-letter").Text()), "."); got == "" || got != byText[text] {
			t.Errorf("%q is labelled %q, on the question's page %q", text, got, byText[text])
		}
	})
}

// An author is told in the preview and in the bank why options are not shuffled.
func TestKeptOrderIsTold(t *testing.T) {
	t.Parallel()
	for last, want := range map[string]string{
		"A and C": "names others", "All of the above": "keeps its place", "Option d": "",
	} {
		s, c := desked(t)
		labelled(s, exam.Letters, last)
		list, _, err := s.store.SetQuestions(context.Background(), store.SetQuery{Set: "basics", Limit: 9})
		must(t, err)
		for where, page := range map[string]*answer{"preview": c.beginsPreview(), "bank": c.get("/author/questions/" + list[0].Identity).status(http.StatusOK)} {
			if got := page.doc().Find("[data-kept-order]").Text(); !contains(got, want) || (got == "") != (want == "") {
				t.Errorf("%s of %q: %q, want %q", where, last, got, want)
			}
		}
	}
}

// seenOptions reads what a candidate sees of the options of a question: by their text, what they are called.
func seenOptions(page *answer) map[string]string {
	out := map[string]string{}
	page.doc().Find("label.choice").Each(func(_ int, l *selection) {
		out[strings.TrimSpace(l.Find(".rich").Text())] = strings.TrimSpace(l.Find(".option-letter").Text())
	})
	return out
}

// R14: a result words the candidate's answer, the key and what explains it with the labels and in the order of the
// candidate's own paper, for every type that has labels; true and false have none.
func TestResultHasTheLabelsOfThePaper(t *testing.T) {
	for _, labels := range []exam.OptionLabels{exam.Letters, exam.Numbers, exam.Katakana} {
		s := newSite(t)
		s.questionsOfEveryType()
		s.exam(func(d *exam.Definition) {
			d.Labels, d.Shuffle = labels, exam.Shuffle{Options: true}
			d.Rules.Release.Keys.When = exam.Immediately
		})
		c := s.signedIn("ann")
		attempt := c.start()
		seen := map[int]map[string]string{}
		for n, values := range map[int][]int{1: {0}, 2: {2, 0, 1}, 3: {1}} {
			page := c.question(attempt, n)
			seen[n] = seenOptions(page)
			form := with(page.form(), "action", "save", "-answer", "")
			for _, i := range values {
				form.Add("answer", page.choices()[i])
			}
			c.post(questionPath(attempt, n), form).status(http.StatusSeeOther)
		}
		c.submit(attempt)
		s.mark()
		s.exam(func(d *exam.Definition) { d.Labels = exam.NoLabels })
		result := c.get(attempt + "/result").status(http.StatusOK)
		for n, counts := range map[int][2]int{1: {1, 1}, 2: {3, 2}, 3: {1, 1}} {
			question := result.doc().Find("#question-" + itoa(n))
			if !contains(question.Text(), "Because "+itoa(n)) {
				t.Errorf("%s: question %d is not explained", labels, n)
			}
			for i, what := range []string{"answer", "key"} {
				var places []string
				question.Find(".answer-lines").Eq(i).Find("li").Each(func(_ int, l *selection) {
					letter, text := strings.TrimSpace(l.Find(".option-letter").Text()), strings.TrimSpace(l.Find(".rich, .typed").Text())
					if hasLabels := n != 3; (letter != "") != hasLabels || letter != seen[n][text] {
						t.Errorf("%s, question %d, %s: %q is %q, and was %q", labels, n, what, text, letter, seen[n][text])
					}
					places = append(places, letter)
				})
				if len(places) != counts[i] || !slices.IsSorted(places) {
					t.Errorf("%s, question %d: the %s is in the order %q", labels, n, what, places)
				}
			}
		}
	}
}
