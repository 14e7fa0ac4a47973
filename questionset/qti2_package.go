package questionset

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"shiken/internal/xmltree"
)

// qti2Package is a content package that is being read: what its manifest lists, what its tests refer to,
// and what nobody names.
type qti2Package struct {
	*qti2Reader
	resources []qtiResource
	keywords  map[string][]string // of resources, by path
	done      map[string]bool     // items and sections read, by path
	stimuli   map[string]string
	tests     int
	rules     map[string]bool // what tests say that is left to exams
}

// qtiResource is a file of the manifest.
type qtiResource struct {
	id, kind, href string // href is as in the manifest, with its bases
	keywords       []string
	line           int
}

const manifestName = "imsmanifest.xml"

// parseQTI2Package reads a package: first what its tests refer to, in their order, then the other items
// of the manifest, then items that it does not list.
func parseQTI2Package(f *File, b *bundle) {
	q := newQTI2Reader(f)
	q.pack = b
	p := &qti2Package{qti2Reader: q, done: map[string]bool{}, keywords: map[string][]string{}, stimuli: map[string]string{}, rules: map[string]bool{}}
	q.stimulusOf = p.stimulus
	p.manifest()
	for i := range p.resources {
		if at, ok := p.pack.find("", p.resources[i].href); ok {
			p.keywords[at] = append(p.keywords[at], p.resources[i].keywords...)
		}
		if strings.Contains(p.resources[i].kind, "test") {
			p.tests++
		}
	}
	for _, kind := range []string{"test", "section", "item"} {
		for i := range p.resources {
			if r := &p.resources[i]; strings.Contains(r.kind, kind) {
				p.open(place{line: r.line, element: r.kind, question: excerpt(r.id)}, qtiContext{}, "", r.href)
			}
		}
	}
	p.unlisted()
	p.tellRules()
}

// manifest reads the list of the package. Without one, or with one that is broken, every file is looked at.
func (p *qti2Package) manifest() {
	name, found := "", false
	for _, n := range p.pack.names {
		if strings.EqualFold(path.Base(n), manifestName) && !hidden(n) && (!found || strings.Count(n, "/") < strings.Count(name, "/")) {
			name, found = n, true
		}
	}
	if !found {
		p.file.Report.warning(place{}, codeQTI2NoManifest)
		return
	}
	defer p.in(name)()
	root, ok := p.load(place{}, name)
	if !ok {
		return
	}
	base := path.Join(path.Dir(name), root.Attr("base"))
	for _, list := range root.Elements("resources") {
		for _, r := range list.Elements("resource") {
			p.resources = append(p.resources, qtiResource{
				id: r.Attr("identifier"), kind: resourceKind(r.Attr("type")), line: r.Line,
				href:     joinHref(path.Join(base, list.Attr("base"), r.Attr("base")), resourceHref(r)),
				keywords: keywords(r),
			})
		}
	}
}

// resourceHref is the file that a resource is, the first of its files when it does not say.
func resourceHref(r *xmltree.Node) string {
	if files := r.Elements("file"); len(files) > 0 {
		return firstOf(r.Attr("href"), files[0].Attr("href"))
	}
	return r.Attr("href")
}

// resourceKind is what a resource's type says: test, section, item; "" is anything else.
func resourceKind(kind string) string {
	kind = strings.ToLower(kind)
	if !strings.HasPrefix(kind, "imsqti_") || strings.Contains(kind, "xmlv1") {
		return ""
	}
	for _, k := range []string{"test", "section", "item"} {
		if strings.Contains(kind, k) {
			return k
		}
	}
	if strings.HasPrefix(kind, "imsqti_assessment_") { // as drafts of 2.1 call a test
		return "test"
	}
	return ""
}

// joinHref puts a base before an address within the package.
func joinHref(base, href string) string {
	if isRemote(href) || base == "." || base == "" {
		return href
	}
	return base + "/" + href
}

// keywords are those of a resource's metadata.
func keywords(r *xmltree.Node) []string {
	var list []string
	for _, k := range r.Child("metadata").Find("keyword") {
		for _, s := range k.Elements() {
			if text := strings.TrimSpace(s.String()); text != "" {
				list = append(list, text)
			}
		}
	}
	return list
}

// hidden tells files that systems put into packages for themselves.
func hidden(name string) bool {
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(path.Base(name), ".")
}

// load reads and parses an entry; it reports false after telling why not.
func (p *qti2Package) load(at place, name string) (*xmltree.Node, bool) {
	data, ok := p.file.unzipped(p.pack, at, "", name)
	if !ok {
		return nil, false
	}
	text, ok := p.file.Report.xmlText(at, data)
	if !ok {
		return nil, false
	}
	return p.document(at, text)
}

// qtiContext is what the tests and sections around a reference say of an item.
type qtiContext struct {
	titles   []string // of the sections, from the outermost
	tags     []string
	stimulus string // HTML, the sections' texts
	group    string
}

// open reads what an address in a file refers to: an item, a test or a section. The place's element says
// which of them is expected.
func (p *qti2Package) open(at place, c qtiContext, dir, href string) {
	if p.file.Report.late() {
		return
	}
	name, ok := p.located(at, dir, href)
	if !ok {
		return
	}
	if p.done[name] {
		if at.element == itemRef {
			p.file.Report.note(at, codeQTI2Twice, "name", name)
		}
		return
	}
	p.done[name] = true
	defer p.in(name)()
	r := &p.file.Report
	if expected(at) == 1 {
		r.expect()
	}
	root, ok := p.load(place{question: excerpt(name)}, name)
	r.close()
	switch {
	case !ok && expected(at) == 1:
		p.torn(root, excerpt(name))
	case !ok:
	case root.Name == rootItem:
		p.item(p.sourceOf(root, name, c))
	case root.Name == rootTest:
		p.test(root, name)
	case root.Name == rootSection:
		p.section(root, name, c)
	case isVersion3(root.Name):
		p.refuseVersion3(place{line: root.Line}, root)
	default:
		r.Counts.Seen += expected(at)
		r.error(place{line: root.Line, question: excerpt(name)}, codeQTI2Root, "root", root.Name)
	}
}

const itemRef = "assessmentItemRef"

// expected counts what cannot be read: an item is a question, a test or a section is none.
func expected(at place) int {
	if at.element == itemRef || at.element == "item" {
		return 1
	}
	return 0
}

// located finds the file of an address in the package; it reports false after telling why not.
func (p *qti2Package) located(at place, dir, href string) (string, bool) {
	if isRemote(href) || strings.Contains(href, "://") {
		p.lost(at, codeQTI2External, href)
		return "", false
	}
	name, ok := p.pack.find(dir, href)
	if !ok {
		p.lost(at, codeZipMissing, href)
	}
	return name, ok
}

// lost tells that what an address refers to cannot be had.
func (p *qti2Package) lost(at place, code Code, href string) {
	r := &p.file.Report
	if expected(at) == 0 {
		r.error(at, code, "name", href)
		return
	}
	r.open()
	defer r.close()
	r.error(at, code, "name", href)
	p.file.refuse(&Question{Line: at.line, Number: at.question}, "")
}

// sourceOf is an item with what its package says of it.
func (p *qti2Package) sourceOf(root *xmltree.Node, name string, c qtiContext) *qti2Source {
	s := &qti2Source{root: root, entry: name, category: strings.Join(c.titles, "/"), tags: c.tags, stimulus: c.stimulus, group: c.group}
	s.find = p.pack.mediaIn(s.dir())
	s.tags = slices.Concat(s.tags, p.keywords[name])
	return s
}

// test reads the sections of a test. Where the package holds several, its title begins the categories.
func (p *qti2Package) test(root *xmltree.Node, name string) {
	c := qtiContext{}
	if title := categoryPart(root.Attr("title")); title != "" && p.tests > 1 {
		c.titles = []string{title}
	}
	p.noteRules(root)
	for _, part := range root.Elements("testPart") {
		p.noteRules(part)
		for _, s := range part.Elements(rootSection, "assessmentSectionRef") {
			p.sectionOrRef(s, name, c)
		}
	}
	if root.Child("testFeedback") != nil {
		p.rules["testFeedback"] = true
	}
}

// categoryPart makes a title one part of a category.
func categoryPart(title string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(title, "/", "／")), " ")
}

func (p *qti2Package) sectionOrRef(n *xmltree.Node, name string, c qtiContext) {
	if n.Name == rootSection {
		p.section(n, name, c)
		return
	}
	p.open(place{line: n.Line, element: n.Name, question: excerpt(n.Attr("identifier"))}, c, dirOf(name), n.Attr("href"))
}

// section reads a section's items and sections. What it tells candidates belongs to each of its items.
func (p *qti2Package) section(n *xmltree.Node, name string, c qtiContext) {
	c.titles = slices.Clone(c.titles)
	if title := categoryPart(n.Attr("title")); title != "" {
		c.titles = append(c.titles, title)
	}
	p.noteRules(n)
	p.rubric(n, name, &c)
	for _, e := range n.Elements() {
		switch e.Name {
		case rootSection, "assessmentSectionRef":
			p.sectionOrRef(e, name, c)
		case itemRef:
			p.noteRules(e)
			item := c
			item.tags = append(slices.Clone(c.tags), strings.Fields(e.Attr("category"))...)
			p.open(place{line: e.Line, element: e.Name, question: excerpt(e.Attr("identifier"))}, item, dirOf(name), e.Attr("href"))
		}
	}
}

func dirOf(name string) string {
	if d := path.Dir(name); d != "." {
		return d
	}
	return ""
}

// rubric adds what a section tells candidates to the stimulus of its items.
func (p *qti2Package) rubric(n *xmltree.Node, name string, c *qtiContext) {
	for _, r := range n.Elements("rubricBlock") {
		at := place{line: r.Line, element: "rubricBlock", question: excerpt(n.Attr("title"))}
		if !forCandidates(r) {
			p.file.Report.warning(at, codeQTI2Rubric, "view", r.Attr("view"), "text", r.String())
			continue
		}
		text := p.sharedText(at, r, name)
		if text == "" {
			continue
		}
		c.group = name + "#" + firstOf(n.Attr("identifier"), n.Attr("title"))
		c.stimulus = strings.TrimSpace(c.stimulus + "\n" + text)
		p.file.Report.note(at, codeQTI2Stimulus)
	}
}

// sharedText is a text that several items share, with its media taken into the set.
func (p *qti2Package) sharedText(at place, n *xmltree.Node, name string) string {
	it := &qti2Item{reader: p.qti2Reader, report: &p.file.Report, place: at, inline: map[*xmltree.Node]string{}}
	find := p.pack.mediaIn(dirOf(name))
	it.readCDATA(find, n)
	return p.file.linkMedia(at, it.htmlOf(n), find)
}

// stimulus reads a stimulus that an item refers to.
func (p *qti2Package) stimulus(it *qti2Item, href string) (text, group string, ok bool) {
	name, found := p.pack.find(it.source.dir(), href)
	if !found {
		it.warning("assessmentStimulusRef", codeQTI2StimulusMissing, "name", href)
		return "", "", false
	}
	p.done[name] = true
	if text, known := p.stimuli[name]; known {
		return text, name, text != ""
	}
	defer p.in(name)()
	root, ok := p.load(place{}, name)
	if ok {
		p.stimuli[name] = p.sharedText(place{line: root.Line}, root.Child("stimulusBody"), name)
	}
	return p.stimuli[name], name, p.stimuli[name] != ""
}

// examRules are elements of tests that an exam says in its own words.
var examRules = []string{"timeLimits", "itemSessionControl", "preCondition", "branchRule", "selection", "ordering", "weight", "templateDefault"}

func (p *qti2Package) noteRules(n *xmltree.Node) {
	for _, e := range n.Elements(examRules...) {
		p.rules[e.Name] = true
	}
}

// rulesTold is how many of them a finding names in whole.
const rulesTold = 4

func (p *qti2Package) tellRules() {
	if len(p.rules) == 0 {
		return
	}
	var names []string
	for n := range p.rules {
		names = append(names, n)
	}
	slices.Sort(names)
	for some := range slices.Chunk(names, rulesTold) {
		p.file.Report.note(place{}, codeQTI2TestRules, "names", strings.Join(some, ", "))
	}
}

// unlisted reads items that the manifest does not list, and that no test refers to.
func (p *qti2Package) unlisted() {
	for _, name := range p.pack.names {
		if p.done[name] || hidden(name) || !strings.EqualFold(path.Ext(name), ".xml") || strings.EqualFold(path.Base(name), manifestName) {
			continue
		}
		if p.file.Report.late() {
			return
		}
		if root := p.rootOf(name); root == rootItem || root == "qti-assessment-item" || root == rootTest && len(p.resources) == 0 {
			if len(p.resources) > 0 {
				p.file.Report.note(place{element: excerpt(name)}, codeQTI2Unlisted)
			}
			p.open(place{element: "item"}, qtiContext{}, "", (&url.URL{Path: name}).String())
		}
	}
}

// rootOf is the root of an XML file in the package by its beginning, "" when it is none of ours.
func (p *qti2Package) rootOf(name string) string { return qti2RootIn(p.pack.head(name)) }

// qti2RootIn is the root of ours that stands in the beginning of a document, "" when none does.
func qti2RootIn(head string) string {
	m := qti2Root.FindStringSubmatch(head)
	if m == nil {
		return ""
	}
	return m[1]
}
