package richtext

import (
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"shiken/internal/mathml"
)

// beforeCode is a priority: formulas are looked for before code, links and emphasis. Whichever begins
// first wins.
const beforeCode = 50

// markdown is CommonMark with tables, strikethrough and formulas. Cells are aligned by attributes, since
// the policy takes styles away.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Strikethrough,
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))),
	goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(formulaParser{}, beforeCode))))

// formulaParser makes marks of formulas, so that Markdown reads nothing in them as its own.
type formulaParser struct{}

// Trigger implements parser.InlineParser.
func (formulaParser) Trigger() []byte { return []byte{'$', '\\'} }

// formulaTries counts in a parser's context the places that were looked at.
var formulaTries = parser.NewContextKey()

// Parse implements parser.InlineParser.
func (formulaParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if len(line) < 3 || line[0] == '\\' && line[1] != '(' && line[1] != '[' {
		return nil
	}
	tries, _ := pc.Get(formulaTries).(int)
	if tries >= maxFormulas {
		return nil
	}
	pc.Set(formulaTries, tries+1)
	before := ""
	if c := block.PrecendingCharacter(); c < utf8.RuneSelf {
		before = string(c)
	}
	f, ok := formulaAt(before+ahead(block), len(before))
	if !ok {
		return nil
	}
	if _, readable := mathml.TeX(f.tex, f.display); !readable {
		return nil
	}
	block.Advance(f.to - f.from)
	kind := byte(markInline)
	if f.display {
		kind = markDisplay
	}
	n := ast.NewString([]byte(mark(kind, f.tex)))
	n.SetRaw(true) // characters of HTML are escaped, and nothing else is done to it
	return n
}

// ahead is what follows in the block, as far as a formula may be long.
func ahead(block text.Reader) string {
	line, position := block.Position()
	defer block.SetPosition(line, position)
	var rest []byte
	for len(rest) < mathml.MaxSource {
		next, _ := block.PeekLine()
		if next == nil {
			break
		}
		rest = append(rest, next...)
		block.AdvanceLine()
	}
	return string(rest)
}
