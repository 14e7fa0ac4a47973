package questionset_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"time"

	"shiken/exam"
	"shiken/questionset"
)

const (
	onePDF = "%PDF-1.4\n%%EOF\n"
	onePNG = "\x89PNG\r\n\x1a\n a picture"
)

// parseBeside reads an exam file that stands in a folder with other files.
func parseBeside(t *testing.T, text string, files map[string]string) *questionset.File {
	t.Helper()
	beside := func(name string) (io.ReadCloser, error) {
		if !fs.ValidPath(name) {
			t.Errorf("asked for %q", name)
		}
		data, there := files[name]
		switch {
		case !there:
			return nil, fs.ErrNotExist
		case data == "unreadable":
			return nil, fs.ErrPermission
		}
		return io.NopCloser(strings.NewReader(data)), nil
	}
	f, err := questionset.Parse(t.Context(), "exam.yaml", strings.NewReader(text), questionset.Options{Beside: beside})
	must(t, err)
	return f
}

// withAttachments is an exam file with a list of attachments.
func withAttachments(list string) string {
	return "exam: a\ntitle: A\nattachments: " + list + "\nsections: [{from: {set: s}}]\n"
}

func contentHash(data string) string {
	_, m, _ := questionset.NewAttachment("x.pdf", []byte(data))
	return m.Hash
}

// Files beside the exam file become its attachments, in their order, and their contents those of the file.
func TestAttachments(t *testing.T) {
	files := map[string]string{"formulas.pdf": onePDF, "figures/1.PNG": onePNG, "表.txt": "E = mc²\r\n"}
	text := withAttachments("\n  - {file: formulas.pdf, title: {ja: 公式集, en: Formulas}}\n  - {file: './figures\\1.PNG', title: Figure}\n  - {file: 表.txt, sha256: " + contentHash(onePDF) + "}")
	f := parseBeside(t, text, files)
	wantFound(t, f, "error attachment_other@6")
	f = parseBeside(t, strings.ReplaceAll(text, ", sha256: "+contentHash(onePDF), ""), files)
	wantFound(t, f)
	want := []exam.Attachment{
		{Title: exam.Title{"ja": "公式集", "en": "Formulas"}, File: "formulas.pdf", Type: "application/pdf", Size: int64(len(onePDF))},
		{Title: exam.Title{"": "Figure"}, File: "1.PNG", Type: "image/png", Size: int64(len(onePNG))},
		{File: "表.txt", Type: "text/plain; charset=utf-8", Size: int64(len(files["表.txt"]))},
	}
	got := f.Definitions[0].Attachments
	for i := range got {
		m := f.Media[got[i].Media]
		if want[i].Media = got[i].Media; string(m.Data) != files[[]string{"formulas.pdf", "figures/1.PNG", "表.txt"}[i]] || m.Type != want[i].Type {
			t.Errorf("attachment %d holds %d bytes of %q", i+1, len(m.Data), m.Type)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v", got)
	}
}

// What is written of an exam with attachments is read as the same exam; what is stored already is named by
// its hash alone.
func TestAttachmentsAreWritten(t *testing.T) {
	d := parseBeside(t, withAttachments("[{file: a b.pdf, title: {ja: 公}}, {file: '#1.png'}]"), map[string]string{"a b.pdf": onePDF, "#1.png": onePNG}).Definitions[0]
	var b bytes.Buffer
	must(t, questionset.WriteExam(&b, &d))
	if again := parseBeside(t, b.String(), map[string]string{"a b.pdf": onePDF, "#1.png": onePNG}); asJSON(t, again.Definitions) != asJSON(t, []exam.Definition{d}) {
		t.Errorf("read again %s, %q", asJSON(t, again.Definitions), found(again))
	}
	known := d
	known.Attachments = []exam.Attachment{d.Attachments[0], d.Attachments[1]}
	for i := range known.Attachments {
		known.Attachments[i].Type, known.Attachments[i].Size = "", 0
	}
	alone := parse(t, "exam.yaml", b.String())
	wantFound(t, alone)
	fields, report := questionset.ReadFields(questionset.FieldsOf(&d, time.UTC), time.UTC)
	if want := asJSON(t, []exam.Definition{known}); asJSON(t, alone.Definitions) != want || asJSON(t, []exam.Definition{fields}) != want || !report.Sound() {
		t.Errorf("without the files %s, as fields %s, %+v", asJSON(t, alone.Definitions), asJSON(t, []exam.Definition{fields}), report.Findings)
	}
}

func TestAttachmentsThatAreRefused(t *testing.T) {
	large := strings.Repeat("x", questionset.MaxAttachment)
	files := map[string]string{
		"a.pdf": onePDF, "A.PDF": onePDF, "a.png": onePDF, "empty.txt": "", "page.html": "<!DOCTYPE html><p>x", "page.txt": " \n<html>",
		"a.svg": "<svg/>", "svg.txt": "text <svg onload=alert(1)>", "xml.txt": "<?xml version='1.0'?><a/>", "latin.txt": "caf\xe9",
		"utf16.txt": "\xff\xfea\x00", "bell.txt": "\a", "sound.mp3": "ID3 a tune", "locked.pdf": "unreadable",
		"large.txt": large, "larger.txt": large + "x", ".pdf": onePDF, "a\u202eb.pdf": onePDF, "a|b.pdf": onePDF, strings.Repeat("a", 200) + ".pdf": onePDF,
	}
	eleven := strings.Repeat("{file: a.pdf}, ", exam.MaxAttachments+1)
	for list, code := range map[string]string{
		"a.pdf": "attachments_list", "[" + eleven + "]": "attachments_list", "[a.pdf]": "exam_not_mapping",
		"[{title: A}]": "exam_field_missing", "[{file: a.pdf, name: A}]": "exam_field_unknown", "[{file: a.pdf, title: ' '}]": "exam_name",
		"[{file: a.pdf, sha256: ABC}]": "attachment_hash", "[{file: a.pdf, sha256: " + strings.Repeat("G", 64) + "}]": "attachment_hash",
		"[{file: a.pdf}, {file: A.PDF}]": "attachment_twice",
		"[{file: ../a.pdf}]":             "attachment_path", "[{file: /a.pdf}]": "attachment_path", "[{file: 'C:\\a.pdf'}]": "attachment_path",
		"[{file: a/../../a.pdf}]": "attachment_path", "[{file: [a.pdf]}]": "attachment_path", "[{file: '..\\a.pdf'}]": "attachment_path", "[{file: .}]": "attachment_path",
		"[{file: none.pdf}]": "attachment_missing", "[{file: locked.pdf}]": "attachment_unreadable",
		"[{file: a.png}]": "attachment_ending", "[{file: empty.txt}]": "attachment_empty", "[{file: page.html}]": "attachment_type",
		"[{file: page.txt}]": "attachment_type", "[{file: a.svg}]": "attachment_type", "[{file: svg.txt}]": "attachment_type", "[{file: xml.txt}]": "attachment_type",
		"[{file: latin.txt}]": "attachment_type", "[{file: utf16.txt}]": "attachment_type", "[{file: bell.txt}]": "attachment_type", "[{file: sound.mp3}]": "attachment_type",
		"[{file: larger.txt}]": "attachment_large", "[{file: .pdf}]": "attachment_name", "[{file: \"a\\u202eb.pdf\"}]": "attachment_name", "[{file: 'a|b.pdf'}]": "attachment_name",
		"[{file: " + strings.Repeat("a", 200) + ".pdf}]": "attachment_name", "[{file: 'x|y.pdf', sha256: " + contentHash(onePDF) + "}]": "attachment_name",
	} {
		f := parseBeside(t, withAttachments(list), files)
		if len(f.Definitions) != 0 || len(f.Report.Findings) == 0 || string(f.Report.Findings[0].Code) != code {
			t.Errorf("%.60s: %q, want %s", list, found(f), code)
		}
	}
	f := parseBeside(t, withAttachments("[{file: large.txt}]"), files)
	wantFound(t, f)
}

// packagedExam is a package of an exam with two attachments.
func packagedExam(t *testing.T) (d exam.Definition, text string) {
	t.Helper()
	f := parseBeside(t, withAttachments("[{file: 公式.pdf}, {file: b.png, title: B}]"), map[string]string{"公式.pdf": onePDF, "b.png": onePNG})
	d = f.Definitions[0]
	var b bytes.Buffer
	p := questionset.NewPackage(&b, &d, nil)
	must(t, p.Exam())
	for i := range d.Attachments {
		must(t, p.Attachment(&d.Attachments[i], bytes.NewReader(f.Media[d.Attachments[i].Media].Data)))
	}
	must(t, p.Close())
	return d, b.String()
}

// Attachments go with the exam in its package, whose version says so; older packages are read as ever.
func TestAttachmentsInAPackage(t *testing.T) {
	d, text := packagedExam(t)
	again := parse(t, "a"+questionset.PackageEnding, text)
	wantFound(t, again)
	if !reflect.DeepEqual(again.Definitions, []exam.Definition{d}) || string(again.Media[d.Attachments[1].Media].Data) != onePNG {
		t.Errorf("read %+v", again.Definitions)
	}
	head := unzipped(t, text)["shiken.json"]
	if !strings.Contains(head, `"version": 2`) {
		t.Errorf("the package begins with %s", head)
	}
	for what, tt := range map[string]struct{ file, from, to, code string }{
		"another content": {"attachments/b.png", "picture", "pixture", "attachment_other"},
		"a version to be": {"shiken.json", `"version": 2`, `"version": 3`, "native_version"},
		"a way out":       {"exam.yaml", "attachments/b.png", "../b.png", "attachment_path"},
		"no file":         {"exam.yaml", "file: attachments/b.png", "file: attachments/c.png", ""},
	} {
		files := unzipped(t, text)
		if !strings.Contains(files[tt.file], tt.from) {
			t.Fatalf("%s: %s", what, files[tt.file])
		}
		files[tt.file] = strings.ReplaceAll(files[tt.file], tt.from, tt.to)
		f := parse(t, "a"+questionset.PackageEnding, rezipped(t, files))
		switch {
		case tt.code == "": // its hash may be known where it is loaded
			if len(f.Definitions) != 1 || f.Definitions[0].Attachments[1].Type != "" {
				t.Errorf("%s: read %+v, %q", what, f.Definitions, found(f))
			}
		case len(f.Definitions) != 0 || len(f.Report.Findings) == 0 || string(f.Report.Findings[0].Code) != tt.code:
			t.Errorf("%s: %q, want %s", what, found(f), tt.code)
		}
	}
}

func unzipped(t *testing.T, text string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	must(t, err)
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		data, err := io.ReadAll(r)
		must(t, errors.Join(err, r.Close()))
		out[f.Name] = string(data)
	}
	return out
}

func rezipped(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range files {
		w, err := z.Create(name)
		must(t, err)
		_, err = io.WriteString(w, data)
		must(t, err)
	}
	must(t, z.Close())
	return b.String()
}

// A package that unpacks to more than it may is refused, whatever its attachments claim.
func TestAttachmentsAreBounded(t *testing.T) {
	_, text := packagedExam(t)
	files := unzipped(t, text)
	files["attachments/b.png"] = onePNG + strings.Repeat("\x00", questionset.MaxAttachment)
	f := parse(t, "a"+questionset.PackageEnding, rezipped(t, files))
	if len(f.Definitions) != 0 || len(f.Report.Findings) == 0 || string(f.Report.Findings[0].Code) != "attachment_large" {
		t.Errorf("%q", found(f))
	}
}
