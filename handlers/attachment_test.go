package handlers_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/handlers"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// pagedPDF is a PDF of one empty page, as viewers take it.
func pagedPDF() []byte {
	var b strings.Builder
	var at []int
	b.WriteString("%PDF-1.4\n")
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := b.Len()
	b.WriteString("xref\n0 4\n0000000000 65535 f \n")
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", table)
	return []byte(b.String())
}

// sheet is a formula sheet, figure a picture, table a text.
var (
	sheet  = attachable("公式集 1.pdf", pagedPDF())
	figure = attachable("figure.png", pixel.Data)
	table  = attachable("表.txt", []byte("\uFEFFE = mc²\n<script>alert(1)</script>\n"))
)

// attachedFile is a file that can be an attachment.
type attachedFile struct {
	exam.Attachment
	media questionset.Media
}

func attachable(name string, data []byte) attachedFile {
	a, m, report := questionset.NewAttachment(name, data)
	if !report.Sound() {
		panic(fmt.Sprint(report.Findings))
	}
	return attachedFile{a, m}
}

func titledFile(f attachedFile, ja, en string) attachedFile {
	f.Title = exam.Title{"ja": ja, "en": en}
	return f
}

// attaches stores the exam with some attachments in place of those that it has.
func (s *site) attaches(files ...attachedFile) {
	s.t.Helper()
	d := s.definition("test")
	d.Attachments = nil
	var media []store.Media
	for _, f := range files {
		d.Attachments = append(d.Attachments, f.Attachment)
		media = append(media, store.Media{Hash: f.media.Hash, Type: f.media.Type, Data: f.media.Data})
	}
	must(s.t, s.store.PutDefinition(s.t.Context(), d, media...))
}

// attached is a site with an exam of two questions and three attachments.
func attached(t *testing.T, changes ...func(*exam.Definition)) *site {
	s := newSite(t)
	s.questions(2)
	s.exam(changes...)
	s.attaches(titledFile(sheet, "公式集", "Formulas <b>"), figure, table)
	return s
}

// attachmentLink is a link to an attachment as a page shows it.
type attachmentLink struct{ path, text string }

func (a *answer) attachments() []attachmentLink {
	a.t.Helper()
	var out []attachmentLink
	a.doc().Find("[data-attachments] a").Each(func(_ int, l *selection) {
		if l.AttrOr("target", "") != "_blank" || l.AttrOr("rel", "") != "noopener" {
			a.t.Errorf("%s does not open by itself", l.Text())
		}
		out = append(out, attachmentLink{l.AttrOr("href", ""), strings.Join(strings.Fields(l.Text()), " ")})
	})
	return out
}

// Before the start a candidate is told how many attachments there are, and nothing else; from then on every
// page of the attempt links to them, and each is sent as just what it is.
func TestAttachmentsDuringTheAttempt(t *testing.T) {
	t.Parallel()
	s := attached(t)
	c := s.signedIn("ann")
	c.lang = "en"
	before := c.get("/exams/test").status(http.StatusOK)
	if !contains(before.text("main"), "3 files, to be opened once you have started") || contains(before.body, "Formulas") || contains(before.body, "figure.png") {
		t.Errorf("before the start: %s", before.text("main"))
	}
	attempt := c.start()
	want := []attachmentLink{
		{attempt + "/attachments/1", "Formulas <b> (PDF, 1 KB) opens in a new tab"},
		{attempt + "/attachments/2", "figure.png (PNG, 1 KB) opens in a new tab"},
		{attempt + "/attachments/3", "表.txt (TXT, 1 KB) opens in a new tab"},
	}
	for _, path := range []string{questionPath(attempt, 1), questionPath(attempt, 2), attempt + "/review"} {
		if got := c.get(path).status(http.StatusOK).attachments(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s links to %q", path, got)
		}
	}
	if got := c.get("/exams/test").text("main"); contains(got, "3 files") {
		t.Error("the page of the exam still tells what comes once it is started")
	}
	for i, tt := range []struct {
		file                attachedFile
		disposition, policy string
	}{
		{sheet, `inline; filename="___ 1.pdf"; filename*=UTF-8''%E5%85%AC%E5%BC%8F%E9%9B%86%201.pdf`, ""},
		{figure, `inline; filename="figure.png"`, "sandbox; style-src 'unsafe-inline'; "},
		{table, `inline; filename="_.txt"; filename*=UTF-8''%E8%A1%A8.txt`, "sandbox; "},
	} {
		a := c.get(want[i].path).status(http.StatusOK)
		if a.body != string(tt.file.media.Data) {
			t.Errorf("%s: %d bytes, want %d", tt.file.File, len(a.body), len(tt.file.media.Data))
		}
		for header, want := range map[string]string{
			"Content-Type": tt.file.Type, "Content-Disposition": tt.disposition, "Cache-Control": "private, no-cache",
			"X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
			"Content-Security-Policy": tt.policy + "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		} {
			if got := a.header.Values(header); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s %q, want %q", tt.file.File, header, got, want)
			}
		}
		tag := a.header.Get("Etag")
		if tag == "" || contains(tag, tt.file.Media) || contains(a.header.Get("Location"), tt.file.Media) {
			t.Errorf("%s: tag %s", tt.file.File, tag)
		}
		c.wantsPart(want[i].path, "If-None-Match", tag, http.StatusNotModified, nil)
		c.wantsPart(want[i].path, "Range", "bytes=1-4", http.StatusPartialContent, tt.file.media.Data[1:5])
		if head := c.asking(http.MethodHead, want[i].path, nil); head.code != http.StatusOK || head.body != "" {
			t.Errorf("HEAD: %d", head.code)
		}
	}
	for _, n := range []string{"4", "0", "01", "99", "100", "x", "1/", "-1"} {
		c.get(attempt + "/attachments/" + n).status(http.StatusNotFound)
	}
}

// Nobody else has them: no other candidate, nobody who is signed out, and no address of media.
func TestAttachmentsAreTheCandidatesOwn(t *testing.T) {
	t.Parallel()
	s := attached(t)
	ann, bob := s.signedIn("ann"), s.signedIn("bob")
	path := ann.start() + "/attachments/1"
	bob.get(path).status(http.StatusNotFound)
	bob.start()
	bob.get(path).status(http.StatusNotFound)
	s.client().get(path).leads("/login?next=" + strings.ReplaceAll(path, "/", "%2F"))
	ann.get("/media/" + sheet.Media + ".pdf").status(http.StatusNotFound)
	ann.get("/media/" + table.Media + ".txt").status(http.StatusNotFound)
	for _, who := range []*client{ann, bob} {
		who.get("/author/exams/test/attachments").status(http.StatusNotFound)
		who.get(templates.AttachedPath("test", sheet.Media)).status(http.StatusNotFound)
	}
}

// Once the attempt is over they lead to the result like its questions, until these are shown there.
func TestAttachmentsAfterTheAttempt(t *testing.T) {
	t.Parallel()
	now, never := exam.Release{When: exam.Immediately}, exam.Release{When: exam.Never}
	for _, tt := range []struct {
		name                 string
		score, answers, keys exam.Release
		shown, voided        bool
	}{
		{name: "nothing released", score: never, answers: never, keys: never},
		{name: "the score alone", score: now, answers: never, keys: never},
		{name: "answers", score: never, answers: now, keys: never, shown: true},
		{name: "keys", score: never, answers: never, keys: now, shown: true},
		{name: "voided", score: now, answers: now, keys: now, voided: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := attached(t, func(d *exam.Definition) {
				d.Rules.Release = exam.ReleaseRules{Score: tt.score, Answers: tt.answers, Keys: tt.keys}
			})
			c := s.signedIn("ann")
			attempt := c.start()
			c.submit(attempt)
			if tt.voided {
				s.admin(attempt, exam.Command{Kind: exam.Void})
			}
			result := c.get(attempt + "/result").status(http.StatusOK)
			if got := len(result.attachments()) == 3; got != tt.shown {
				t.Errorf("links on the result: %v", result.attachments())
			}
			a := c.get(attempt + "/attachments/1")
			if tt.shown {
				a.status(http.StatusOK)
			} else {
				a.leads(attempt + "/result?note=closed")
			}
			c.get(attempt + "/attachments/4").status(http.StatusNotFound)
		})
	}
}

// While it is paused, and between the end of the time and the closing, they are not shown either.
func TestAttachmentsWhileNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	s := attached(t)
	c := s.signedIn("ann")
	attempt := c.start()
	s.admin(attempt, exam.Command{Kind: exam.Pause})
	c.get(attempt + "/attachments/1").leads(attempt)
	if got := c.get(questionPath(attempt, 1)).status(http.StatusOK).attachments(); len(got) > 0 {
		t.Errorf("a paused attempt links to %v", got)
	}
	s.admin(attempt, exam.Command{Kind: exam.Resume})
	c.get(attempt + "/attachments/1").status(http.StatusOK)

	late := s.beganAt("bob", 31*exam.Minute)
	s.signedIn("bob").get(late + "/attachments/1").leads(late + "/result")
}

// R14: what an exam is given later, or loses, does not change an attempt that has begun, wherever it is read.
func TestAttachmentsOfAnAttemptStay(t *testing.T) {
	t.Parallel()
	s := attached(t)
	c := s.signedIn("ann")
	attempt := c.start()
	other := attachable(sheet.File, append(pagedPDF(), "% another\n"...))
	s.attaches(titledFile(other, "新しい公式集", "New formulas"))
	page := c.question(attempt, 1)
	if got := page.attachments(); len(got) != 3 || !strings.HasPrefix(got[0].text, "Formulas <b>") {
		t.Errorf("the attempt links to %q", got)
	}
	if got := c.get(attempt + "/attachments/1"); got.body != string(sheet.media.Data) {
		t.Error("the attempt has another content")
	}
	bob := s.signedIn("bob")
	later := bob.start()
	if got := bob.get(later + "/attachments/1"); got.body != string(other.media.Data) || len(bob.question(later, 1).attachments()) != 1 {
		t.Error("who begins later does not have what there is now")
	}
	s.attaches()
	c.get(attempt + "/attachments/3").status(http.StatusOK)
	if dan := s.signedIn("dan"); len(dan.question(dan.start(), 1).attachments()) != 0 {
		t.Error("what was removed is still given")
	}
}

// Large files are read in parts, and a slow line has time for them.
func TestLargeAttachment(t *testing.T) {
	t.Parallel()
	s := attached(t)
	large := attachable("large.txt", []byte(strings.Repeat("0123456789abcdef", questionset.MaxAttachment/16)))
	s.attaches(large)
	c := s.signedIn("ann")
	attempt := c.start()
	if got := c.question(attempt, 1).attachments(); len(got) != 1 || !contains(got[0].text, "8.0 MB") {
		t.Errorf("links %q", got)
	}
	a := c.get(attempt + "/attachments/1").status(http.StatusOK)
	if a.body != string(large.media.Data) || a.header.Get("Content-Length") != strconv.Itoa(len(large.media.Data)) {
		t.Errorf("%d bytes", len(a.body))
	}
	end := []byte("f")
	c.wantsPart(attempt+"/attachments/1", "Range", "bytes=-1", http.StatusPartialContent, end)
}

// Names of files go into a header whatever they are.
func TestInlineFile(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a b.pdf":     `inline; filename="a b.pdf"`,
		`a"b\c.pdf`:   `inline; filename="a_b_c.pdf"; filename*=UTF-8''a%22b%5Cc.pdf`,
		"50%.pdf":     `inline; filename="50_.pdf"; filename*=UTF-8''50%25.pdf`,
		"é;x.txt":     `inline; filename="_;x.txt"; filename*=UTF-8''%C3%A9%3Bx.txt`,
		"a\r\nb.pdf":  `inline; filename="a__b.pdf"; filename*=UTF-8''a%0D%0Ab.pdf`,
		"plain.PDF":   `inline; filename="plain.PDF"`,
		"公式集.pdf":     `inline; filename="___.pdf"; filename*=UTF-8''%E5%85%AC%E5%BC%8F%E9%9B%86.pdf`,
		"semi;n.webp": `inline; filename="semi;n.webp"`,
	} {
		if got := handlers.InlineFile(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}
