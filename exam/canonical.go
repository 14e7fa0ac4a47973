package exam

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// Canonical returns the canonical JSON of v after RFC 8785 (JCS), for values whose numbers are all
// integers within ±2^53, which is all that this package writes. It panics when v cannot be
// marshalled, which is a fault of this package's own types.
func Canonical(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("exam: canonical JSON: %v", err))
	}
	out, _ := appendCanonical(make([]byte, 0, len(raw)), raw)
	return out
}

// appendCanonical rewrites the first value of in, which encoding/json wrote (compact and valid),
// and returns what follows it.
func appendCanonical(out, in []byte) (grown, rest []byte) {
	switch in[0] {
	case '{':
		return appendObject(out, in[1:])
	case '[':
		return appendArray(out, in[1:])
	case '"':
		end := stringEnd(in)
		return appendString(out, in[:end]), in[end:]
	}
	end := bytes.IndexAny(in, ",]}")
	if end < 0 {
		end = len(in)
	}
	return append(out, in[:end]...), in[end:]
}

func appendArray(out, in []byte) (grown, rest []byte) {
	out = append(out, '[')
	for in[0] != ']' {
		if in[0] == ',' {
			out, in = append(out, ','), in[1:]
		}
		out, in = appendCanonical(out, in)
	}
	return append(out, ']'), in[1:]
}

// member is one property: its name unescaped, and where the text of name and value stands.
type member struct {
	name     string
	from, to int
}

// appendObject writes the members as they come and then puts their texts in order.
func appendObject(out, in []byte) (grown, rest []byte) {
	members := make([]member, 0, 16)
	start := len(out)
	for in[0] != '}' {
		if in[0] == ',' {
			in = in[1:]
		}
		end := stringEnd(in)
		m := member{name: unquote(in[:end]), from: len(out)}
		out = append(appendString(out, in[:end]), ':')
		out, in = appendCanonical(out, in[end+1:])
		m.to = len(out)
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b member) int { return compareUTF16(a.name, b.name) })
	sorted := make([]byte, 0, len(out)-start+len(members))
	for i, m := range members {
		if i > 0 {
			sorted = append(sorted, ',')
		}
		sorted = append(sorted, out[m.from:m.to]...)
	}
	out = append(append(out[:start], '{'), sorted...)
	return append(out, '}'), in[1:]
}

// stringEnd returns the index after the closing quote of the string that in begins with.
func stringEnd(in []byte) int {
	for i := 1; ; i++ {
		switch in[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

func unquote(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		panic(fmt.Sprintf("exam: canonical JSON: %v", err))
	}
	return s
}

// compareUTF16 orders property names by UTF-16 code units (RFC 8785 §3.2.3). UTF-8 sorts the same
// but where one name has a character beyond the Basic Multilingual Plane.
func compareUTF16(a, b string) int {
	if !beyondBMP(a) && !beyondBMP(b) {
		return strings.Compare(a, b)
	}
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// beyondBMP: only the UTF-8 of code points from U+10000 has bytes from 0xF0.
func beyondBMP(s string) bool {
	for i := range len(s) {
		if s[i] >= 0xF0 {
			return true
		}
	}
	return false
}

var shortEscapes = map[rune]string{
	'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`,
}

// appendString escapes after RFC 8785 §3.2.2.2: only what JSON demands. A string that encoding/json
// wrote without an escape is canonical as it stands.
func appendString(out, quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return append(out, quoted...)
	}
	out = append(out, '"')
	for _, r := range unquote(quoted) {
		if e, ok := shortEscapes[r]; ok {
			out = append(out, e...)
		} else if r < 0x20 {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, string(r)...)
		}
	}
	return append(out, '"')
}
