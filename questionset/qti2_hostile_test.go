//go:build !race

package questionset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"shiken/devtools/effort"
	"shiken/questionset"
)

// TestHostileQTI2 reads items made to exhaust time: rules with more answers than can be gone through,
// rules that take long for each, and deep expressions.
func TestHostileQTI2(t *testing.T) {
	effort.Whole(t, "rules without end")
	letters := strings.Split("abcdefghijk", "")
	member := func(i int) string {
		return scoredIf("<member>"+qtiBase("identifier", string(rune('A'+i%11)))+qtiVariable("RESPONSE")+"</member>", qtiAdd("1"))
	}
	var many, gaps, declared []string
	for i := range 5_000 {
		many = append(many, member(i))
	}
	for i := range 100 {
		id := fmt.Sprint("R", i)
		declared = append(declared, qtiDeclare(id, "single", "string", qtiMapping("", strings.Split(strings.Repeat("w=1 ", 150)+"v=1", " ")...)))
		gaps = append(gaps, `<p><textEntryInteraction responseIdentifier="`+id+`"/></p>`)
	}
	eleven := qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A"))
	for name, item := range map[string]string{
		"many conditions": qtiItem(eleven, qtiChoices(`maxChoices="0"`, letters...), qtiRule(many...)),
		"deep expression": qtiItem(eleven, qtiChoices(`maxChoices="0"`, letters...), qtiRule(qtiSetScore(strings.Repeat("<sum>", 190)+qtiBase("float", "1")+strings.Repeat("</sum>", 190)))),
		"growing numbers": qtiItem(eleven, qtiChoices(`maxChoices="0"`, letters...), qtiRule(strings.Repeat(qtiSetScore("<product>"+strings.Repeat(qtiBase("float", "1e99"), 50)+"</product>"), 100))),
		"many gaps":       qtiItem(strings.Join(declared, ""), strings.Join(gaps, ""), qtiRule(qtiSetScore("<sum>"+strings.Repeat(`<mapResponse identifier="R1"/><mapResponse identifier="R2"/>`, 900)+"</sum>"))),
	} {
		t.Run(name, func(t *testing.T) {
			f := bounded(t, "x.xml", item)
			if n := f.Report.Counts; n.Taken != n.NeedsMarker {
				t.Errorf("%+v", n)
			}
		})
	}
	files := map[string]string{}
	for i := range 100 {
		files[fmt.Sprintf("%d.xml", i)] = strings.Replace(qtiItem(eleven, fmt.Sprintf("<p>%d</p>", i)+qtiChoices(`maxChoices="0"`, letters...), qtiRule(many[:300]...)), `"i1"`, fmt.Sprintf(`"i%d"`, i), 1)
	}
	t.Run("a package of such items", func(t *testing.T) {
		f := bounded(t, "x.zip", zipped(t, files))
		if n := f.Report.Counts; n.Taken == 0 || n.Taken == 100 || n.NeedsMarker != n.Taken || f.Report.Sound() || !slices.Contains(codesOf(f), "qti2_file_work") {
			t.Errorf("%+v %v", n, codesOf(f))
		}
	})
}

// TestHostileQTI2Package: what a manifest says is bounded like anything else.
func TestHostileQTI2Package(t *testing.T) {
	cycle := `<assessmentSection identifier="s" title="S"><assessmentSectionRef identifier="x" href="s.xml"/>` + strings.Repeat(qtiRef("none.xml"), 20_000) + "</assessmentSection>"
	f := parse(t, "x.zip", zipped(t, map[string]string{
		"imsmanifest.xml": qtiManifest("test t.xml"), "s.xml": cycle,
		"t.xml": qtiTest(`<assessmentSectionRef identifier="x" href="s.xml"/>`),
	}))
	if n := f.Report.Counts; n.Seen > questionset.MaxQuestions || n.Refused != n.Seen {
		t.Errorf("%+v", n)
	}
}
