package handlers_test

import (
	"fmt"
	"net/http"
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
