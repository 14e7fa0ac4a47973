package questionset_test

import (
	"os"
	"path/filepath"
	"testing"
)

func readAll(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func seed(f *testing.F, pattern string) {
	f.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		f.Fatalf("%s: %v", pattern, err)
	}
	for _, p := range paths {
		if data := readAll(f, p); len(data) < 8<<10 {
			f.Add([]byte(data))
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(header + "1,a,2019,\"S\n\"\"T\"\"\",1,2,3,4,\"A,C\",x,y,z\n"))
	f.Add([]byte(header + cp932(f, "1,表,,ソ,ア,イ,上記すべて,BとC,Ａ,,,\n")))
	f.Add([]byte("S,1,2,3,4,B\n\"T\",1,2,3,4,C"))
	f.Fuzz(func(t *testing.T, data []byte) { checkFile(t, "f.csv", string(data)) })
}

func FuzzGIFT(f *testing.F) {
	seed(f, "testdata/gift/grammar/*.gift")
	f.Add([]byte("{1:SA:=a~%50%b#c} {2:MC:=a~b}"))
	f.Fuzz(func(t *testing.T, data []byte) { checkFile(t, "f.gift", string(data)) })
}

func FuzzMoodle(f *testing.F) {
	seed(f, "testdata/moodle/*.xml")
	f.Add([]byte("<quiz>" + entry("multichoice", answers("100 a", "0 b")) + entry("matching", pairs("a=1", "b=2")) + "</quiz>"))
	f.Add([]byte("<quiz>" + cloze("{1:SA:=a~%50%b#c} {2:MCS:=a~b} {NM:=1,5:0.1}") + entry("numerical", answers("100 1")) + "<question type='x"))
	f.Add([]byte("<quiz><!-- <question> " + entry("ordering", answers("1 a", "2 b")) + "<![CDATA[ <question type=\"essay\">"))
	f.Fuzz(func(t *testing.T, data []byte) { checkFile(t, "f.xml", string(data)) })
}

func FuzzExam(f *testing.F) {
	f.Add([]byte(soundExam))
	seed(f, "samples/exams/*.yaml")
	f.Add([]byte("exam: a\ntitle: &x [*x, <<: *x]\n---\n{\"exam\": \"b\"}\n"))
	f.Fuzz(func(t *testing.T, data []byte) { checkFile(t, "f.yaml", string(data)) })
}

func FuzzQTI1(f *testing.F) {
	seed(f, "testdata/qti1/*.xml")
	f.Add([]byte(qti1("", str("x", "String")+str("y", "Decimal"), when(eq("x", "q")+eq("y", "2"), "Set", "3"))))
	f.Add([]byte("<questestinterop><item><section></item><item a=\"><![CDATA[</item>]]></section>"))
	f.Fuzz(func(t *testing.T, data []byte) { checkFile(t, "f.xml", string(data)) })
}

func FuzzQTI2(f *testing.F) {
	seed(f, "testdata/qti2/*/*.xml")
	f.Add([]byte(qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiMapping(`defaultValue="-1"`, "A=1")), qtiChoices("", "x", "y"), mapResponse)))
	f.Add([]byte(qtiItem(qtiDeclare("R1", "single", "float", qtiCorrect("1"))+qtiDeclare("R2", "single", "string", qtiCorrect("a")), twoGaps, qtiRule(scoredIf(qtiIsRight("R1"), qtiAdd("1"))))))
	f.Fuzz(func(t *testing.T, data []byte) { checkFile(t, "f.xml", string(data)) })
}
