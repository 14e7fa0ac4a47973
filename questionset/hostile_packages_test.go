//go:build linux && !race

package questionset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"shiken/devtools/effort"
	"shiken/questionset"
)

// manyFiles is a package of as many small files as one may hold, with a manifest where there is one.
func manyFiles(t *testing.T, manifest, extension string, content func(i int) string) string {
	t.Helper()
	files := map[string]string{}
	if manifest != "" {
		files["imsmanifest.xml"] = manifest
	}
	for i := len(files); i < questionset.MaxEntries; i++ {
		files[fmt.Sprintf("d%d/%d%s", i%100, i, extension)] = content(i)
	}
	return zipped(t, files)
}

// TestHostileManyFiles: a package of ten thousand small files costs no more than any other hostile file, and one of
// as many questions no more memory.
func TestHostileManyFiles(t *testing.T) {
	effort.Whole(t, "packages of 10,000 files")
	t.Parallel() // each file is read by a process of its own, whose own time counts
	var listed strings.Builder
	for i := 1; i < questionset.MaxEntries; i++ {
		fmt.Fprintf(&listed, `<resource identifier="r%d" type="imsqti_item_xmlv2p1" href="d%d/%d.xml"/>`, i, i%100, i)
	}
	manifest := "<manifest><resources>" + listed.String() + "</resources></manifest>"
	item := func(i int) string { return qtiSoundItem(fmt.Sprint("i", i), fmt.Sprint("S", i)) }
	for name, tt := range map[string]struct {
		data  string
		taken int
		code  string // of an error
	}{
		"sound items":              {manyFiles(t, manifest, ".xml", item), questionset.MaxEntries - 1, ""},
		"items that nobody lists":  {manyFiles(t, "", ".xml", item), questionset.MaxEntries, ""},
		"broken items":             {manyFiles(t, manifest, ".xml", func(i int) string { return item(i)[:600] }), 0, "xml_malformed"},
		"items in UTF-16":          {manyFiles(t, manifest, ".xml", func(i int) string { return asUTF16(item(i)) }), 0, "utf16"},
		"items that are not there": {zipped(t, map[string]string{"imsmanifest.xml": manifest}), 0, "zip_missing"},
		"documents of QTI 1.2": {manyFiles(t, "", ".qti", func(i int) string {
			return strings.NewReplacer("q1", fmt.Sprint("q", i), "roof?", fmt.Sprint("roof ", i, "?"), "Text.", fmt.Sprint("Text ", i)).Replace(soundQTI1)
		}), 2 * questionset.MaxEntries, ""},
		"documents in UTF-16": {manyFiles(t, "", ".xml", func(int) string { return asUTF16(soundQTI1) }), 0, "utf16"},
		"files of Moodle":     {manyFiles(t, "", ".xml", func(int) string { return soundMoodle }), 0, "zip_texts"},
		"other XML":           {manyFiles(t, "", ".xml", func(i int) string { return fmt.Sprintf("<a>%d</a>", i) }), 0, "unknown_package"},
		"tables":              {manyFiles(t, "", ".csv", func(int) string { return soundCSV }), 0, "table_zip_tables"},
		"texts":               {manyFiles(t, "", ".txt", func(int) string { return soundAiken }), 0, "unknown_package"},
	} {
		t.Run(name, func(t *testing.T) {
			r := readApart(t, written(t, "q.zip", tt.data), parseEachEnv+"=1")
			most := hostileTime
			if tt.taken > 0 { // nothing is hostile about so many questions
				most *= 5
			}
			if r.Took > most || r.Grown > hostileMemory {
				t.Errorf("%v, %d MiB", r.Took, r.Grown>>20)
			}
			if r.Counts.Taken != tt.taken || (tt.code == "") != (len(r.Errors) == 0) || tt.code != "" && !slices.Contains(r.Errors, tt.code) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestHostileRules: no rule of scoring makes reading an item long, however it is written; what is not gone through
// is left to a person.
func TestHostileRules(t *testing.T) {
	effort.Whole(t, "rules without end")
	eleven := qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A"))
	letters := qtiChoices(`maxChoices="0"`, strings.Split("abcdefghijk", "")...)
	with := func(steps ...string) string { return qtiItem(eleven, letters, qtiRule(steps...)) }
	nested := func(open, inside, end string, n int) string {
		return strings.Repeat(open, n) + inside + strings.Repeat(end, n)
	}
	set := func(id, expression string) string {
		return `<setOutcomeValue identifier="` + id + `">` + expression + "</setOutcomeValue>"
	}
	outcome := func(item, id, cardinality, base string) string {
		return strings.Replace(item, "<itemBody>", `<outcomeDeclaration identifier="`+id+`" cardinality="`+cardinality+`" baseType="`+base+`"/><itemBody>`, 1)
	}
	chain, doubling := "", ""
	for i := range 120 {
		chain += set(fmt.Sprint("X", i+1), "<sum>"+qtiVariable(fmt.Sprint("X", i))+qtiVariable(fmt.Sprint("X", i))+"</sum>")
		doubling += set("BAG", "<multiple>"+qtiVariable("BAG")+qtiVariable("BAG")+qtiVariable("RESPONSE")+"</multiple>")
	}
	chained := with(set("X0", qtiBase("float", "1")), chain, qtiSetScore(qtiVariable("X120")))
	for i := range 121 {
		chained = outcome(chained, fmt.Sprint("X", i), "single", "float")
	}
	ifs := "<responseCondition><responseIf>" + qtiIsRight("RESPONSE")
	for name, item := range map[string]string{
		"a deep expression":         with(qtiSetScore(nested("<sum>", qtiBase("float", "1"), "</sum>", 180))),
		"a deeper expression":       with(qtiSetScore(nested("<sum>", qtiBase("float", "1"), "</sum>", 100_000))),
		"conditions in each other":  with(nested(ifs, qtiSetScore(qtiBase("float", "1")), "</responseIf></responseCondition>", 60)),
		"conditions far too deep":   with(nested(ifs, qtiSetScore(qtiBase("float", "1")), "</responseIf></responseCondition>", 100_000)),
		"fragments in each other":   with(nested("<responseProcessingFragment>", qtiSetScore(qtiBase("float", "1")), "</responseProcessingFragment>", 180)),
		"a chain that doubles":      chained,
		"a bag that doubles":        outcome(with(doubling, qtiSetScore("<containerSize>"+qtiVariable("BAG")+"</containerSize>")), "BAG", "multiple", "identifier"),
		"numbers that grow":         with(strings.Repeat(qtiSetScore("<product>"+strings.Repeat(qtiBase("float", "1e99"), 50)+"</product>"), 60)),
		"fractions that grow":       with(qtiSetScore(qtiBase("float", "1")), strings.Repeat(qtiSetScore("<divide>"+qtiVariable("SCORE")+qtiBase("float", "0.9999999999999999999999999")+"</divide>"), 400)),
		"a hundred thousand steps":  with(strings.Repeat(qtiSetScore(qtiAdd("1")), 100_000)),
		"many conditions":           with(strings.Repeat(scoredIf("<member>"+qtiBase("identifier", "A")+qtiVariable("RESPONSE")+"</member>", qtiAdd("1")), 400)),
		"many values":               qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect(slices.Repeat([]string{"A"}, 100_000)...)), letters, matchCorrect),
		"many numbers to look at":   qtiItem(qtiDeclare("RESPONSE", "single", "float", qtiCorrect("1")), qtiEntry, qtiRule(strings.Repeat(scoredIf(`<equal toleranceMode="relative" tolerance="0.1">`+qtiVariable("RESPONSE")+qtiBase("float", "7")+"</equal>", qtiAdd("1")), 300))),
		"responses without end":     qtiItem(strings.Repeat(qtiDeclare("RESPONSE", "single", "string", qtiCorrect("a")), 20_000), qtiEntry, matchCorrect),
		"a mapping of any size":     qtiItem(qtiDeclare("RESPONSE", "single", "string", qtiMapping("", slices.Repeat([]string{"a=1"}, 100_000)...)), qtiEntry, mapResponse),
		"two hundred gaps of texts": manyGaps(),
	} {
		t.Run(name, func(t *testing.T) {
			if r := readAlone(t, written(t, "q.xml", item)); r.Counts.Seen != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// manyGaps is an item of gaps that each accept many texts, of which no two are scored alone.
func manyGaps() string {
	var declared, gaps, terms []string
	for i := range 200 {
		id := fmt.Sprint("R", i)
		declared = append(declared, qtiDeclare(id, "single", "string", qtiMapping("", "a=1", "b=2", "c=3")))
		gaps = append(gaps, `<p><textEntryInteraction responseIdentifier="`+id+`"/></p>`)
		terms = append(terms, `<mapResponse identifier="`+id+`"/>`)
	}
	return qtiItem(strings.Join(declared, ""), strings.Join(gaps, ""), qtiRule(qtiSetScore("<product>"+strings.Join(terms, "")+"</product>")))
}

// TestHostileFormulas: reading and showing a question costs little, whatever its formulas are.
func TestHostileFormulas(t *testing.T) {
	fill := func(part string) string { return strings.Repeat(part, (questionset.MaxText-100)/len(part)) }
	for name, formula := range map[string]string{
		"TeX that defines itself":   `$\def\a{\a\a}\a$ ` + fill(`$\newcommand{\x}{\x\x}\x$ `),
		"fractions in fractions":    fill(`$` + strings.Repeat(`\frac{`, 60) + `1` + strings.Repeat(`}{2}`, 60) + `$ `),
		"one formula without end":   "$" + fill(`\frac{a}{b}^{c_{d}}`) + "$",
		"a matrix of any size":      `$$\begin{matrix}` + fill(`a&b&c\\`) + `\end{matrix}$$`,
		"roots in roots":            fill(`\(` + strings.Repeat(`\sqrt[3]{`, 50) + "x" + strings.Repeat("}", 50) + `\) `),
		"MathML within MathML":      fill("&lt;math&gt;&lt;mrow&gt;"),
		"elements in elements":      fill("&lt;math&gt;"+strings.Repeat("&lt;msup&gt;", 30)) + "x",
		"tables of formulas":        fill("&lt;math&gt;&lt;mtable&gt;&lt;mtr&gt;&lt;mtd&gt;&lt;mi&gt;x&lt;/mi&gt;&lt;/mtd&gt;&lt;/mtr&gt;&lt;/mtable&gt;&lt;/math&gt;"),
		"dollars":                   fill("$"),
		"formulas of one character": fill("$x$ "),
	} {
		for _, format := range []string{"html", "markdown", "plain_text"} {
			t.Run(name+"/"+format, func(t *testing.T) {
				data := `<quiz><question type="essay"><name><text>n</text></name><questiontext format="` + format + `"><text>` + formula + `</text></questiontext></question></quiz>`
				r := readApart(t, written(t, "q.xml", data), parseShowEnv+"=1")
				if r.Took > hostileTime || r.Grown > hostileMemory || r.Counts.Seen != 1 {
					t.Errorf("%v, %d MiB, %+v", r.Took, r.Grown>>20, r)
				}
			})
		}
	}
}
