// Package samples embeds the sample question sets and exams that a demonstration starts with:
// real questions in Japanese and English under open licences. Sources, licences and changes stand
// in NOTICE.md. It knows nothing of how the files are read or stored.
package samples

import (
	"embed"
	"path"
	"strings"
)

//go:embed NOTICE.md sets exams
var files embed.FS

// File is one embedded file. Name is its base name; without the extension it names the question
// set, or equals the exam's slug.
type File struct {
	Name string
	Data []byte
}

// Base returns the name without its extension: the name of the question set.
func (f File) Base() string { return strings.TrimSuffix(f.Name, path.Ext(f.Name)) }

// Sets returns the sample question sets, by name. The exams draw from all of them.
func Sets() []File { return read("sets") }

// Exams returns the sample exam files, by name.
func Exams() []File { return read("exams") }

// Notice returns sources, licences and changes, in Markdown.
func Notice() string {
	data, err := files.ReadFile("NOTICE.md")
	if err != nil {
		panic(err)
	}
	return string(data)
}

// read panics when an embedded file is missing, which the build rules out.
func read(dir string) []File {
	entries, err := files.ReadDir(dir)
	if err != nil {
		panic(err)
	}
	out := make([]File, 0, len(entries))
	for _, e := range entries {
		data, err := files.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			panic(err)
		}
		out = append(out, File{Name: e.Name(), Data: data})
	}
	return out
}
