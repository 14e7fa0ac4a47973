package questionset_test

import (
	"bytes"
	"slices"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// A correction of a key that no file can say is told, once for all questions; and that QTI makes HTML of texts.
func TestCorrectedKeysAreTold(t *testing.T) {
	question := func(stem string, treatment exam.Treatment, either ...exam.Key) questionset.Question {
		q := questionset.Question{SourceKey: stem, Number: stem}
		q.Question = exam.Question{Type: exam.SingleChoice, Stem: exam.Text{Source: stem},
			Options: []exam.Option{{ID: "a", Text: exam.Text{Source: "x"}}, {ID: "b", Text: exam.Text{Source: "y"}}}}
		q.Key = exam.Key{Revision: 2, Options: map[string]int{"a": exam.FullCredit}, Treatment: treatment, Either: either}
		return q
	}
	set := &questionset.Set{Name: "s", Questions: []questionset.Question{
		question("1", exam.ByKey), question("2", exam.FullMarks), question("3", exam.Excluded),
		question("4", exam.ByKey, exam.Key{Options: map[string]int{"b": exam.FullCredit}}),
	}}
	for _, format := range questionset.WriteFormats() {
		var b bytes.Buffer
		r, err := questionset.Write(&b, format, set)
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]string{}
		for _, x := range r.Findings {
			said[string(x.Code)] = x.Args["count"] + ": " + x.Args["places"]
		}
		if said["export_treatment"] != "2: 2, 3" {
			t.Errorf("%s: of the treatment it says %q", format, said["export_treatment"])
		}
		if want := map[bool]string{true: "", false: "1: 4"}[format == questionset.Native]; said["export_either"] != want {
			t.Errorf("%s: of keys beside the key it says %q", format, said["export_either"])
		}
		if html := said["qti2_out_html"]; (html == "4: ") != (format == questionset.QTI2) {
			t.Errorf("%s: of HTML it says %q", format, html)
		}
		if r.Counts.Taken != 4 {
			t.Errorf("%s: %+v", format, r.Counts)
		}
	}
	if !slices.Contains(questionset.WriteFormats(), questionset.QTI2) {
		t.Error("QTI is not written")
	}
}
