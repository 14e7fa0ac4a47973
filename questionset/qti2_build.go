package questionset

import (
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti2Builders make a question of an item whose only interaction is of a kind.
var qti2Builders map[string]func(*qti2Item, *xmltree.Node) bool

func init() {
	qti2Builders = map[string]func(*qti2Item, *xmltree.Node) bool{
		"choiceInteraction": (*qti2Item).buildChoice, "hottextInteraction": (*qti2Item).buildHottext,
		"textEntryInteraction": (*qti2Item).buildTextEntry, "inlineChoiceInteraction": (*qti2Item).buildInline,
		"extendedTextInteraction": (*qti2Item).buildEssay, "orderInteraction": (*qti2Item).buildOrder,
		"matchInteraction": (*qti2Item).buildMatch, "gapMatchInteraction": (*qti2Item).buildGapMatch,
		"associateInteraction": (*qti2Item).buildAssociate, "sliderInteraction": (*qti2Item).buildSlider,
	}
}

// interactions finds what a candidate acts on, in document order.
func (it *qti2Item) interactions() []*xmltree.Node {
	var list []*xmltree.Node
	it.body.Walk(func(n *xmltree.Node) bool {
		switch {
		case n.Name == "rubricBlock", it.isFeedback(n):
			return false
		case n.Name == "endAttemptInteraction":
			if _, set := it.inline[n]; !set {
				it.warning(n.Name, codeQTI2EndAttempt)
			}
			it.inline[n] = ""
			return false
		case n.Name == "mediaInteraction" && !it.usesResponse(n):
			it.showMedia(n)
			return false
		case strings.HasSuffix(n.Name, "Interaction"):
			list = append(list, n)
			return false
		}
		return true
	})
	return list
}

// usesResponse reports whether the rule of scoring looks at the response of an interaction.
func (it *qti2Item) usesResponse(n *xmltree.Node) bool {
	read := map[string]bool{}
	expressions(it.program.rules, func(e *xmltree.Node) { it.program.reads(e, read) })
	return read[strings.TrimSpace(n.Attr("responseIdentifier"))]
}

// showMedia puts a sound or a picture that is played, and not answered, where it stands.
func (it *qti2Item) showMedia(n *xmltree.Node) {
	if _, set := it.inline[n]; !set {
		it.note(n.Name, codeQTI2Media)
	}
	it.inline[n] = it.promptOf(n) + it.htmlOf(&xmltree.Node{Name: n.Name, Children: n.Elements("object", "audio", "video", "img")})
}

func (it *qti2Item) build() bool {
	list := it.interactions()
	if len(list) > MaxAnswers {
		return it.error("", codeTooManyAnswers, "count", len(list), "limit", MaxAnswers)
	}
	switch len(list) {
	case 0:
		return it.buildDescription()
	case 1:
		build := qti2Builders[list[0].Name]
		if build == nil {
			return it.error(list[0].Name, codeQTI2Interaction, "name", list[0].Name)
		}
		return build(it, list[0])
	}
	var names []string
	for _, n := range list {
		if qti2Builders[n.Name] == nil {
			return it.error(n.Name, codeQTI2Interaction, "name", n.Name)
		}
		if !slices.Contains(names, n.Name) {
			names = append(names, n.Name)
		}
	}
	if slices.ContainsFunc(names, func(n string) bool { return n != "textEntryInteraction" && n != "inlineChoiceInteraction" }) {
		return it.error("", codeQTI2Composite, "count", len(list), "names", strings.Join(names, ", "))
	}
	return it.buildGaps(list)
}

func (it *qti2Item) buildDescription() bool {
	it.Question.Question.Type = exam.Description
	it.Question.Question.Stem = it.stem()
	if it.Question.Question.Stem.Source == "" {
		return it.error("itemBody", codeEmptyStem)
	}
	it.note("", codeQTI2Description)
	it.keepFeedback(nil)
	return true
}

// buildEssay: nothing scores a long text faithfully, whatever the item says. What it says is right is for who marks it.
func (it *qti2Item) buildEssay(n *xmltree.Node) bool {
	it.Question.Question.Type = exam.Essay
	it.prompt(n)
	it.Question.Question.Stem = it.stem()
	if it.noRule == "" {
		it.note(n.Name, codeQTI2EssayRule)
	}
	it.right = it.rightAnswer()
	it.keepFeedback(nil)
	return true
}
