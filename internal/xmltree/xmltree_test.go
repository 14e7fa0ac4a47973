package xmltree_test

import (
	"slices"
	"strings"
	"testing"

	"shiken/internal/xmltree"
)

const document = `<?xml version="1.0"?>
<quiz xmlns:x="urn:x">
  <question type="essay"><name>A &amp; B&nbsp;C</name></question>
  <x:question type="b"><![CDATA[<p>]]>t</x:question>
</quiz>`

func TestParse(t *testing.T) {
	root, fault := xmltree.Parse(document)
	if fault != nil {
		t.Fatal(fault)
	}
	list := root.Elements("question")
	if root.Name != "quiz" || len(list) != 2 || list[0].Attr("type") != "essay" || list[1].Space != "urn:x" {
		t.Fatalf("root %+v", root)
	}
	if name := list[0].Child("name").String(); name != "A & B\u00a0C" || list[0].Line != 3 {
		t.Errorf("name %q, line %d", name, list[0].Line)
	}
	if got := list[1].String(); got != "<p>t" {
		t.Errorf("text %q", got)
	}
	if root.Child("none", "below").String() != "" || len(root.Find("name")) != 1 {
		t.Error("what is not there was found")
	}
}

// TestCDATA: a text tells whether it stood in a CDATA section, wherever in the document.
func TestCDATA(t *testing.T) {
	for name, tt := range map[string]struct {
		data string
		want []bool
	}{
		"sections and texts": {"<a>é <![CDATA[<p>]]>&lt;![CDATA[<![CDATA[]]]]><![CDATA[>]]></a>", []bool{false, true, false, true, true}},
		"after an empty one": {"<?xml version='1.0'?>\n<!-- <![CDATA[ --><a><b/><![CDATA[x]]><b/>y</a>", []bool{true, false}},
		"another encoding":   {"<?xml version='1.0' encoding='iso-8859-1'?><a><![CDATA[x]]></a>", []bool{false}},
	} {
		root, fault := xmltree.Parse(tt.data)
		if fault != nil {
			t.Fatal(name, fault)
		}
		var got []bool
		for _, c := range root.Children {
			if c.Name == "" {
				got = append(got, c.CDATA)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestEachForgetsWhatItHasShown(t *testing.T) {
	var names []string
	root, fault := xmltree.Each(document, func(root, child *xmltree.Node) bool {
		names = append(names, root.Name+"/"+child.Attr("type"))
		return len(names) < 2
	})
	if fault != nil || strings.Join(names, " ") != "quiz/essay quiz/b" || len(root.Children) != 0 {
		t.Errorf("visited %q, root %+v, %v", names, root, fault)
	}
}

func TestInnerHTML(t *testing.T) {
	root, fault := xmltree.Parse(`<q:body xmlns:q="u"><q:p class="a&quot;b">1 &lt; 2<q:br/></q:p><gap id="g"/></q:body>`)
	if fault != nil {
		t.Fatal(fault)
	}
	got := root.InnerHTML(func(n *xmltree.Node) (string, bool) { return "[" + n.Attr("id") + "]", n.Name == "gap" })
	if want := `<p class="a&#34;b">1 &lt; 2<br></p>[g]`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		data   string
		reason xmltree.Reason
		line   int
	}{
		"nothing":           {"", xmltree.Malformed, 1},
		"an end missing":    {"<a>\n<b></a>", xmltree.Malformed, 2},
		"a declared entity": {"<!DOCTYPE a [<!ENTITY e \"x\">]>\n<a>&e;</a>", xmltree.Declaration, 1},
		"its own entity":    {"<a>\n&e;</a>", xmltree.Malformed, 2},
		"two roots":         {"<a/><b/>", xmltree.Malformed, 1},
		"nested":            {strings.Repeat("<a>", 1_000_000), xmltree.TooDeep, 1},
		"many":              {"<a>" + strings.Repeat("<b/>", 1_000_000), xmltree.TooMany, 1},
		"attributes":        {"<a>\n<b" + strings.Repeat(" c=''", 100_000) + "/></a>", xmltree.TooMany, 2},
		"no encoding":       {`<?xml version="1.0" encoding="x-none"?><a/>`, xmltree.Encoding, 1},
	} {
		if _, fault := xmltree.Parse(tt.data); fault == nil || fault.Reason != tt.reason || fault.Line != tt.line {
			t.Errorf("%s: %v, want %s in line %d", name, fault, tt.reason, tt.line)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(document)
	f.Fuzz(func(t *testing.T, data string) {
		root, fault := xmltree.Parse(data)
		if fault == nil {
			_ = root.InnerHTML(nil)
		} else if fault.Line < 1 {
			t.Errorf("line %d", fault.Line)
		}
	})
}
