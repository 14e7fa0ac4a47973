package filetype_test

import (
	"archive/zip"
	"bytes"
	"testing"

	"shiken/internal/filetype"
)

// packed is a zip of files by name.
func packed(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOf(t *testing.T) {
	for name, tt := range map[string]struct {
		data  string
		class filetype.Class
		named string
	}{
		"PNG":               {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", filetype.Picture, "PNG"},
		"JPEG":              {"\xff\xd8\xff\xe0\x00\x10JFIF", filetype.Picture, "JPEG"},
		"GIF":               {"GIF89a\x01\x00\x01\x00", filetype.Picture, "GIF"},
		"WebP":              {"RIFF\x24\x00\x00\x00WEBPVP8 ", filetype.Picture, "WEBP"},
		"TIFF":              {"II*\x00\x08\x00\x00\x00", filetype.Picture, "TIFF"},
		"HEIC":              {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", filetype.Picture, "HEIC"},
		"MP3":               {"ID3\x03\x00\x00", filetype.Binary, "MPEG"},
		"gzip":              {"\x1f\x8b\x08\x00\x00", filetype.Binary, "GZIP"},
		"SQLite":            {"SQLite format 3\x00\x10\x00{ }", filetype.Binary, "SQLite"},
		"PDF":               {"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", filetype.PDF, "PDF"},
		"RTF":               {`{\rtf1\ansi Which {one}?}`, filetype.Document, "RTF"},
		"web page":          {"\ufeff\n<!DOCTYPE HTML>\n<html><style>p { }</style>", filetype.Page, "HTML"},
		"Word":              {packed(t, "[Content_Types].xml", "", "word/document.xml", "<w/>", "word/embeddings/1.xlsx", ""), filetype.Document, "Word"},
		"PowerPoint":        {packed(t, "ppt/presentation.xml", ""), filetype.Slides, "PowerPoint"},
		"ODT":               {packed(t, "mimetype", "application/vnd.oasis.opendocument.text"), filetype.Document, "ODT"},
		"ODS":               {packed(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), filetype.Sheet, "ODS"},
		"workbook":          {packed(t, "xl/workbook.xml", "<workbook/>"), filetype.Unknown, ""},
		"QTI":               {packed(t, "imsmanifest.xml", "<manifest/>", "word.xml", ""), filetype.Unknown, ""},
		"broken zip":        {"PK\x03\x04nothing", filetype.Unknown, ""},
		"nothing":           {"", filetype.Unknown, ""},
		"GIFT":              {"BM is {=short for ~the end of} something", filetype.Unknown, ""},
		"GIFT of HTML":      {"::q::[html]<p>What {=is}?</p>", filetype.Unknown, ""},
		"strange GIFT":      {"What\x01 is {=this}?", filetype.Unknown, ""},
		"cp932":             {"username,name\nhana,\x8eR\x93c\n", filetype.Unknown, ""},
		"about GIF":         {"GIF89a is a format {T}", filetype.Unknown, ""},
		"UTF-16":            {"\xff\xfeu\x00s\x00e\x00r\x00", filetype.Unknown, ""},
		"Moodle XML":        {"<?xml version=\"1.0\"?>\n<quiz></quiz>", filetype.Unknown, ""},
		"end of a DOS file": {"a,b\n\x1a", filetype.Unknown, ""},
	} {
		if got := filetype.Of([]byte(tt.data)); got.Class != tt.class || got.Name != tt.named {
			t.Errorf("%s: %+v, want %q %q", name, got, tt.class, tt.named)
		}
	}
}
