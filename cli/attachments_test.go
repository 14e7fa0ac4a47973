package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shiken/cli"
)

const sheetPDF = "%PDF-1.4\n%%EOF\n"

const attachedExam = `exam: attached
title: Attached
open_to: [everyone]
attachments:
  - file: formulas.pdf
    title: {ja: 公式集, en: Formulas}
  - file: tables/表.txt
sections:
  - from: {set: more dots}
`

// folderOf is a folder with files.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, data := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func fileText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// attachedAt is a terminal at an installation with an exam that has two attachments.
func attachedAt(t *testing.T) *shell {
	t.Helper()
	sh := newShell(t)
	sh.run(cli.ExitOK, moreDots, "load", "-", "--set=more dots", "--format=gift")
	folder := folderOf(t, map[string]string{"exam.yaml": attachedExam, "formulas.pdf": sheetPDF, "tables/表.txt": "E = mc²\n"})
	path := filepath.Join(folder, "exam.yaml")
	out, _ := sh.run(cli.ExitOK, "", "load", path, "--dry-run")
	wantContains(t, out, "exam attached: attachment formulas.pdf (application/pdf, 1 KB).", "attachment 表.txt (text/plain; charset=utf-8, 1 KB)", "Exam attached can be loaded.")
	out, _ = sh.run(cli.ExitOK, "", "load", path)
	wantContains(t, out, "Exam attached was loaded.")
	return sh
}

// Attachments are loaded from the folder of the exam file, written beside it, and go with the package.
func TestAttachmentsGoAndCome(t *testing.T) {
	from := attachedAt(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "again.yaml")
	_, said := from.run(cli.ExitOK, "", "export", "attached", "-o", file)
	wantContains(t, said, "formulas.pdf was written", "表.txt was written")
	if fileText(t, filepath.Join(folder, "formulas.pdf")) != sheetPDF || fileText(t, filepath.Join(folder, "表.txt")) != "E = mc²\n" {
		t.Error("the files hold something else")
	}
	first := filepath.Join(folder, "first.shiken.zip")
	from.run(cli.ExitOK, "", "export", "--package", "attached", "-o", first)
	for name, path := range map[string]string{"the file": file, "the package": first} {
		to := newShell(t)
		to.run(cli.ExitOK, moreDots, "load", "-", "--set=more dots", "--format=gift")
		out, _ := to.run(cli.ExitOK, "", "load", path)
		wantContains(t, out, "attachment formulas.pdf", "Exam attached was loaded.")
		again, _ := to.run(cli.ExitOK, "", "export", "--package", "attached")
		if again != fileText(t, first) {
			t.Errorf("loaded from %s and exported again it is other", name)
		}
	}
	out, _ := from.run(cli.ExitOK, "", "load", file, "--report=json")
	var report struct {
		Files []struct {
			Exams []struct {
				Attachments []struct {
					Name, Type string
					Bytes      int
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if got := report.Files[0].Exams[0].Attachments; len(got) != 2 || got[0].Name != "formulas.pdf" || got[0].Bytes != len(sheetPDF) {
		t.Errorf("the report tells %+v", got)
	}
	from.verifies()
}

// verifies wants that the installation is sound.
func (sh *shell) verifies() {
	sh.t.Helper()
	sh.run(cli.ExitOK, "", "verify")
}

// What is written at the standard output has its attachments by name alone: here they are known by their hash.
func TestAttachmentsAreLeftOut(t *testing.T) {
	from := attachedAt(t)
	text, said := from.run(cli.ExitOK, "", "export", "attached")
	wantContains(t, said, "The exam has 2 attachments, which are not in this output")
	out, _ := from.run(cli.ExitOK, text, "load", "-", "--format=exam")
	wantContains(t, out, "attachment formulas.pdf (application/pdf, 1 KB)", "Exam attached was loaded.")
	to := newShell(t)
	to.run(cli.ExitOK, moreDots, "load", "-", "--set=more dots", "--format=gift")
	out, said = to.run(cli.ExitRefused, text, "load", "-", "--format=exam")
	wantContains(t, out+said, "the attachment formulas.pdf is neither beside the exam file nor known here", "an exam lacks an attachment")
	to.run(cli.ExitRefused, "", "export", "attached")
}

// Files are not written over others that say something else, unless that is wanted.
func TestAttachmentsAreNotWrittenOver(t *testing.T) {
	from := attachedAt(t)
	folder := folderOf(t, map[string]string{"formulas.pdf": "another", "表.txt": "E = mc²\n"})
	file := filepath.Join(folder, "exam.yaml")
	_, said := from.run(cli.ExitRefused, "", "export", "attached", "-o", file)
	wantContains(t, said, "formulas.pdf already")
	if _, err := os.Stat(file); err == nil || fileText(t, filepath.Join(folder, "formulas.pdf")) != "another" {
		t.Error("something was written")
	}
	from.run(cli.ExitRefused, "", "export", "attached", "-o", filepath.Join(folder, "表.TXT"))
	from.run(cli.ExitOK, "", "export", "attached", "-o", file, "--force")
	if fileText(t, filepath.Join(folder, "formulas.pdf")) != sheetPDF {
		t.Error("it was not written over")
	}
}

// Nothing is read but ordinary files in the folder of the exam file and below it.
func TestAttachmentsFromElsewhere(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, moreDots, "load", "-", "--set=more dots", "--format=gift")
	folder := folderOf(t, map[string]string{"secret.txt": "secret", "exams/own.txt": "own"})
	exams := filepath.Join(folder, "exams")
	for link, to := range map[string]string{"out.txt": "../secret.txt", "in.txt": "own.txt"} {
		if err := os.Symlink(to, filepath.Join(exams, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(exams, "folder.txt"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"in.txt": "", "out.txt": "cannot be read", "folder.txt": "cannot be read", "../secret.txt": "does not name a file in the folder",
		filepath.Join(folder, "secret.txt"): "does not name a file in the folder", "none.txt": "There is no file “none.txt” beside the exam file",
	} {
		file := filepath.Join(exams, "exam.yaml")
		text := strings.Replace(attachedExam, "formulas.pdf", name, 1)
		text = strings.Replace(text, "  - file: tables/表.txt\n", "", 1)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		code := cli.ExitRefused
		if want == "" {
			code = cli.ExitOK
		}
		out, said := sh.run(code, "", "load", file)
		wantContains(t, out+said, want)
	}
}
