package questionset

import (
	"math/big"
	"strings"

	"shiken/internal/xmltree"
)

// qti1Said is what a test says, worked out once: rules are looked at for every answer that a key may name.
type qti1Said struct {
	ident  string // of the response
	text   string
	folded string
	cased  bool // A and a are two texts
	part   bool // the answer may hold more than the text
	number *big.Rat
	wanted []string // what stands between commas, as far as it can be chosen; nil: not asked for yet
}

// qti1Saids are what the tests of an item say that were looked at.
type qti1Saids map[*xmltree.Node]*qti1Said

func (s qti1Saids) of(n *xmltree.Node) *qti1Said {
	if said := s[n]; said != nil {
		return said
	}
	said := &qti1Said{
		ident: n.Attr("respident"), text: strings.TrimSpace(n.String()), cased: strings.EqualFold(n.Attr("case"), "Yes"), part: isPart(n),
	}
	said.folded = foldText(said.text)
	said.number, _ = number(said.text)
	s[n] = said
	return said
}

// list is what a test of several labels wants. Of more than can be chosen it is not all.
func (s *qti1Said) list() []string {
	if s.wanted == nil {
		s.wanted = strings.SplitN(s.text, ",", MaxAnswers+2)
		for i := range s.wanted {
			s.wanted[i] = strings.TrimSpace(s.wanted[i])
		}
	}
	return s.wanted
}
