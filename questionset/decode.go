package questionset

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"shiken/internal/textfile"
)

// runnableCode finds a block of code that is to be run when the file is read, as text2qti has them.
var runnableCode = regexp.MustCompile("(?m)^[ \\t]*(?:```+|~~~+)[ \\t]*\\{[^}\\n]*\\.run\\b[^}\\n]*\\}")

// maybeCP932 are the formats that Japanese programs of old write in cp932.
var maybeCP932 = map[Format]bool{CSV: true, Aiken: true, Typed: true}

// text decodes a file and settles its format; it reports false when the file cannot be read at all.
func (f *File) text(data []byte) (string, bool) {
	r := &f.Report
	switch {
	case textfile.LooksUTF16(data):
		r.error(place{}, codeUTF16)
		return "", false
	case !r.checkRuns(data):
		return "", false
	}
	if f.Format == Auto && beginsAsXML(data) {
		f.Format = detectXML(string(data[:min(len(data), MaxText)]))
	}
	if xmlFormats[f.Format] {
		r.Format = f.Format
		return r.xmlText(place{}, data)
	}
	if bytes.Contains(data, []byte(".run")) {
		if at := runnableCode.FindIndex(data); at != nil {
			r.error(place{line: 1 + bytes.Count(data[:at[0]], []byte("\n"))}, codeRunnable)
			return "", false
		}
	}
	text, encoding := textfile.Decode(data, f.Format == Auto || maybeCP932[f.Format])
	if strings.TrimSpace(text) == "" {
		r.error(place{}, codeEmptyFile)
		return "", false
	}
	if f.Format == Auto {
		f.Format = detect(f.Name, text)
	}
	if encoding == CP932 && !maybeCP932[f.Format] {
		text, encoding = textfile.Decode(data, false)
	}
	r.Format, r.Encoding = f.Format, encoding
	if encoding == CP932 {
		r.note(place{}, codeReadAsCP932)
		if doubtfulCP932(text) {
			r.error(place{line: lineOfInvalid(data)}, codeDoubtfulCP932)
			return "", false
		}
	}
	return text, true
}

// lineOfInvalid is the line of the first byte that is no UTF-8.
func lineOfInvalid(data []byte) int {
	line := 1
	for len(data) > 0 {
		c, size := utf8.DecodeRune(data)
		if c == utf8.RuneError && size == 1 {
			break
		}
		if c == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

// doubtfulCP932 tells a text in another encoding that happens to decode as cp932: its letters come
// out as kanji or half-width kana, without the full-width kana that any Japanese text has.
func doubtfulCP932(s string) bool {
	doubtful := false
	for _, r := range s {
		switch {
		case r >= 0x3041 && r <= 0x30FE:
			return false
		case r >= 0x4E00 && r <= 0x9FFF, r >= 0xFF61 && r <= 0xFF9F:
			doubtful = true
		}
	}
	return doubtful
}
