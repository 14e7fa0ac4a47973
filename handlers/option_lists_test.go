package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"shiken/exam"
)

// pictured is an option that is a picture.
func pictured(id, alt string) exam.Option {
	picture := fmt.Sprintf(`<img src="data:image/png;base64,iVBORw0KGgo=" alt="%s">`, alt)
	return exam.Option{ID: id, Text: exam.Text{Format: exam.HTML, Source: picture}}
}

// What a select box cannot show stands in a list, and the box has its number there: while the question is
// answered, and where it is read again.
func TestOptionsOfRowsThatArePictures(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	full := exam.FullCredit
	formula := exam.Option{ID: "c", Text: exam.Text{Source: "$x^2$"}}
	gaps := prompts("p", "q")
	gaps[0].Options, gaps[1].Options = []exam.Option{pictured("a", "door"), pictured("b", "")}, options("c", "d")
	s.load([]storeQuestion{
		loaded(0, exam.Question{Type: exam.Matching, Stem: exam.Text{Source: "Match"}, Prompts: prompts("p", "q"),
			Options: []exam.Option{pictured("a", "beam"), pictured("b", ""), formula}}, exam.Key{Revision: 1, Pairs: map[string]string{"p": "a", "q": "b"}}),
		loaded(1, exam.Question{Type: exam.Gaps, Stem: exam.Text{Source: "Fill"}, Prompts: gaps},
			exam.Key{Revision: 1, Gaps: map[string][]exam.TextKey{"p": {{Pattern: "a", Weight: full}}, "q": {{Pattern: "d", Weight: full}}}}),
	})
	s.exam()
	c := s.signedIn("ann")
	attempt := c.start()
	for n, lists := range []int{3, 2} {
		doc := c.question(attempt, n+1).status(http.StatusOK).doc()
		list := doc.Find(".option-list li")
		if list.Length() != lists || doc.Find(".option-list").Length() != 1 {
			t.Fatalf("question %d lists %d options", n+1, list.Length())
		}
		boxes := doc.Find("select").First().Find("option[value!='']")
		boxes.Each(func(i int, o *goquery.Selection) {
			want := fmt.Sprint(i + 1)
			if alt := list.Eq(i).Find("img").AttrOr("alt", list.Eq(i).Text()); alt != "" && list.Eq(i).Find("math").Length() == 0 {
				want += ". " + alt
			}
			if got := o.Text(); got != want && list.Eq(i).Find("math").Length() == 0 {
				t.Errorf("question %d: the box says %q, want %q", n+1, got, want)
			}
		})
		if boxes.Length() != lists {
			t.Errorf("question %d: the box holds %d options", n+1, boxes.Length())
		}
	}
	if words := c.question(attempt, 2).doc().Find("select").Last().Find("option[value!='']").Last().Text(); words != "Option c" && words != "Option d" {
		t.Errorf("where text says it all the box says %q", words)
	}
}

// What a select box called an option by its number has that number on the result: in the answer, in the key, and where
// several are right.
func TestResultHasTheNumbersOfTheSelectBoxes(t *testing.T) {
	s := newSite(t)
	full := exam.FullCredit
	gaps := prompts("p")
	gaps[0].Options = []exam.Option{pictured("a", "door"), pictured("b", ""), pictured("c", "beam")}
	s.load([]storeQuestion{
		loaded(0, exam.Question{Type: exam.Matching, Stem: exam.Text{Source: "Match"}, Prompts: prompts("p", "q"),
			Options: []exam.Option{pictured("a", "beam"), pictured("b", "")}}, exam.Key{Revision: 1, Pairs: map[string]string{"p": "a", "q": "b"}}),
		loaded(1, exam.Question{Type: exam.Gaps, Stem: exam.Text{Source: "Fill"}, Prompts: gaps},
			exam.Key{Revision: 1, Gaps: map[string][]exam.TextKey{"p": {{Pattern: "a", Weight: full}, {Pattern: "b", Weight: full}}}}),
	})
	s.exam(func(d *exam.Definition) { d.Rules.Release.Keys.When = exam.Immediately })
	c := s.signedIn("ann")
	attempt := c.start()
	items := s.stored(attempt).Paper.Items
	numbers := map[string]string{} // of the options on the paper, by question and option
	for n, rows := range []int{2, 1} {
		form := with(c.question(attempt, n+1).form(), "action", "save")
		for i := range rows {
			p := items[n].Prompts[i]
			form.Set("answer."+p.Key, p.Values[0].Value)
			for place, choice := range p.Values {
				numbers[itoa(n+1)+choice.Option] = itoa(place + 1)
			}
		}
		c.post(questionPath(attempt, n+1), form).status(http.StatusSeeOther)
	}
	c.submit(attempt)
	s.mark()
	result := c.get(attempt + "/result").status(http.StatusOK).doc()
	lines := func(n, list int) (texts []string) {
		result.Find("#question-" + itoa(n)).Find(".answer-lines").Eq(list).Find("li").Each(func(_ int, l *goquery.Selection) {
			texts = append(texts, strings.TrimSpace(l.Find(".answer-number, .typed").Text()))
		})
		return texts
	}
	for _, own := range [][]string{lines(1, 0), lines(2, 0)} {
		for _, number := range own {
			if number != "1." {
				t.Errorf("the answer's options are %q, want those numbered 1", own)
			}
		}
	}
	var want []string
	for _, p := range items[0].Prompts {
		want = append(want, numbers["1"+map[string]string{"p": "a", "q": "b"}[p.Prompt]]+".")
	}
	if got := lines(1, 1); !slices.Equal(got, want) {
		t.Errorf("the key of the matching is %q, want %q", got, want)
	}
	both := []string{numbers["2a"] + ". door", numbers["2b"] + "."}
	slices.Sort(both)
	if got := lines(2, 1); len(got) != 1 || got[0] != strings.Join(both, " / ") {
		t.Errorf("the key of the gap is %q, want %q", got, both)
	}
}
