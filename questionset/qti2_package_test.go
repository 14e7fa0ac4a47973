package questionset_test

import (
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// qtiManifest lists files as resources "kind path".
func qtiManifest(resources ...string) string {
	var b strings.Builder
	b.WriteString(`<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><resources>`)
	for i, r := range resources {
		kind, href, _ := strings.Cut(r, " ")
		b.WriteString(`<resource identifier="r` + string(rune('0'+i)) + `" type="imsqti_` + kind + `_xmlv2p1" href="` + href + `"/>`)
	}
	return b.String() + "</resources></manifest>"
}

// qtiTest writes a test of one part around sections.
func qtiTest(sections string) string {
	return `<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="Test"><testPart identifier="p">` + sections + `</testPart></assessmentTest>`
}

func qtiSection(title, inside string) string {
	return `<assessmentSection identifier="s-` + title + `" title="` + title + `">` + inside + "</assessmentSection>"
}

func qtiRef(href string) string { return `<assessmentItemRef identifier="ref" href="` + href + `"/>` }

// sound is an item that is taken, with a stem of its own.
func qtiSoundItem(id, stem string) string {
	item := qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("A")), "<p>"+stem+"</p>"+qtiChoices("", "x", "y"), matchCorrect)
	return strings.Replace(strings.Replace(item, `"i1"`, `"`+id+`"`, 1), `"One"`, `"`+id+`"`, 1)
}

// qtiListed shows the questions of a file as "category: number".
func qtiListed(f *questionset.File) []string {
	var list []string
	for _, q := range f.Questions {
		list = append(list, q.Category+": "+q.Number)
	}
	return list
}

// TestQTI2Packages: items come in the order of tests, then of the manifest, then of the zip.
func TestQTI2Packages(t *testing.T) {
	a, b, c := qtiSoundItem("a", "1"), qtiSoundItem("b", "2"), qtiSoundItem("c", "3")
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  []string
		codes []string
	}{
		{"items alone", map[string]string{"imsmanifest.xml": qtiManifest("item b.xml", "item a.xml"), "a.xml": a, "b.xml": b},
			[]string{": b", ": a"}, nil},
		{"a test, and an item beside it", map[string]string{"imsmanifest.xml": qtiManifest("item a.xml", "test t.xml", "item b.xml"), "a.xml": a, "b.xml": b,
			"t.xml": qtiTest(qtiSection("Outer", qtiSection("Inner", qtiRef("b.xml"))))}, []string{"Outer/Inner: b", ": a"}, nil},
		{"sections in files of their own", map[string]string{"imsmanifest.xml": qtiManifest("test tests/t.xml", "item items/a.xml"), "items/a.xml": a,
			"tests/t.xml": qtiTest(`<assessmentSectionRef identifier="x" href="../sections/s.xml"/>`), "sections/s.xml": qtiSection("S", qtiRef("../items/a.xml"))},
			[]string{"S: a"}, nil},
		{"percent signs and other case", map[string]string{"imsmanifest.xml": qtiManifest("item My%20Items/A.xml"), "my items/a.xml": a},
			[]string{": a"}, nil},
		{"no manifest", map[string]string{"x/a.xml": a, "x/b.xml": b, "__MACOSX/x/._a.xml": "junk"}, []string{": a", ": b"}, []string{"qti2_no_manifest"}},
		{"an item that is not listed", map[string]string{"imsmanifest.xml": qtiManifest("item a.xml"), "a.xml": a, "z.xml": c},
			[]string{": a", ": c"}, []string{"qti2_unlisted"}},
		{"one broken item", map[string]string{"imsmanifest.xml": qtiManifest("item a.xml", "item b.xml", "item c.xml"), "a.xml": a, "b.xml": b[:len(b)-40], "c.xml": c},
			[]string{": a", ": c"}, []string{"xml_malformed"}},
		{"a broken manifest", map[string]string{"imsmanifest.xml": qtiManifest("item a.xml")[:80], "a.xml": a}, []string{": a"}, []string{"xml_malformed"}},
		{"missing, remote and outside", map[string]string{"imsmanifest.xml": qtiManifest("item a.xml", "item none.xml", "item http://example.com/x.xml", "item ../../etc/passwd"), "a.xml": a},
			[]string{": a"}, []string{"zip_missing", "qti2_external"}},
		{"an entity bomb", map[string]string{"imsmanifest.xml": qtiManifest("item a.xml", "item b.xml"), "a.xml": a, "b.xml": `<!DOCTYPE a [<!ENTITY e "x">]>` + b},
			[]string{": a"}, []string{"xml_declaration"}},
		{"named twice, and a copy", map[string]string{"imsmanifest.xml": qtiManifest("test t.xml"), "a.xml": a, "copy.xml": a,
			"t.xml": qtiTest(qtiSection("S", qtiRef("a.xml")+qtiRef("a.xml")+qtiRef("copy.xml")))}, []string{"S: a"}, []string{"qti2_twice", "qti2_identical"}},
		{"no QTI", map[string]string{"imsmanifest.xml": qtiManifest("item a.xml"), "a.xml": "<html/>"}, nil, []string{"qti2_root"}},
		{"3.0", map[string]string{"imsmanifest.xml": qtiManifest("item a.xml", "item b.xml"), "a.xml": `<qti-assessment-item identifier="x"/>`, "b.xml": b},
			[]string{": b"}, []string{"qti2_version3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "p.zip", zipped(t, tt.files))
			if got := qtiListed(f); !slices.Equal(got, tt.want) || f.Format != questionset.QTI2 {
				t.Errorf("%s: %q, want %q; findings %q", f.Format, got, tt.want, found(f))
			}
			if got := qtiCodesOf(f); !slices.Equal(got, tt.codes) {
				t.Errorf("findings %q, want %q", got, tt.codes)
			}
			checkFile(t, "p.zip", zipped(t, tt.files))
		})
	}
}

// TestQTI2Findings name the file in the package.
func TestQTI2Findings(t *testing.T) {
	f := parse(t, "p.zip", zipped(t, map[string]string{"imsmanifest.xml": qtiManifest("item i/a.xml", "item i/b.xml"),
		"i/a.xml": "<assessmentItem>\n<b></assessmentItem>", "i/b.xml": qtiSoundItem("b", "2")}))
	if x := f.Report.Findings; len(x) != 1 || x[0].File != "p.zip/i/a.xml" || x[0].Line != 2 || x[0].Question != "i/a.xml" || f.Report.File != "p.zip" {
		t.Errorf("%+v", x)
	}
}

// TestQTI2Stimulus: a text that questions share is shown with each, and they stay together.
func TestQTI2Stimulus(t *testing.T) {
	passage := `<assessmentStimulus xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="s" title="S"><stimulusBody><p>Long ago <img src="../media/p.png" alt="a pixel"/></p></stimulusBody></assessmentStimulus>`
	with := func(id string) string {
		return strings.Replace(qtiSoundItem(id, id), "<itemBody>", `<assessmentStimulusRef identifier="s" href="../texts/s.xml"/><itemBody>`, 1)
	}
	f := parse(t, "p.zip", zipped(t, map[string]string{
		"imsmanifest.xml": qtiManifest("test t.xml", "item items/a.xml", "item items/b.xml"),
		"items/a.xml":     with("a"), "items/b.xml": with("b"), "items/c.xml": qtiSoundItem("c", "c"), "texts/s.xml": passage, "media/p.png": onePixel,
		"t.xml": qtiTest(qtiSection("S", `<rubricBlock view="candidate tutor"><p>Read well</p></rubricBlock><rubricBlock view="scorer">x</rubricBlock>`+qtiRef("items/c.xml"))),
	}))
	if len(f.Questions) != 3 || len(f.Media) != 1 {
		t.Fatalf("%d questions, %d media, findings %q", len(f.Questions), len(f.Media), found(f))
	}
	c, a, b := f.Questions[0].Question, f.Questions[1].Question, f.Questions[2].Question
	if a.Stimulus != b.Stimulus || a.Group != b.Group || a.Group == "" || !strings.HasPrefix(a.Stimulus.Source, `<p>Long ago <img alt="a pixel" src="/media/`) {
		t.Errorf("%+v %+v", a, b)
	}
	if c.Group == "" || c.Group == a.Group || c.Stimulus != (exam.Text{Format: exam.HTML, Source: "<p>Read well</p>"}) {
		t.Errorf("%+v", c)
	}
	if got := qtiCodesOf(f); !slices.Equal(got, []string{"qti2_stimulus", "qti2_rubric"}) {
		t.Errorf("findings %q", got)
	}
}

// TestQTI2Tags come from the metadata and from the test.
func TestQTI2Tags(t *testing.T) {
	manifest := strings.Replace(qtiManifest("test t.xml", "item a.xml"), `href="a.xml"/>`,
		`href="a.xml"><metadata><lom><general><keyword><string>steel frames</string></keyword></general></lom></metadata></resource>`, 1)
	f := parse(t, "p.zip", zipped(t, map[string]string{"imsmanifest.xml": manifest, "a.xml": qtiSoundItem("a", "1"),
		"t.xml": qtiTest(qtiSection("S", `<timeLimits maxTime="60"/><assessmentItemRef identifier="r" href="a.xml" category="easy  old"/>`))}))
	if q := one(t, f); !slices.Equal(q.Tags, []string{"easy", "old", "steel frames"}) {
		t.Errorf("%q", q.Tags)
	}
	wantFound(t, f, "note qti2_test_rules@0")
}

// TestQTI2TestRules: every kind of rule of a test is named, however many there are.
func TestQTI2TestRules(t *testing.T) {
	rules := []string{"timeLimits", "itemSessionControl", "preCondition", "branchRule", "selection", "ordering"}
	f := parse(t, "p.zip", zipped(t, map[string]string{"imsmanifest.xml": qtiManifest("test t.xml", "item a.xml"), "a.xml": qtiSoundItem("a", "1"),
		"t.xml": qtiTest(qtiSection("S", "<"+strings.Join(rules, "/><")+`/><assessmentItemRef identifier="r" href="a.xml"><weight identifier="w" value="2"/></assessmentItemRef>`))}))
	told := ""
	for _, x := range f.Report.Findings {
		told += " " + x.Args["names"]
	}
	for _, rule := range append(rules, "weight") {
		if !strings.Contains(told+",", rule) {
			t.Errorf("%s is not told: %s", rule, told)
		}
	}
}
