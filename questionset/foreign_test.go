package questionset_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"shiken/questionset"
)

// Files of word processors, scanners and cameras are told as what they are, whatever format is forced.
func TestForeignFiles(t *testing.T) {
	var word bytes.Buffer
	z := zip.NewWriter(&word)
	for _, name := range []string{"word/document.xml", "word/embeddings/table.xlsx"} {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ data, code, says string }{
		"scan.png":       {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR{}", "foreign_picture", "PNG"},
		"exam.pdf":       {"%PDF-1.7\n<< /Type {x} >>", "foreign_pdf", ""},
		"exam.docx":      {word.String(), "foreign_document", "Word"},
		"questions.gift": {`{\rtf1 Which {=one}?}`, "foreign_document", "RTF"},
		"saved.csv":      {"<!DOCTYPE html><style>p{}</style>", "foreign_page", ""},
		"sound.txt":      {"ID3\x03\x00\x00{}", "foreign_binary", "MPEG"},
	} {
		for _, format := range []questionset.Format{questionset.Auto, questionset.GIFT, questionset.CSV} {
			f, err := questionset.Parse(t.Context(), name, strings.NewReader(tt.data), questionset.Options{Format: format})
			if err != nil || len(f.Questions) > 0 || len(f.Report.Findings) != 1 || string(f.Report.Findings[0].Code) != tt.code {
				t.Errorf("%s as %q: %+v, %v", name, format, f.Report.Findings, err)
				continue
			}
			for _, lang := range []string{"en", "ja"} {
				var text strings.Builder
				if err := f.Report.WriteText(&text, lang); err != nil || !strings.Contains(text.String(), tt.says) {
					t.Errorf("%s in %s: %q, %v", name, lang, &text, err)
				}
			}
		}
	}
}
