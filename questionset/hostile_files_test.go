//go:build linux && !race

package questionset_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"shiken/devtools/effort"
)

// root is how a document of each XML format begins and ends, with a place for content in a question.
var roots = map[string][2]string{
	"moodle.xml": {`<quiz><question type="essay"><name><text>n</text></name><questiontext format="html"><text>`, `</text></questiontext></question></quiz>`},
	"qti2.xml": {`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false" timeDependent="false"><itemBody><p>`,
		`</p></itemBody></assessmentItem>`},
	"qti1.xml": {`<questestinterop><item ident="i"><presentation><material><mattext>`, `</mattext></material></presentation></item></questestinterop>`},
}

// sound is a file of each text format with one question, %s standing in its text.
var texts = map[string]string{
	"q.csv": "question,option_a,option_b,correct_answer\n%s,1,2,A\n", "q.gift": "Stem %s{T}\n", "aiken.txt": "Stem %s\nA. 1\nB. 2\nANSWER: A\n",
	"exam.yaml": "exam: a\ntitle: %s\n", "pasted.txt": "%s",
	"typed.txt": "1. Stem %s\na) 1\n*b) 2\n",
	"set.jsonl": nativeHead + strings.Replace(nativeLine, `"S"`, `"%s"`, 1),
}

// TestHostileText: no text format is exhausted by a long line, or by what is no text.
func TestHostileText(t *testing.T) {
	effort.Whole(t, "lines of 100 MB in every format")
	t.Parallel() // each file is read by a process of its own, whose own time counts
	for name, form := range texts {
		for what, content := range map[string]string{
			"a line of 100 MB":     strings.Repeat("x", 100<<20),
			"a line of 31 MiB":     strings.Repeat("x", 31<<20),
			"a line of braces":     strings.Repeat("{", 8<<20),
			"a line of quotes":     strings.Repeat(`"`, 8<<20),
			"NULs":                 strings.Repeat("\x00", 1<<20),
			"UTF-16":               "",
			"code that is run":     "\n```{.python .run}\nprint('no')\n```\n",
			"a million empty rows": strings.Repeat("\n", 1_000_000),
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				data := fmt.Sprintf(form, content)
				if what == "UTF-16" {
					data = asUTF16(fmt.Sprintf(form, "S"))
				}
				if r := readAlone(t, written(t, name, data)); r.Counts.Taken > 0 && what != "a million empty rows" {
					t.Errorf("taken: %+v", r)
				}
			})
		}
	}
}

// TestHostileLines: no text format is exhausted by short lines without end, or by lines that may begin an option.
func TestHostileLines(t *testing.T) {
	effort.Whole(t, "many megabytes of lines in every format")
	t.Parallel() // each file is read by a process of its own, whose own time counts
	whole := func(unit string) string { return strings.Repeat(unit, 30<<20/len(unit)) }
	part := func(unit string) string { return strings.Repeat(unit, 5<<20/len(unit)) } // millions of lines, which tell
	typed, aiken := "1. S\na) p\n*b) q\n", "S\nA) p\nB) q\nANSWER: A\n"
	ahead := strings.Repeat("A) k\n", 25) + strings.Repeat("b) "+strings.Repeat("x", 1_270_000)+"\n", 25)
	for _, tt := range []struct{ name, file, data string }{
		{"typed, blank", "q.txt", typed + whole("\n")},
		{"typed, bold", "q.txt", typed + whole("**"+strings.Repeat("x", 4<<20-10)+"\n")},
		{"typed, a letter", "q.txt", typed + part("a\n")},
		{"typed, letters apart", "q.txt", typed + part("\na\n")},
		{"typed, options", "q.txt", typed + part("a)\n")},
		{"typed, options that follow each other", "q.txt", typed + part("a)\nb)\n")},
		{"typed, two lists", "q.txt", typed + part("2. S\n- A: x\n- B: y\na) p\nB) q\n")},
		{"typed, an answer that asks for all others", "q.txt", "1. S\na) B\nb) A\nAnswer: A\n" + part("a\n")},
		{"typed, questions", "q.txt", typed + part("1.\n")},
		{"typed, answers", "q.txt", typed + part("key:\n")},
		{"typed, letters in a row", "q.txt", typed + part("a)\ta)\tb)\n")},
		{"typed, a row of letters", "q.txt", typed + "2. S\na) x" + part("\tb)") + "\n"},
		{"typed, a row in turn", "q.txt", typed + part("a) b) c) d) e)\n")},
		{"typed, a list of answers", "q.txt", typed + "Answers:\n" + part("1.A\n")},
		{"typed, lists of answers", "q.txt", typed + part("key\n1.A\n")},
		{"typed, a row of answers", "q.txt", typed + "Answers:" + part(" 1A")},
		{"typed, colons", "q.txt", typed + part("tag:a\n")},
		{"typed, brackets", "q.txt", typed + whole("【") + "\n"},
		{"Aiken, blank", "q.txt", aiken + whole("\n")},
		{"Aiken, options before long ones", "q.txt", aiken + "S\n" + ahead},
		{"Aiken, a letter", "q.txt", aiken + part("a\n")},
		{"Aiken, an option", "q.txt", aiken + part("A)\n")},
		{"Aiken, options", "q.txt", aiken + part("A)\nB)\n")},
		{"Aiken, one letter", "q.txt", aiken + "S\nA)\n" + part("B)\n")},
		{"Aiken, answers", "q.txt", aiken + part("ANSWER:\n")},
		{"GIFT, blank", "q.gift", "::n::S{T}" + whole("\n")},
		{"GIFT, a letter", "q.gift", "::n::\n" + whole("a\n")},
		{"GIFT, comments", "q.gift", "::n::\n" + part("//\n")},
		{"GIFT, ids", "q.gift", part("//[id:a]\n") + "::n::S{T}"},
		{"GIFT, names", "q.gift", "::n::\n" + part("::a::\n")},
		{"GIFT, categories", "q.gift", "::n::\n" + part("$CATEGORY:\n")},
		{"CSV, blank", "q.csv", header + "1,a,,S,1,2,3,4,A,,,\n" + whole("\n")},
	} {
		t.Run(tt.name, func(t *testing.T) { readAlone(t, written(t, tt.file, tt.data)) })
	}
}

// TestHostileXML: no XML format expands entities, fetches anything, or is exhausted by nesting.
func TestHostileXML(t *testing.T) {
	effort.Whole(t, "documents of a million elements")
	t.Parallel() // each file is read by a process of its own, whose own time counts
	for name, root := range roots {
		laughs := `<!DOCTYPE a [<!ENTITY a "ha">`
		for c := 'b'; c < 'l'; c++ {
			laughs += fmt.Sprintf("<!ENTITY %c \"%s\">", c, strings.Repeat("&"+string(c-1)+";", 10))
		}
		for what, data := range map[string]string{
			"billion laughs":         laughs + "]>" + root[0] + "&k;" + root[1],
			"quadratic blow-up":      `<!DOCTYPE a [<!ENTITY a "` + strings.Repeat("x", 1<<20) + `">]>` + root[0] + strings.Repeat("&a;", 1<<20) + root[1],
			"an outer entity":        `<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + root[0] + "&a;" + root[1],
			"an outer subset":        `<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">` + root[0] + "&a;" + root[1],
			"a parameter entity":     `<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>` + root[0] + root[1],
			"a million nested":       root[0] + strings.Repeat("<a>", 1_000_000) + strings.Repeat("</a>", 1_000_000) + root[1],
			"a million opened":       root[0] + strings.Repeat("<section>", 1_000_000),
			"a million items":        root[0] + strings.Repeat("<item>", 1_000_000),
			"a million side by side": root[0] + strings.Repeat("<a/>", 1_000_000) + root[1],
			"a million attributes":   strings.Replace(root[0], "><", " "+strings.Repeat(`a="b" `, 1_000_000)+"><", 1) + root[1],
			"an endless tag":         root[0] + "<" + strings.Repeat("a", 8<<20),
			"an endless attribute":   root[0] + `<a b="` + strings.Repeat("a", 8<<20),
			"an endless comment":     root[0] + "<!--" + strings.Repeat("<a", 4<<20),
			"tags without end":       root[0] + strings.Repeat("<a ", 2<<20),
			"quotes without end":     root[0] + strings.Repeat(`<a "`, 2<<20),
			"a line of 31 MiB":       root[0] + strings.Repeat("x", 31<<20) + root[1],
			"a line of 100 MB":       root[0] + strings.Repeat("x", 100<<20) + root[1],
			"NULs":                   root[0] + strings.Repeat("\x00", 1<<20) + root[1],
			"UTF-16":                 asUTF16(`<?xml version="1.0" encoding="UTF-16"?>` + root[0] + root[1]),
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				if r := readAlone(t, written(t, name, data)); r.Counts.Taken > 0 {
					t.Errorf("taken: %+v", r)
				}
			})
		}
	}
}

// TestHostileZips: no package leads out of itself, unpacks without bounds or lists files without end.
func TestHostileZips(t *testing.T) {
	effort.Whole(t, "packages of many megabytes")
	t.Parallel() // each file is read by a process of its own, whose own time counts
	item := roots["qti1.xml"][0] + "A" + roots["qti1.xml"][1]
	inside := func(files map[string]string) string { return zipped(t, files) }
	many := map[string]string{}
	for i := range 4 {
		many[fmt.Sprintf("bomb%d.xml", i)] = roots["qti1.xml"][0] + strings.Repeat(" ", 31<<20) + roots["qti1.xml"][1]
	}
	documents := map[string]string{}
	for i := range 10 {
		documents[fmt.Sprintf("bomb%d.xml", i)] = roots["qti1.xml"][0] + strings.Repeat(" ", 11<<20) + roots["qti1.xml"][1]
	}
	for what, data := range map[string]string{
		"a bomb of a sheet": inside(workbook("", strings.Repeat("<row/>", 20<<20))),
		"a bomb of strings": inside(workbook(strings.Repeat("<si><t>a</t></si>", 8<<20), "")),
		"a bomb of rows":    inside(workbook("", sheetHead+strings.Repeat(`<row><c t="inlineStr"><is><t>a</t></is></c></row>`, 600_000))),
		"a giant string in every row": inside(workbook("<si><t>"+strings.Repeat("x", 1<<20-100)+"</t></si>", sheetHead+
			strings.Repeat(`<row><c t="s"><v>0</v></c><c><v>1</v></c><c><v>2</v></c><c t="str"><v>A</v></c></row>`, 200_000))),
		"a string as long as may be in every row": inside(workbook("<si><t>"+strings.Repeat("x", 60<<10)+"</t></si>", sheetHead+
			strings.Repeat(`<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c><c t="s"><v>0</v></c><c t="str"><v>A</v></c></row>`, 200_000))),
		"sheets without end":   inside(sheetsOfNothing()),
		"laughing sheet":       inside(laughingSheet()),
		"slip":                 inside(map[string]string{"../../etc/q.xml": item, "/abs.xml": item, `..\..\win.xml`: item, "C:/d.xml": item}),
		"bomb":                 inside(map[string]string{"q.xml": roots["qti1.xml"][0] + strings.Repeat("x", 100<<20)}),
		"several bombs":        inside(many),
		"many documents":       inside(documents),
		"a bomb of nothing":    inside(map[string]string{"q.csv": strings.Repeat("\n", 200<<20)}),
		"a lie about its size": lyingZip(t, item),
		"half a million files": zipOfNothing(500_000),
		"a million files":      zipOfNothing(1_000_000),
		"a zip in itself":      inside(map[string]string{"a.zip": inside(map[string]string{"b.zip": inside(map[string]string{"q.xml": item})})}),
		"only its head":        "PK\x03\x04" + strings.Repeat("\x00", 1<<20),
		"only heads":           strings.Repeat("PK\x03\x04", 1<<20),
	} {
		t.Run(what, func(t *testing.T) {
			if r := readAlone(t, written(t, "q.zip", data)); r.Counts.Taken > 1 || len(r.Errors) == 0 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func written(t *testing.T, name, data string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func asUTF16(s string) string {
	b := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// lyingZip holds 40 MiB and says that they are few bytes.
func lyingZip(t *testing.T, head string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	content := head + strings.Repeat(" ", 40<<20)
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "q.xml", Method: zip.Deflate, UncompressedSize64: 100, CompressedSize64: uint64(len(deflated(t, content))),
		CRC32: crc32.ChecksumIEEE([]byte(content)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, deflated(t, content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// zipOfNothing lists files of one letter without content.
func zipOfNothing(n int) string {
	var b bytes.Buffer
	b.WriteString("PK\x03\x04" + strings.Repeat("\x00", 26))
	start := b.Len()
	entry := "PK\x01\x02" + strings.Repeat("\x00", 24) + "\x01" + strings.Repeat("\x00", 17) + "a"
	b.WriteString(strings.Repeat(entry, n))
	size := b.Len() - start
	b.WriteString("PK\x05\x06\x00\x00\x00\x00")
	end := binary.LittleEndian.AppendUint16(nil, uint16(n)) //nolint:gosec // it wraps as zips do
	end = binary.LittleEndian.AppendUint16(end, uint16(n))  //nolint:gosec // as above
	end = binary.LittleEndian.AppendUint32(end, uint32(size))
	end = binary.LittleEndian.AppendUint32(end, uint32(start))
	b.Write(append(end, 0, 0))
	return b.String()
}

func deflated(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sheetsOfNothing is a workbook whose sheets each unpack to 50 MiB.
func sheetsOfNothing() map[string]string {
	parts := workbook("", "")
	var sheets, rels strings.Builder
	for i := range 5 {
		fmt.Fprintf(&sheets, `<sheet name="S%d" sheetId="%d" r:id="s%d"/>`, i, i+1, i)
		fmt.Fprintf(&rels, `<Relationship Id="s%d" Type="x/worksheet" Target="worksheets/s%d.xml"/>`, i, i)
		parts[fmt.Sprintf("xl/worksheets/s%d.xml", i)] = `<worksheet><sheetData>` + strings.Repeat("<row/>", 8<<20) + `</sheetData></worksheet>`
	}
	parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], "</sheets>", sheets.String()+"</sheets>", 1)
	parts["xl/_rels/workbook.xml.rels"] = strings.Replace(parts["xl/_rels/workbook.xml.rels"], "</Relationships>", rels.String()+"</Relationships>", 1)
	return parts
}

// laughingSheet is a workbook whose sheet declares an entity.
func laughingSheet() map[string]string {
	parts := workbook("", `<row><c t="inlineStr"><is><t>&a;</t></is></c></row>`)
	const sheet = "xl/worksheets/sheet1.xml"
	parts[sheet] = strings.Replace(parts[sheet], "?>", `?><!DOCTYPE x [<!ENTITY a "ha">]>`, 1)
	return parts
}

// workbook is a spreadsheet with shared strings and the rows of one sheet.
func workbook(strings, rows string) map[string]string {
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	const main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	return map[string]string{
		"_rels/.rels":     rels + `<Relationship Id="r" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns="` + main + `" xmlns:r="` + office + `"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": rels + `<Relationship Id="r1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="` + office + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml":     `<sst xmlns="` + main + `">` + strings + `</sst>`,
		"xl/worksheets/sheet1.xml": head + `<worksheet xmlns="` + main + `"><sheetData>` + rows + `</sheetData></worksheet>`,
	}
}
