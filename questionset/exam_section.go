package questionset

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"shiken/exam"
)

var sectionFields = []string{"title", "draw", "pick", "from", "points", "wrong", "multiple", "minimum"}

// sections reads the sections; their elements are counted from 1, as an author counts.
func (e *examReader) sections(n *yaml.Node) []exam.SectionDefinition {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		e.fault(n, "sections", codeSectionsList)
		return nil
	}
	if len(n.Content) > exam.MaxQuestions {
		e.fault(n, "sections", codeTooManyAnswers, "count", len(n.Content), "limit", exam.MaxQuestions)
		return nil
	}
	out := make([]exam.SectionDefinition, 0, len(n.Content))
	drawn := 0
	for i, c := range n.Content {
		s := e.section(c, fmt.Sprintf("sections[%d]", i+1))
		drawn += s.Draw
		out = append(out, s)
	}
	if drawn > exam.MaxQuestions {
		e.fault(n, "sections", codeDrawsTooMany, "count", drawn, "limit", exam.MaxQuestions)
	}
	return out
}

func (e *examReader) section(n *yaml.Node, path string) exam.SectionDefinition {
	m := e.mapping(n, path, sectionFields)
	s := exam.SectionDefinition{
		Draw:   e.integer(m["draw"], path+".draw", 0, 1, exam.MaxQuestions),
		Pick:   exam.Pick(e.wordOrNone(m["pick"], path+".pick", "random", string(exam.PickSame))),
		Points: e.points(m["points"], path+".points"),
		Multiple: exam.Multiple(e.word(m["multiple"], path+".multiple",
			string(exam.BySource), string(exam.AllOrNothing), string(exam.Partial))),
		Minimum: e.integer(m["minimum"], path+".minimum", 0, 0, 100),
	}
	s.Wrong = e.wrong(m["wrong"], path+".wrong", s.Points)
	if m["title"] != nil {
		s.Title = e.title(m["title"], path+".title")
	}
	if m != nil && e.needAt(n, m, path+".from", "from") {
		s.From = e.source(m["from"], path+".from")
	}
	return s
}

func (e *examReader) source(n *yaml.Node, path string) exam.Source {
	m := e.mapping(n, path, []string{"set", "category", "year", "tag"})
	var s exam.Source
	if m != nil && e.needAt(n, m, path+".set", "set") {
		s.Set = e.name(m["set"], path+".set")
	}
	s.Category = e.names(m["category"], path+".category")
	s.Year = e.years(m["year"], path+".year")
	s.Tag = e.names(m["tag"], path+".tag")
	return s
}

// years reads a year or a list of them.
func (e *examReader) years(n *yaml.Node, path string) []int {
	var out []int
	for _, c := range e.items(n, path) {
		if y := e.integer(c, path, 0, 1, 9999); y > 0 {
			out = append(out, y)
		}
	}
	return out
}
