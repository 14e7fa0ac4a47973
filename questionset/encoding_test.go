package questionset_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"shiken/questionset"
)

func TestEncodings(t *testing.T) {
	const row = "1,構造,,表を示す①～髙﨑,ア,イ,ウ,エ,A,ﾊﾝｶｸ,,\n"
	utf16le := "\xFF\xFE"
	for _, u := range utf16.Encode([]rune(header + row)) {
		utf16le += string([]byte{byte(u), byte(u >> 8)})
	}
	damaged := cp932(t, header+"1,表,,ソ能表,ア,イ,ウ,エ,A,,,\n") + "2,\x82,,S,1,2,3,4,A,,,\n" + cp932(t, "3,表,,十,ア,イ,ウ,エ,A,,,\n")
	for _, tt := range []struct {
		name, data string
		encoding   questionset.Encoding
		questions  int
		findings   []string
	}{
		{"UTF-8", header + row, questionset.UTF8, 1, nil},
		{"UTF-8 with mark", "\uFEFF" + header + row, questionset.UTF8BOM, 1, nil},
		{"cp932", strings.ReplaceAll(cp932(t, header+"1,構造,,表を示す①,ア,イ,ウ,エ,A,ﾊﾝｶｸ,,\n"), "\n", "\r\n"),
			questionset.CP932, 1, []string{"note read_as_cp932@0"}},
		{"cp932, IBM extension", header + "1,a,,\xFB\xFC\xFA\xB1\x82\xCC,1,2,3,4,A,,,\n", questionset.CP932, 1, []string{"note read_as_cp932@0"}},
		{"cp932, second byte a backslash", cp932(t, header+"1,ソ,,\"十,表\"\"の\",ア,イ,ウ,エ,A,,,\n"), questionset.CP932, 1,
			[]string{"note read_as_cp932@0"}},
		{"cp932 damaged", damaged, questionset.CP932, 2, []string{"note read_as_cp932@0", "error undecodable@3"}},
		{"UTF-8 damaged", header + row + "2,a,,S\xFF,1,2,3,4,A,,,\n", questionset.UTF8, 1, []string{"error undecodable@3"}},
		{"UTF-8 with mark, damaged", "\uFEFF" + header + "2,a,,\x82\xA0,1,2,3,4,A,,,\n", questionset.UTF8BOM, 0,
			[]string{"error undecodable@2"}},
		{"Windows-1252", header + "1,a,,Caf\xE9tte \xFCber,1,2,3,4,A,,,\n", questionset.CP932, 0,
			[]string{"note read_as_cp932@0", "error doubtful_cp932@2"}},
		{"Windows-1252, all of it kana", header + "1,a,,ESPA\xD1A \xDA,1,2,3,4,A,,,\n", questionset.CP932, 0,
			[]string{"note read_as_cp932@0", "error doubtful_cp932@2"}},
		{"English in cp932", header + "1,a,,2 \x81\x7E 3?,1,2,3,4,A,,,\n", questionset.CP932, 1, []string{"note read_as_cp932@0"}},
		{"UTF-16", utf16le, "", 0, []string{"error utf16@0"}},
		{"UTF-16 without mark", utf16le[2:], "", 0, []string{"error utf16@0"}},
		{"noncharacter", header + "1,a,,S\uFDD0,1,2,3,4,A,,,\n", questionset.UTF8, 0, []string{"error undecodable@2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", tt.data)
			wantFound(t, f, tt.findings...)
			if f.Report.Encoding != tt.encoding || len(f.Questions) != tt.questions {
				t.Errorf("%q, %d questions", f.Report.Encoding, len(f.Questions))
			}
		})
	}
}

// The same questions in either encoding are the same questions.
func TestEncodingDoesNotChangeContent(t *testing.T) {
	const text = header + "1,構造,,表を示せ,ア,イ,ウ,エ,A,解説,,\n"
	a, b := one(t, parse(t, "a.csv", text)), one(t, parse(t, "b.csv", cp932(t, text)))
	if a.ContentHash != b.ContentHash || a.SourceKey != b.SourceKey {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// GIFT is UTF-8 by definition; other encodings are refused by line.
func TestGIFTIsUTF8(t *testing.T) {
	f := parse(t, "q.gift", "::a::One?{T}\n\n"+cp932(t, "::b::表は?{T}")+"\n")
	wantFound(t, f, "error undecodable@3")
	if len(f.Questions) != 1 || f.Report.Encoding != questionset.UTF8 {
		t.Errorf("%d questions, %q", len(f.Questions), f.Report.Encoding)
	}
}

func TestDetection(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       questionset.Format
	}{
		{"x", header, questionset.CSV},
		{"x.txt", "S {1},1,2,3,4,B\n", questionset.CSV},
		{"x.txt", "Two plus two?{=4}", questionset.GIFT},
		{"x.csv", "::n::Two?{=4}", questionset.GIFT},
		{"x.csv", "\"What does this do?\n// nothing\n::std\",1,2,3,4,B\n", questionset.CSV},
		{"x.txt", "\"What does this do?\n\n// nothing\",1,2,3,4,B\n", questionset.CSV},
		{"x.csv", "MC,,1,\"What is\n::std\",1,x,y,,,,,\n", questionset.CSV},
		{"x.txt", "1. What is\n::std?\na) x\n*b) y\n", questionset.Typed},
		{"x.txt", "Two plus two?{=4}\n\n  // a remark\n::b::Three?{=3}", questionset.GIFT},
		{"x", "$CATEGORY: a\n\nTwo?{=4}", questionset.GIFT},
		{"x", "# comment\n---\nexam: a\n", questionset.Exam},
		{"x", `{"exam": "a"}`, questionset.Exam},
		{"x.yaml", "anything", questionset.Exam},
		{"x", "nothing known", questionset.Auto},
	} {
		if f := parse(t, tt.name, tt.data); f.Format != tt.want || f.Report.Format != tt.want {
			t.Errorf("%q: %q", tt.data, f.Format)
		}
	}
}

func TestForcedFormat(t *testing.T) {
	f, err := questionset.Parse(t.Context(), "x.csv", strings.NewReader("One?{T}"), questionset.Options{Format: questionset.GIFT})
	if err != nil || len(f.Questions) != 1 {
		t.Errorf("%v %+v", err, f)
	}
	if _, err := questionset.Parse(t.Context(), "x", strings.NewReader("a"), questionset.Options{Format: "qti"}); err == nil {
		t.Error("unknown format accepted")
	}
}
