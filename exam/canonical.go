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
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		panic(fmt.Sprintf("exam: canonical JSON: %v", err))
	}
	var w bytes.Buffer
	writeCanonical(&w, tree)
	return w.Bytes()
}

func writeCanonical(w *bytes.Buffer, v any) {
	switch v := v.(type) {
	case nil:
		w.WriteString("null")
	case bool:
		fmt.Fprintf(w, "%t", v)
	case json.Number:
		w.WriteString(v.String())
	case string:
		writeString(w, v)
	case []any:
		writeArray(w, v)
	case map[string]any:
		writeObject(w, v)
	}
}

func writeArray(w *bytes.Buffer, v []any) {
	w.WriteByte('[')
	for i, x := range v {
		if i > 0 {
			w.WriteByte(',')
		}
		writeCanonical(w, x)
	}
	w.WriteByte(']')
}

func writeObject(w *bytes.Buffer, v map[string]any) {
	keys := make([]string, 0, len(v))
	for k := range v {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareUTF16)
	w.WriteByte('{')
	for i, k := range keys {
		if i > 0 {
			w.WriteByte(',')
		}
		writeString(w, k)
		w.WriteByte(':')
		writeCanonical(w, v[k])
	}
	w.WriteByte('}')
}

// compareUTF16 orders property names by UTF-16 code units (RFC 8785 §3.2.3).
func compareUTF16(a, b string) int {
	if strings.IndexFunc(a+b, func(r rune) bool { return r > 0x7F }) < 0 {
		return strings.Compare(a, b)
	}
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

var shortEscapes = map[rune]string{
	'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`,
}

// writeString escapes after RFC 8785 §3.2.2.2: only what JSON demands.
func writeString(w *bytes.Buffer, s string) {
	w.WriteByte('"')
	for _, r := range s {
		if e, ok := shortEscapes[r]; ok {
			w.WriteString(e)
		} else if r < 0x20 {
			fmt.Fprintf(w, `\u%04x`, r)
		} else {
			w.WriteRune(r)
		}
	}
	w.WriteByte('"')
}
