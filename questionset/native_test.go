package questionset_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// testSets are the sound questions of the test data as one set each, with their media.
func testSets(t *testing.T) []*questionset.Set {
	t.Helper()
	var sets []*questionset.Set
	for _, path := range testdataFiles(t) {
		f := parseFile(t, path)
		if len(f.Questions) > 0 {
			sets = append(sets, &questionset.Set{Name: path, Questions: f.Questions, Media: f.Media})
		}
	}
	return sets
}

// What is written in the form of our own is read as it was, field by field, whatever it came from.
func TestNativeKeepsAll(t *testing.T) {
	types := map[exam.QuestionType]int{}
	for _, set := range testSets(t) {
		shown := map[string]questionset.Media{}
		for i := range set.Questions {
			q := &set.Questions[i]
			types[q.Question.Type]++
			questionset.MediaRefs(q.Question, q.Key, q.Feedback, func(hash string) {
				if m, ok := set.Media[hash]; ok {
					shown[hash] = m
				}
			})
		}
		set.Media = shown
		report, again, text := exported(t, questionset.Native, set)
		if len(report.Findings) > 0 || report.Counts.Taken != len(set.Questions) || len(again.Questions) != len(set.Questions) || again.Report.Counts.Refused > 0 {
			t.Fatalf("%s: %d questions, %q, read again %d, %q", set.Name, len(set.Questions), reported(report), len(again.Questions), found(again))
		}
		for i := range again.Questions {
			want, got := set.Questions[i], again.Questions[i]
			want.Line, want.Nth, want.Set, got.Line, got.Nth, got.Set = 0, 0, "", 0, 0, "" // where it stands in its file
			if !reflect.DeepEqual(plainJSON(t, want), plainJSON(t, got)) {
				t.Fatalf("%s: written\n%+v\nread\n%+v", set.Name, want, got)
			}
		}
		for hash, m := range shown {
			if got := again.Media[hash]; got.Type != m.Type || !bytes.Equal(got.Data, m.Data) {
				t.Errorf("%s: media %s: %s", set.Name, hash, got.Type)
			}
		}
		set.Questions, set.Media = again.Questions, again.Media
		if _, _, twice := exported(t, questionset.Native, set); twice != text {
			t.Errorf("%s: written again it is other", set.Name)
		}
	}
	if len(types) != len(questionset.EditTypes()) {
		t.Errorf("types of the test data: %v", types)
	}
}

// plainJSON is a question without the difference between what is empty and what is not there.
func plainJSON(t *testing.T, q questionset.Question) map[string]any {
	t.Helper()
	text, err := json.Marshal(q)
	must(t, err)
	var out map[string]any
	must(t, json.Unmarshal(text, &out))
	if len(q.Tags) == 0 {
		delete(out, "Tags")
	}
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const (
	nativeHead = `{"format":"shiken-questions","version":1,"set":"basics"}` + "\n"
	nativeLine = `{"source_key":"k1","number":"1","question":{"type":"single_choice","stem":{"source":"S"},"options":[{"id":"a","text":{"source":"x"}},` +
		`{"id":"b","text":{"source":"y"}}]},"key":{"revision":1,"options":{"a":10000}},"feedback":{"explanation":{"source":""}}}` + "\n"
)

// edit replaces a piece of a line that is there.
func edit(t *testing.T, line, piece, by string) string {
	t.Helper()
	if !strings.Contains(line, piece) {
		t.Fatalf("%q is not in %s", piece, line)
	}
	return strings.Replace(line, piece, by, 1)
}

// A file that was changed so that it means nothing is refused where it does, and the rest is taken.
func TestNativeRefuses(t *testing.T) {
	line := func(piece, by string) string {
		return nativeHead + nativeLine + edit(t, edit(t, nativeLine, "k1", "k2"), piece, by)
	}
	for name, tt := range map[string]struct {
		text, want string
		taken      int
	}{
		"a newer version":       {strings.Replace(nativeHead, ":1,", `:2,"new":true,`, 1) + nativeLine, "error native_version@1", 0},
		"an unknown field":      {line(`"number"`, `"nummer"`), "error native_line@3", 1},
		"no JSON":               {line(`{`, `{{`), "error native_line@3", 1},
		"two values":            {line("\n", "{}\n"), "error native_line@3", 1},
		"a text for a number":   {line(`"revision":1`, `"revision":"1"`), "error native_line@3", 1},
		"a type of no program":  {line("single_choice", "drawing"), "error native_value@3", 1},
		"a key of no option":    {line(`{"a":10000}`, `{"c":10000}`), "error native_value@3", 1},
		"too great a weight":    {line("10000", "10001"), "error native_value@3", 1},
		"no right answer":       {line("10000", "0"), "error no_key@3", 1},
		"no stem":               {line(`"S"`, `""`), "error empty_stem@3", 1},
		"an option twice":       {line(`"id":"b"`, `"id":"a"`), "error native_value@3", 1},
		"an unknown format":     {line(`{"source":"x"}`, `{"format":"tex","source":"x"}`), "error native_value@3", 1},
		"an unknown rule":       {line(`"revision":1`, `"rule":"luck"`), "error native_value@3", 1},
		"a treatment":           {line(`"revision":1`, `"treatment":"full"`), "error native_value@3", 1},
		"the same key":          {nativeHead + nativeLine + nativeLine, "error native_source_key@3", 1},
		"no key":                {line("k2", ""), "error native_source_key@3", 1},
		"a control character":   {line(`"S"`, `"\u0000"`), "error control_character@3", 1},
		"too long a line":       {line(`"S"`, `"`+strings.Repeat("x", 1<<20)+`"`), "error native_line_long@3", 1},
		"too long a text":       {line(`"S"`, `"`+strings.Repeat("x", 300<<10)+`"`), "error too_long@3", 1},
		"a picture it lacks":    {line(`"S"`, `"![a](/media/`+strings.Repeat("0", 64)+`.png)"`), "warning media_missing@3", 2},
		"an unknown prompt":     {line(`"revision":1`, `"weights":{"p":2}`), "error native_value@3", 1},
		"nothing but a head":    {nativeHead, "error no_questions@0", 0},
		"feedback to no option": {line(`{"explanation"`, `{"options":{"z":{"source":"f"}},"explanation"`), "error native_value@3", 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "basics.jsonl", tt.text)
			wantFound(t, f, tt.want)
			if f.Format != questionset.Native || len(f.Questions) != tt.taken {
				t.Errorf("%s: %d questions", f.Format, len(f.Questions))
			}
		})
	}
}

func TestNativeNamesItsSet(t *testing.T) {
	f := parse(t, "other.txt", nativeHead+nativeLine)
	if q := one(t, f); q.SourceKey != "k1" || len(f.Sets) != 1 || f.Sets[0] != "basics" || f.IsPackage() {
		t.Errorf("%+v, sets %q", q, f.Sets)
	}
}

// packaged writes a package out of its files, in the order of their names and texts by turns.
func packaged(t testing.TB, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		must(t, err)
		_, err = io.WriteString(w, files[i+1])
		must(t, err)
	}
	must(t, z.Close())
	return b.String()
}

const packageHead = `{"format":"shiken-package","version":1,"exam":"exam.yaml","sets":[{"set":"basics","file":"sets/1.jsonl"},{"set":"more","file":"sets/2.jsonl"}]}`

// An exam with its sets is written as it comes, and read again exactly.
func TestPackage(t *testing.T) {
	d := parse(t, "e.yaml", soundExam).Definitions[0]
	f := parse(t, "a.jsonl", nativeHead+nativeLine)
	write := func() string {
		var b bytes.Buffer
		p := questionset.NewPackage(&b, &d, []string{"basics", "more"})
		must(t, p.Exam())
		for _, set := range []string{"basics", "more"} {
			r := &questionset.Report{}
			must(t, p.Set(set, r, func(fn func(*questionset.Question) error) error { return fn(&f.Questions[0]) }))
		}
		must(t, p.Close())
		return b.String()
	}
	text := write()
	if write() != text {
		t.Error("written again it is other")
	}
	again := parse(t, "e"+questionset.PackageEnding, text)
	wantFound(t, again)
	if !again.IsPackage() || !reflect.DeepEqual(again.Definitions, []exam.Definition{d}) || fmt.Sprint(again.Sets) != "[basics more]" {
		t.Errorf("%+v, sets %q", again.Definitions, again.Sets)
	}
	if len(again.Questions) != 2 || again.Questions[0].Set != "basics" || again.Questions[1].Set != "more" ||
		again.Questions[0].ContentHash != f.Questions[0].ContentHash || again.Report.Counts.Seen != 3 {
		t.Errorf("%+v %+v", again.Report.Counts, again.Questions)
	}
	alone, err := questionset.Parse(t.Context(), "e.zip", strings.NewReader(text), questionset.Options{Set: "more"})
	if err != nil || len(alone.Questions) != 1 || alone.Questions[0].Set != "more" || len(alone.Definitions) != 0 {
		t.Errorf("one set alone: %+v, %v", alone, err)
	}
}

// dot is a picture of one pixel.
const dot = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// A package that was changed is refused, where it was and why.
func TestPackageRefuses(t *testing.T) {
	shows := func(hash string) string {
		return nativeHead + edit(t, nativeLine, `"S"`, `"![a dot](/media/`+hash+`.png)"`)
	}
	set := strings.Replace(packageHead, `"exam":"exam.yaml",`, "", 1)
	set = strings.Replace(set, `,{"set":"more","file":"sets/2.jsonl"}`, "", 1)
	name := "media/" + hashOf(dot) + ".png"
	for what, tt := range map[string]struct {
		files []string
		want  []string
		taken int
	}{
		"a picture":                {[]string{"shiken.json", set, "sets/1.jsonl", shows(hashOf(dot)), name, dot}, nil, 1},
		"another picture":          {[]string{"shiken.json", set, "sets/1.jsonl", shows(hashOf(dot)), name, dot + "x"}, []string{"error native_hash@0"}, 1},
		"a script for a picture":   {[]string{"shiken.json", set, "sets/1.jsonl", shows(hashOf("<svg/>")), "media/" + hashOf("<svg/>") + ".png", "<svg/>"}, []string{"warning media_svg@0"}, 1},
		"no picture":               {[]string{"shiken.json", set, "sets/1.jsonl", shows(hashOf(dot))}, []string{"warning media_missing@2"}, 1},
		"no set":                   {[]string{"shiken.json", set}, []string{"error zip_missing@0"}, 0},
		"a newer version":          {[]string{"shiken.json", strings.Replace(set, "1", `9,"key":"of tomorrow"`, 1), "sets/1.jsonl", nativeHead}, []string{"error native_version@0"}, 0},
		"a set outside":            {[]string{"shiken.json", strings.Replace(set, "basics", "../up", 1), "sets/1.jsonl", nativeHead + nativeLine}, nil, 1},
		"a name of dots":           {[]string{"shiken.json", strings.Replace(set, "basics", "..", 1), "sets/1.jsonl", nativeHead + nativeLine}, []string{"error native_set@0"}, 0},
		"no head":                  {[]string{"shiken.json", `{"format":"shiken-package"`}, []string{"error native_head@0"}, 0},
		"two exams":                {[]string{"shiken.json", packageHead, "exam.yaml", soundExam + "---\n" + soundExam}, []string{fmt.Sprintf("error exam_twice@%d", strings.Count(soundExam, "\n")+2), "error native_exam@0"}, 0},
		"an exam of no program":    {[]string{"shiken.json", packageHead, "exam.yaml", "exam: a\n"}, []string{"error exam_field_missing@1", "error exam_field_missing@1"}, 0},
		"a set that is in no head": {[]string{"shiken.json", packageHead, "exam.yaml", soundExam, "sets/1.jsonl", nativeHead + nativeLine}, []string{"error zip_missing@0"}, 2},
	} {
		t.Run(what, func(t *testing.T) {
			f := parse(t, "p.zip", packaged(t, tt.files...))
			got := found(f)
			if fmt.Sprint(got) != fmt.Sprint(tt.want) && (len(got) > 0 || len(tt.want) > 0) || f.Report.Counts.Taken != tt.taken || f.Format != questionset.Native {
				t.Errorf("%s: findings %q, want %q; %+v", f.Format, got, tt.want, f.Report.Counts)
			}
		})
	}
}

// FuzzNative reads the lines of a set, and a package of them.
func FuzzNative(f *testing.F) {
	f.Add([]byte(nativeHead + nativeLine))
	f.Add([]byte(packaged(f, "shiken.json", packageHead, "exam.yaml", soundExam, "sets/1.jsonl", nativeHead+nativeLine, "sets/2.jsonl", nativeHead)))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkFile(t, "f.jsonl", nativeHead+string(data))
		again := parse(t, "f.zip", packaged(t, "shiken.json", `{"format":"shiken-package","version":1,"sets":[{"set":"a","file":"a"}]}`, "a", nativeHead+string(data)))
		for i := range again.Questions {
			checkQuestion(t, &again.Questions[i])
		}
		checkFile(t, "f.zip", string(data))
	})
}
