package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shiken/questionset"
)

const testData = "../../questionset/testdata"

// docs/formats.md is what the program writes: `make formats` after a change of a format or its test data.
func TestDocumentIsUpToDate(t *testing.T) {
	all, err := readFolder(testData, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := broken(all); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written, document(all)) {
		t.Error("docs/formats.md is out of date: make formats")
	}
}

// Every file has its line, and the line tells question files from others.
func TestLines(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{
		"a/sound.gift": "Q{T}\n\nW{}\n\nX{#x}", "a/picture.png": "\x89PNG {", "LICENSE": "a {b}", "notes.txt": "only words", "data.json": `{"a": 1}`,
		"empty.csv": "", "README.md": "Q{T}", "broken.zip": "PK\x03\x04", ".git/config": "Q{T}",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(folder, filepath.Join(folder, "loop")); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	s := settings{limit: time.Minute}
	if err := s.run(&b, []string{folder}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"a/sound.gift": "gift 3 2 1 1 0 a/sound.gift gift_number 1", "a/picture.png": "- a/picture.png skipped: not recognised",
		"LICENSE": "- LICENSE skipped: not recognised", "notes.txt": "- notes.txt skipped: not recognised",
		"data.json": "- data.json skipped: not recognised", "empty.csv": "- empty.csv skipped: not recognised",
		"README.md": "- README.md skipped: not recognised", "broken.zip": "? 0 0 0 0 0 broken.zip zip_broken 1",
	}
	got := map[string]string{}
	lines, summary, _ := strings.Cut(b.String(), "\n\n")
	for _, line := range strings.Split(lines, "\n")[1:] {
		words := strings.Join(strings.Fields(line), " ")
		for name := range want {
			if strings.Contains(words, " "+name+" ") {
				got[name] = words
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	if words := strings.Join(strings.Fields(summary), " "); !strings.HasSuffix(words, "all 2 3 2 1 1 0 6 files skipped") {
		t.Error(words)
	}
}

// What the program itself fails on has a line, and fails the run.
func TestFaults(t *testing.T) {
	o := readWithin(filepath.Join(testData, "NOTICE.md"), "slow", -time.Second)
	if !strings.HasPrefix(o.fault, "not done after") {
		t.Errorf("%+v", o)
	}
	var b strings.Builder
	writeLines(&b, []outcome{o})
	if !strings.Contains(b.String(), "FAULT") || broken([]outcome{o}) == nil {
		t.Error(b.String())
	}
	if o := readWithin(filepath.Join(testData, "no such file"), "gone", time.Minute); o.fault == "" {
		t.Errorf("%+v", o)
	}
}

func TestListed(t *testing.T) {
	if got := listed(map[questionset.Code]int{"b": 2, "a": 2, "c": 3}); got != "c 3, a 2, b 2" {
		t.Error(got)
	}
}
