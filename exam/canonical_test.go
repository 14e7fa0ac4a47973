package exam_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// TestR11_CanonicalJSON holds Canonical against RFC 8785's examples, as far as they have no
// fractions (which nothing in a journal has).
func TestR11_CanonicalJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, in, want string }{
		{"§3.2.2 strings and literals", `{
			"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
			"literals": [null, true, false]}`,
			`{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}`},
		{"§3.2.3 names in UTF-16 order", `{
			"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
			"1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
			"\u00f6": "Latin Small Letter O With Diaeresis"}`,
			`{"\r":"Carriage Return","1":"One","` + "\u0080" + `":"Control","ö":"Latin Small Letter O With Diaeresis",` +
				`"€":"Euro Sign","😀":"Emoji: Grinning Face","` + "\ufb33" + `":"Hebrew Letter Dalet With Dagesh"}`},
		{"short escapes", `"\b\t\n\f\r\u0000\u001f\u007f"`, `"\b\t\n\f\r\u0000\u001f` + "\u007f\""},
		{"what Go escapes and JSON need not", `"<a href='x'>&\u2028\u2029</a>"`, "\"<a href='x'>&\u2028\u2029</a>\""},
		{"white space", " [ 1 , { } , [ ] , -0 , \"a b\" ] ", `[1,{},[],0,"a b"]`},
		{"largest integers", `[9007199254740992, -9007199254740992]`, `[9007199254740992,-9007199254740992]`},
		{"nesting", `{"b":[{"z":1,"a":2}],"a":{"d":{},"c":null}}`, `{"a":{"c":null,"d":{}},"b":[{"a":2,"z":1}]}`},
		{"surrogates sort before U+E000", `{"\ue000":1,"\ud800\udc00":2,"a":3}`, "{\"a\":3,\"\U00010000\":2,\"\ue000\":1}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := string(exam.Canonical(tree(t, test.in))); got != test.want {
				t.Errorf("got\n%s, want\n%s", got, test.want)
			}
		})
	}
}

// tree decodes JSON with whole numbers into int64.
func tree(t *testing.T, source string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(source), &v); err != nil {
		t.Fatal(err)
	}
	return whole(v)
}

func whole(v any) any {
	switch v := v.(type) {
	case float64:
		return int64(v)
	case []any:
		for i := range v {
			v[i] = whole(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = whole(v[k])
		}
	}
	return v
}

// TestR11_CanonicalIsStable: canonical JSON of any tree reads back as the same tree and has one form.
func TestR11_CanonicalIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := drawTree(t, 3)
		text := exam.Canonical(v)
		var back any
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(whole(back), v) {
			t.Fatalf("%v read back as %v", v, back)
		}
		if again := exam.Canonical(whole(back)); string(again) != string(text) {
			t.Fatalf("%s, again %s", text, again)
		}
	})
}

func drawTree(t *rapid.T, depth int) any {
	kind := rapid.IntRange(0, 5).Draw(t, "kind")
	switch {
	case kind == 0:
		return nil
	case kind == 1:
		return rapid.Bool().Draw(t, "bool")
	case kind == 2:
		return rapid.Int64Range(-1<<53, 1<<53).Draw(t, "number")
	case kind == 3 || depth == 0:
		return rapid.String().Draw(t, "string")
	case kind == 4:
		out := []any{}
		for range rapid.IntRange(0, 4).Draw(t, "length") {
			out = append(out, drawTree(t, depth-1))
		}
		return out
	}
	out := map[string]any{}
	for range rapid.IntRange(0, 5).Draw(t, "size") {
		out[rapid.String().Draw(t, "name")] = drawTree(t, depth-1)
	}
	return out
}

// TestR11_CanonicalRefuses: what cannot be marshalled is a fault of the caller.
func TestR11_CanonicalRefuses(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a channel was written as JSON")
		}
	}()
	exam.Canonical(make(chan int))
}

// TestR11_NoFractions: nothing that is hashed can hold a number with a fraction, whose canonical
// form would need RFC 8785 §3.2.2.3.
func TestR11_NoFractions(t *testing.T) {
	t.Parallel()
	for _, v := range []any{exam.Paper{}, exam.Entry{}, exam.Payload{}} {
		if path := floatIn(reflect.TypeOf(v), map[reflect.Type]bool{}); path != "" {
			t.Errorf("%T%s is a float", v, path)
		}
	}
}

func floatIn(typ reflect.Type, seen map[reflect.Type]bool) string {
	if seen[typ] {
		return ""
	}
	seen[typ] = true
	switch typ.Kind() {
	case reflect.Float32, reflect.Float64, reflect.Interface, reflect.Complex64, reflect.Complex128:
		return " (" + typ.String() + ")"
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return floatIn(typ.Elem(), seen)
	case reflect.Struct:
		for i := range typ.NumField() {
			if path := floatIn(typ.Field(i).Type, seen); path != "" {
				return "." + typ.Field(i).Name + path
			}
		}
	}
	return ""
}

// TestHashText: hashes and receipts as people and files see them.
func TestHashText(t *testing.T) {
	t.Parallel()
	var h exam.Hash
	if !h.IsZero() || h.UnmarshalText([]byte("abc")) == nil || h.UnmarshalText([]byte(strings.Repeat("g", 64))) == nil {
		t.Error("a hash was read from what is none")
	}
	text := "00443214c74254b635cf84653a56d7c675be77df" + strings.Repeat("0", 24)
	if err := h.UnmarshalText([]byte(text)); err != nil || h.String() != text || h.IsZero() {
		t.Errorf("%s read as %s, %v", text, h, err)
	}
	// 0x00443214C74254B6 in groups of five bits, after Crockford's table.
	if got := (exam.Receipt{Seq: 1, Hash: h}).Code(); got != "0123-4567-89AB" {
		t.Errorf("code %s", got)
	}
	if (exam.Receipt{}).Code() != "" {
		t.Error("the zero receipt has a code")
	}
}
