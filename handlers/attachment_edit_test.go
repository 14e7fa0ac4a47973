package handlers_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

const editPath = "/author/exams/test"

// attaching is a site with a draft that has no attachments, and cleo, an author.
func attaching(t *testing.T) (*site, *client) {
	s, c := editor(t)
	s.exam(func(d *exam.Definition) { d.Published = false })
	return s, c
}

// adds sends a file to be attached, by the form that the editor leads to.
func (c *client) adds(name string, data []byte, fields ...string) *answer {
	c.t.Helper()
	parts := []sentPart{aFile(name, string(data))}
	for i := 0; i+1 < len(fields); i += 2 {
		parts = append(parts, sentPart{name: fields[i], value: fields[i+1]})
	}
	contentType, body := formOf(c.t, parts...)
	return c.do(http.MethodPost, templates.AttachPath("test"), contentType, body)
}

// files names the attachments of the exam, with their titles.
func (s *site) files() []string {
	s.t.Helper()
	var out []string
	for _, a := range s.definition("test").Attachments {
		out = append(out, strings.TrimSpace(a.File+" "+a.Title["ja"]+" "+a.Title["en"]))
	}
	return out
}

func (s *site) wantsFiles(want ...string) {
	s.t.Helper()
	if got := s.files(); !slices.Equal(got, want) {
		s.t.Errorf("attachments %q, want %q", got, want)
	}
}

// Files are added on a page of their own, get titles, are put in order and removed by the editor's buttons,
// and every change is in the audit log.
func TestAttachmentsAreEdited(t *testing.T) {
	t.Parallel()
	s, c := attaching(t)
	form := with(c.get(editPath).status(http.StatusOK).editorForm(), "action", "attach", "pass_mark", "50")
	page := c.follow(c.post(editPath, form).leads(templates.AttachPath("test") + "?note=desk.saved")).status(http.StatusOK)
	if got := page.doc().Find("form[enctype='multipart/form-data'] input[type=file]").AttrOr("accept", ""); !contains(got, ".pdf") || contains(got, ".svg") {
		t.Errorf("the form accepts %q", got)
	}
	added := editPath + "?note=attachment.added"
	c.adds("公式集 1.pdf", sheet.media.Data, "title.ja", " 公式集 ", "title.en", "Formulas").leads(added)
	c.adds("figure.png", figure.media.Data).leads(added)
	c.adds("公式集 1.pdf", sheet.media.Data, "title.ja", "公式集", "title.en", "Formulas").leads(added) // sent again
	s.wantsFiles("公式集 1.pdf 公式集 Formulas", "figure.png")
	if d := s.definition("test"); d.Rules.PassMark != 50 || d.Attachments[0].Media != sheet.Media {
		t.Errorf("stored %+v", d)
	}
	editor := c.get(editPath).status(http.StatusOK)
	link := editor.doc().Find("[data-attachment] a[target=_blank][rel=noopener]").First().AttrOr("href", "")
	if got := c.get(link).status(http.StatusOK); got.body != string(sheet.media.Data) || got.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%s gives %d bytes of %s", link, len(got.body), got.header.Get("Content-Type"))
	}
	c.get(templates.AttachedPath("test", table.Media)).status(http.StatusNotFound)

	press := func(a *answer, action string, changes ...string) *answer {
		t.Helper()
		return c.post(editPath, with(a.editorForm(), append(changes, "action", action)...)).status(http.StatusOK)
	}
	moved := press(editor, "attachment-up:2", "attachments[2].title.ja", "図", "title.ja", "typed")
	s.wantsFiles("公式集 1.pdf 公式集 Formulas", "figure.png") // a button of the form stores nothing
	c.post(editPath, with(moved.editorForm(), "action", "save")).leads(editPath + "?note=desk.saved")
	s.wantsFiles("figure.png 図", "公式集 1.pdf 公式集 Formulas")
	down := press(c.get(editPath), "attachment-down:1")
	gone := press(down, "attachment-remove:1")
	if n := gone.doc().Find("[data-attachment]").Length(); n != 1 {
		t.Errorf("%d attachments in the form", n)
	}
	c.post(editPath, with(gone.editorForm(), "action", "save")).leads(editPath + "?note=desk.saved")
	s.wantsFiles("figure.png 図")
	want := []string{"exam.save test", "exam.save test", "exam.save test", "exam.save test", "exam.save test"}
	if got := s.audited(); !slices.Equal(got, want) {
		t.Errorf("audit log: %v", got)
	}
}

// An exam that is not there yet is saved first.
func TestAttachmentOfANewExam(t *testing.T) {
	t.Parallel()
	s, c := attaching(t)
	form := c.get("/author/exams/new").status(http.StatusOK).editorForm()
	form = with(form, "exam", "fresh", "title.ja", "題", "action", "attach")
	c.post("/author/exams", form).leads(templates.AttachPath("fresh") + "?note=desk.saved")
	if got := s.definition("fresh").Attachments; len(got) > 0 {
		t.Errorf("stored %+v", got)
	}
}

// What cannot be an attachment is refused on the form's page, which says why; titles stay as they were typed.
func TestAttachmentsThatAreRefused(t *testing.T) {
	t.Parallel()
	s, c := attaching(t)
	must(t, s.attach(c))
	large := bytes.Repeat([]byte("x"), questionset.MaxAttachment+1)
	for _, tt := range []struct {
		name    string
		data    []byte
		title   string
		problem string
	}{
		{"", nil, "", "no_file"},
		{"empty.txt", nil, "", "file"},
		{"a.html", []byte("<!DOCTYPE html><p>hello"), "", "file"},
		{"a.txt", []byte("<html><script>alert(1)</script>"), "", "file"},
		{"a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "", "file"},
		{"a.txt", []byte(`<?xml version="1.0"?><svg/>`), "", "file"},
		{"a.txt", []byte("caf\xe9"), "", "file"},
		{"a.txt", []byte("nul\x00"), "", "file"},
		{"a.mp3", tune.Data, "", "file"},
		{"a.zip", []byte("PK\x03\x04"), "", "file"},
		{"a.png", sheet.media.Data, "", "file"},
		{"a.pdf.exe", sheet.media.Data, "", "file"},
		{".pdf", sheet.media.Data, "", "file"},
		{"a:b.pdf", sheet.media.Data, "", "file"},
		{strings.Repeat("a", 250) + ".pdf", sheet.media.Data, "", "file"},
		{"large.txt", large, "", "file"},
		{"a.pdf", sheet.media.Data, strings.Repeat("長", 201), "title"},
		{"a.pdf", sheet.media.Data, "a\u202eb", "title"},
		{"SHEET.PDF", append(pagedPDF(), '\n'), "新しい", "used"},
	} {
		for _, lang := range []string{"ja", "en"} {
			c.lang = lang
			a := c.adds(tt.name, tt.data, "title.ja", tt.title).status(http.StatusUnprocessableEntity)
			alert := a.doc().Find("[data-refused]")
			if got := alert.AttrOr("data-refused", ""); got != tt.problem || alert.Find("p").Text() == "" {
				t.Errorf("%.20q %.20q: problem %q, %q", tt.name, tt.data, got, alert.Text())
			}
			if got := a.doc().Find("#title-ja").AttrOr("value", ""); got != tt.title {
				t.Errorf("%.20q: the title is %q", tt.name, got)
			}
		}
	}
	s.wantsFiles("sheet.pdf 公式集")
}

// attach gives the exam a first attachment by the form.
func (s *site) attach(c *client) error {
	s.t.Helper()
	if a := c.adds("sheet.pdf", sheet.media.Data, "title.ja", "公式集"); a.code != http.StatusSeeOther {
		return fmt.Errorf("status %d: %s", a.code, a.body)
	}
	return nil
}

// A file of a name that is there replaces that one only when its author says so; the title stays.
func TestAttachmentIsReplaced(t *testing.T) {
	t.Parallel()
	s, c := attaching(t)
	must(t, s.attach(c))
	other := append(pagedPDF(), "% revised\n"...)
	refused := c.adds("Sheet.pdf", other).status(http.StatusUnprocessableEntity)
	if refused.doc().Find("input[name=replace]").Length() != 1 {
		t.Error("no way to replace it is offered")
	}
	c.adds("Sheet.pdf", other, "replace", "1").leads(editPath + "?note=attachment.added")
	s.wantsFiles("Sheet.pdf 公式集")
	if got := s.definition("test").Attachments[0]; got.Media == sheet.Media || got.Size != int64(len(other)) {
		t.Errorf("stored %+v", got)
	}
}

// There are at most so many, and so much of them.
func TestAttachmentsAreBounded(t *testing.T) {
	t.Parallel()
	s, c := attaching(t)
	for i := range 3 {
		part := bytes.Repeat([]byte{byte('a' + i)}, questionset.MaxAttachment)
		c.adds(fmt.Sprintf("%d.txt", i), part).leads(editPath + "?note=attachment.added")
	}
	full := c.adds("more.txt", []byte("x")).status(http.StatusUnprocessableEntity)
	if got := full.doc().Find("[data-refused]").AttrOr("data-refused", ""); got != "total" {
		t.Errorf("problem %q", got)
	}
	var ten []attachedFile
	for i := range exam.MaxAttachments {
		ten = append(ten, attachable(fmt.Sprintf("%d.txt", i), []byte{byte('a' + i)}))
	}
	s.attaches(ten...)
	full = c.adds("more.txt", []byte("x")).status(http.StatusUnprocessableEntity)
	if got := full.doc().Find("[data-refused]").AttrOr("data-refused", ""); got != "full" {
		t.Errorf("problem %q", got)
	}
	if n := len(s.files()); n != exam.MaxAttachments {
		t.Errorf("%d attachments", n)
	}
}

// A file that is added while another author edits is lost to neither: whoever saves later is shown both.
func TestAttachmentAndAnotherAuthor(t *testing.T) {
	t.Parallel()
	s, c := attaching(t)
	open := with(c.get(editPath).editorForm(), "pass_mark", "70", "action", "save")
	must(t, s.attach(c))
	conflict := c.post(editPath, open).status(http.StatusConflict)
	rows := conflict.doc().Find("tr[data-field]")
	var fields []string
	rows.Each(func(_ int, r *selection) { fields = append(fields, r.AttrOr("data-field", "")) })
	want := []string{"attachments[1].file", "attachments[1].sha256", "attachments[1].title.ja", "pass_mark"}
	if !slices.Equal(fields, want) || !contains(rows.First().Text(), "sheet.pdf") || !contains(rows.First().Text(), "Attachment 1") {
		t.Errorf("the conflict shows %v: %s", fields, conflict.text("table"))
	}
	s.wantsFiles("sheet.pdf 公式集")

	form := c.get(editPath).editorForm()
	c.adds("figure.png", figure.media.Data).status(http.StatusSeeOther) // by another author, meanwhile
	a := c.post(editPath, with(form, "attachments[1].title.ja", "mine", "action", "save")).status(http.StatusConflict)
	again := a.doc().Find("form:has(input[name=revision])")
	c.post(again.AttrOr("action", ""), fieldsIn(again)).leads(editPath + "?note=desk.saved")
	s.wantsFiles("sheet.pdf mine")
}

// A form cannot name what is not stored, or is none of the types.
func TestForgedAttachments(t *testing.T) {
	t.Parallel()
	s, c := attaching(t)
	must(t, s.attach(c))
	s.stores(tune)
	for name, hash := range map[string]string{"unknown": strings.Repeat("0", 64), "a sound": tune.Hash, "no hash": "x"} {
		form := with(c.get(editPath).editorForm(), "attachments[2].file", "x.pdf", "attachments[2].sha256", hash, "action", "save")
		page := c.post(editPath, form).status(http.StatusUnprocessableEntity)
		if page.doc().Find("[data-refused] li").Length() != 1 {
			t.Errorf("%s: the page says %s", name, page.text("[data-refused]"))
		}
	}
	s.wantsFiles("sheet.pdf 公式集")
}

// The copy of an exam keeps its attachments, an author sits it with them on trial, and the exam's file names
// them: loaded here again it finds them, elsewhere it is refused and says how to mend that.
func TestAttachmentsGoWithTheExam(t *testing.T) {
	t.Parallel()
	s, c := attaching(t)
	must(t, s.attach(c))
	c.post(editPath+"/duplicate", url.Values{"exam": {"copy"}}).leads("/author/exams/copy?note=desk.copied")
	copied, was := s.definition("copy"), s.definition("test")
	if fmt.Sprint(copied.Attachments) != fmt.Sprint(was.Attachments) {
		t.Errorf("the copy has %+v", copied.Attachments)
	}
	start := c.get(previewOf).status(http.StatusOK)
	if !contains(start.text("dl.terms"), "1 file, to be opened") {
		t.Errorf("the preview begins with %s", start.text("dl.terms"))
	}
	page := c.beginsPreview()
	for _, p := range []*answer{page, c.presses(page, "review"), c.presses(c.presses(page, "review"), "submit")} {
		links := p.attachments()
		if len(links) != 1 || links[0].path != templates.AttachedPath("test", sheet.Media) {
			t.Fatalf("the preview links to %v", links)
		}
		c.get(links[0].path).status(http.StatusOK)
	}

	file := c.get(editPath + "/file").status(http.StatusOK).body
	if !contains(file, "file: sheet.pdf") || !contains(file, "sha256: "+sheet.Media) {
		t.Errorf("the file is %s", file)
	}
	if out := s.loads(c, c.brings("test.yaml", file)); !slices.Equal(out.Exams, []string{"test"}) {
		t.Errorf("loaded %+v", out)
	}
	if got := s.definition("test"); !bytes.Equal(exam.Canonical(got), exam.Canonical(was)) {
		t.Errorf("loaded %s", exam.Canonical(got))
	}
	other, author := desked(t)
	other.questions(3)
	report := author.brings("test.yaml", file).status(http.StatusOK)
	if report.doc().Find(`form[action$="/load"]`).Length() != 0 || !contains(report.text("main"), "sheet.pdf") {
		t.Errorf("elsewhere the report says %s", report.text("main"))
	}
	report = author.brings("test.yaml", strings.ReplaceAll(file, "    sha256: "+sheet.Media+"\n", "")).status(http.StatusOK)
	if report.doc().Find(`form[action$="/load"]`).Length() != 0 || !contains(report.text("main"), "attachments[1].file") {
		t.Errorf("without its hash the report says %s", report.text("main"))
	}
}

// An exam with attachments goes to another installation as one file, and comes back as the same bytes.
func TestAttachmentsInPackages(t *testing.T) {
	t.Parallel()
	s, c := attaching(t)
	must(t, s.attach(c))
	c.adds("表.txt", table.media.Data).status(http.StatusSeeOther)
	first := c.get(editPath + "/package").status(http.StatusOK).body
	other, author := desked(t)
	out := other.loads(author, author.brings("test.shiken.zip", first))
	if !slices.Equal(out.Exams, []string{"test"}) {
		t.Fatalf("loaded %+v", out)
	}
	other.wantsFiles("sheet.pdf 公式集", "表.txt")
	if got := author.get(templates.AttachedPath("test", table.Media)).status(http.StatusOK); got.body != string(table.media.Data) {
		t.Error("another content came")
	}
	if again := author.get(editPath + "/package").status(http.StatusOK).body; again != first {
		t.Errorf("exported there it is other: %d and %d bytes", len(again), len(first))
	}
}

// busyDesk is a store on which somebody else saves before every save, so many times.
type busyDesk struct {
	store.Store
	times *int
}

type busyActions struct {
	store.Actions
	desk busyDesk
}

func (b busyDesk) By(act store.Act) store.Actions { return busyActions{b.Store.By(act), b} }

func (a busyActions) ReviseDefinition(ctx context.Context, d exam.Definition, base int, media ...store.Media) (int, error) {
	if *a.desk.times--; *a.desk.times >= 0 {
		other, err := a.desk.Revised(ctx, d.Slug)
		if err != nil {
			return 0, err
		}
		other.Definition.Rules.PassMark++
		if err := a.desk.PutDefinition(ctx, other.Definition); err != nil {
			return 0, err
		}
	}
	return a.Actions.ReviseDefinition(ctx, d, base, media...)
}

// A file is added to what others save meanwhile; where they never stop, its author is told.
func TestAttachmentWhileOthersSave(t *testing.T) {
	t.Parallel()
	times := 0
	s := newSite(t, func(s *site) { s.between = func(in store.Store) store.Store { return busyDesk{in, &times} } })
	s.user("cleo", store.RoleAuthor)
	s.questions(3)
	s.exam()
	c := s.signedIn("cleo").inProcess(s)
	times = 2
	must(t, s.attach(c))
	s.wantsFiles("sheet.pdf 公式集")
	if d := s.definition("test"); d.Rules.PassMark != 2 {
		t.Errorf("what others saved is lost: pass mark %d", d.Rules.PassMark)
	}
	times = 1_000
	a := c.adds("figure.png", figure.media.Data).status(http.StatusConflict)
	if got := a.doc().Find("[data-refused]").AttrOr("data-refused", ""); got != "moved" {
		t.Errorf("problem %q", got)
	}
	s.wantsFiles("sheet.pdf 公式集")
}
