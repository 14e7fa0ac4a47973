// Package textfile reads the text files that people bring: it tells their encoding by what they hold,
// and splits CSV into rows. It knows nothing of what the rows mean.
package textfile

import (
	"bytes"
	"strings"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/encoding/japanese"
)

// Encoding is the character encoding that a file was read in.
type Encoding string

// The encodings. CP932 is Microsoft's Shift_JIS, with the NEC and IBM extensions.
const (
	UTF8    Encoding = "utf-8"
	UTF8BOM Encoding = "utf-8-bom"
	CP932   Encoding = "cp932"
)

// Undecodable stands in a decoded text for bytes that the encoding does not know. It is a Unicode
// noncharacter, so no file holds it by right; texts with noncharacters are refused.
const Undecodable = '\uFDEF'

var (
	byteOrderMark = []byte("\xEF\xBB\xBF")
)

// LooksUTF16 tells UTF-16 by its byte order mark, or by NULs in every second place of its beginning.
func LooksUTF16(data []byte) bool {
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		return true
	}
	head := data[:min(len(data), 1024)]
	var nul [2]int
	for i, b := range head {
		if b == 0 {
			nul[i%2]++
		}
	}
	return len(head) >= 8 && max(nul[0], nul[1]) > len(head)/5 && min(nul[0], nul[1]) <= len(head)/50
}

// Decode turns bytes into text with LF line ends. It reads UTF-8, and where allowed cp932: UTF-8
// when there is a byte order mark, when all bytes are valid UTF-8, or when the bytes that are not
// are fewer than the characters that are; else cp932. It decodes before anything is split, since
// the second byte of a cp932 character may be a backslash or a letter. Bytes that cannot be decoded
// become Undecodable, line by line where they stood. The text may share its bytes with data, which nobody may
// change any more.
func Decode(data []byte, cp932 bool) (string, Encoding) {
	body, hasMark := bytes.CutPrefix(data, byteOrderMark)
	switch {
	case hasMark:
		return withLF(markInvalid(body)), UTF8BOM
	case !cp932 || utf8.Valid(body) || mostlyUTF8(body):
		return withLF(markInvalid(body)), UTF8
	}
	text, err := japanese.ShiftJIS.NewDecoder().Bytes(body)
	if err != nil {
		return withLF(markInvalid(body)), UTF8
	}
	for _, bad := range []string{string(utf8.RuneError), "\u0080"} {
		if bytes.Contains(text, []byte(bad)) {
			text = bytes.ReplaceAll(text, []byte(bad), []byte(string(Undecodable)))
		}
	}
	return withLF(text), CP932
}

// withLF makes a text with LF line ends of CR, LF or both. Files are large: it copies once, or, where there is no CR,
// not at all.
func withLF(data []byte) string {
	if bytes.IndexByte(data, '\r') < 0 {
		return unsafe.String(unsafe.SliceData(data), len(data))
	}
	var b strings.Builder
	b.Grow(len(data))
	for {
		at := bytes.IndexByte(data, '\r')
		if at < 0 {
			b.Write(data)
			return b.String()
		}
		b.Write(data[:at])
		b.WriteByte('\n')
		data = bytes.TrimPrefix(data[at+1:], []byte("\n"))
	}
}

// markInvalid returns data with Undecodable for the bytes that are no UTF-8; data itself when there are none.
func markInvalid(data []byte) []byte {
	if utf8.Valid(data) {
		return data
	}
	var b bytes.Buffer
	b.Grow(len(data) + 16)
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			b.WriteRune(Undecodable)
		} else {
			b.Write(data[:size])
		}
		data = data[size:]
	}
	return b.Bytes()
}

// mostlyUTF8 tells a damaged UTF-8 file from a cp932 one: Japanese text in cp932 forms hardly any
// valid multi-byte sequence of UTF-8.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		data = data[size:]
	}
	return good > bad
}
