package questionset_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"shiken/questionset"
)

// The fuzz targets read with the format given, so that what is changed stays within its parser, and begin with
// single questions of the test data: small, of every type, and quickly read. `make fuzz` runs them all. A fuzzer
// that finds something new makes it smaller for a minute unless it is told not to, and tries nothing else
// meanwhile: -fuzzminimizetime=1x.

func readAll(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// maxSeed is how large a seed is at most, in bytes: most changes of a larger one change no structure.
const maxSeed = 4 << 10

// seed adds the parts of files between the matches of a division, each within head and tail; "" divides nothing.
func seed(f *testing.F, pattern, division, head, tail string) {
	f.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		f.Fatalf("%s: %v", pattern, err)
	}
	n := 0
	for _, p := range paths {
		parts := []string{readAll(f, p)}
		if division != "" {
			parts = regexp.MustCompile(division).Split(parts[0], -1)
		}
		for _, part := range parts {
			if len(part) < maxSeed {
				f.Add([]byte(head + part + tail))
				n++
			}
		}
	}
	if n == 0 {
		f.Fatalf("no seed in %s", pattern)
	}
}

// fuzz reads what the fuzzer makes as a format.
func fuzz(f *testing.F, name string, format questionset.Format) {
	f.Fuzz(func(t *testing.T, data []byte) {
		checkFileAs(t, name, string(data), questionset.Options{Format: format})
	})
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(header + "1,a,2019,\"S\n\"\"T\"\"\",1,2,3,4,\"A,C\",x,y,z\n"))
	f.Add([]byte(header + cp932(f, "1,表,,ソ,ア,イ,上記すべて,BとC,Ａ,,,\n")))
	f.Add([]byte("S,1,2,3,4,B\n\"T\",1,2,3,4,C"))
	f.Add([]byte("type,question,answer,group,stimulus,pair_a,match_a,tags\nnumeric,S,\"1±0.1;2..3\",g,P,x,y,a;b\n"))
	seed(f, "samples/sets/*.csv", `\n(?:.*\n){3}`, header, "\n")
	fuzz(f, "f.csv", questionset.CSV)
}

func FuzzGIFT(f *testing.F) {
	seed(f, "testdata/gift/grammar/*.gift", `\n\s*\n`, "", "")
	f.Add([]byte("{1:SA:=a~%50%b#c} {2:MC:=a~b}"))
	fuzz(f, "f.gift", questionset.GIFT)
}

func FuzzMoodle(f *testing.F) {
	seed(f, "testdata/moodle/types.xml", `</question>`, "<quiz>", "</question></quiz>")
	seed(f, "testdata/moodle/broken.xml", `</question>`, "<quiz>", "</question></quiz>")
	f.Add([]byte("<quiz>" + entry("multichoice", answers("100 a", "0 b")) + entry("matching", pairs("a=1", "b=2")) + "</quiz>"))
	f.Add([]byte("<quiz>" + cloze("{1:SA:=a~%50%b#c} {2:MCS:=a~b} {NM:=1,5:0.1}") + entry("numerical", answers("100 1")) + "<question type='x"))
	f.Add([]byte("<quiz><!-- <question> " + entry("ordering", answers("1 a", "2 b")) + "<![CDATA[ <question type=\"essay\">"))
	fuzz(f, "f.xml", questionset.MXML)
}

func FuzzExam(f *testing.F) {
	f.Add([]byte(soundExam))
	seed(f, "samples/exams/*.yaml", "", "", "")
	f.Add([]byte("exam: a\ntitle: &x [*x, <<: *x]\n---\n{\"exam\": \"b\"}\n"))
	fuzz(f, "f.yaml", questionset.Exam)
}

func FuzzQTI1(f *testing.F) {
	seed(f, "testdata/qti1/*.xml", `<item[ >]`, `<questestinterop><item `, "</questestinterop>")
	f.Add([]byte(qti1("", str("x", "String")+str("y", "Decimal"), when(eq("x", "q")+eq("y", "2"), "Set", "3"))))
	f.Add([]byte("<questestinterop><item><section></item><item a=\"><![CDATA[</item>]]></section>"))
	fuzz(f, "f.xml", questionset.QTI1)
}

func FuzzQTI2(f *testing.F) {
	seed(f, "testdata/qti2/*/*.xml", "", "", "")
	f.Add([]byte(qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiMapping(`defaultValue="-1"`, "A=1")), qtiChoices("", "x", "y"), mapResponse)))
	f.Add([]byte(qtiItem(qtiDeclare("R1", "single", "float", qtiCorrect("1"))+qtiDeclare("R2", "single", "string", qtiCorrect("a")), twoGaps, qtiRule(scoredIf(qtiIsRight("R1"), qtiAdd("1"))))))
	fuzz(f, "f.xml", questionset.QTI2)
}

// packages fuzzes a package of a manifest, a document that it lists and one that it does not.
func packages(f *testing.F, format questionset.Format) {
	f.Fuzz(func(t *testing.T, manifest, listed, unlisted string) {
		data := zipped(t, map[string]string{"imsmanifest.xml": manifest, "a/listed.xml": listed, "unlisted.xml": unlisted, "a/x.png": onePixel})
		checkFileAs(t, "f.zip", data, questionset.Options{Format: format})
	})
}

const fuzzManifest = `<manifest identifier="m"><resources><resource identifier="r" type="imsqti_%s" href="a/listed.xml"><file href="a/listed.xml"/></resource></resources></manifest>`

func FuzzQTI1Package(f *testing.F) {
	item := qti1("", str("x", "String"), when(eq("x", "q"), "Set", "3"))
	f.Add(regexp.MustCompile(`%s`).ReplaceAllString(fuzzManifest, "xmlv1p2"), item, item)
	f.Add("", `<quiz xmlns="http://canvas.instructure.com/xsd/cccv1p0"><title>t</title></quiz>`, `<questestinterop><assessment><section><mattext>&lt;img src="x.png"&gt;</mattext></section></assessment></questestinterop>`)
	packages(f, questionset.QTI1)
}

func FuzzQTI2Package(f *testing.F) {
	item := qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("A")), qtiChoices("", "x", `<img src="x.png" alt=""/>`), matchCorrect)
	test := `<assessmentTest identifier="t"><testPart><assessmentSection title="s"><rubricBlock><p>P</p></rubricBlock><assessmentItemRef identifier="i" href="../unlisted.xml"/></assessmentSection></testPart></assessmentTest>`
	f.Add(regexp.MustCompile(`%s`).ReplaceAllString(fuzzManifest, "item_xmlv2p1"), item, item)
	f.Add(regexp.MustCompile(`%s`).ReplaceAllString(fuzzManifest, "test_xmlv2p1"), test, item)
	packages(f, questionset.QTI2)
}
