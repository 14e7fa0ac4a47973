package questionset

import (
	"path"
	"strings"

	"shiken/internal/textfile"
)

// zippedTextFormats are the formats of a text that may be zipped by itself, as people send what is large.
var zippedTextFormats = map[Format]bool{MXML: true, GIFT: true, Aiken: true, Typed: true}

// zippedTexts are the files of a zip that may hold questions in such a format.
func (b *bundle) zippedTexts(format Format) []string {
	var list []string
	for _, name := range b.names {
		if byTheWay(name) {
			continue
		}
		switch strings.ToLower(path.Ext(name)) {
		case ".xml":
			if format == MXML && detectXML(b.head(name)) == MXML {
				list = append(list, name)
			}
		case ".gift", ".txt":
			if format != MXML {
				list = append(list, name)
			}
		}
	}
	return list
}

// detectZippedText tells the format of the only text of a zip.
func (b *bundle) detectZippedText() Format {
	names := b.zippedTexts(Auto)
	if len(names) != 1 {
		return Auto
	}
	head, _ := textfile.Decode([]byte(b.head(names[0])), true)
	if format := detect(names[0], head); zippedTextFormats[format] {
		return format
	}
	return Auto
}

// parseZippedText reads a zip with one file of questions as that file by itself.
func parseZippedText(f *File, b *bundle) {
	names := b.zippedTexts(f.Format)
	if len(names) != 1 {
		f.Report.error(place{}, codeZipTexts, "count", len(names), "names", strings.Join(names, ", "))
		return
	}
	f.within(names[0], func() {
		data, ok := f.unzipped(b, place{}, "", names[0])
		if !ok {
			return
		}
		if text, ok := f.text(data); ok {
			textReaders[f.Format](f, text)
		}
	})
}
