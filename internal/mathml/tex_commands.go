package mathml

import (
	"maps"
	"strings"
)

// commands are those with a way of their own. It is filled at start, since they call what looks them up.
var commands = map[string]func(*parser) *Node{}

func init() {
	maps.Copy(commands, map[string]func(*parser) *Node{
		"frac":         func(p *parser) *Node { return element("mfrac", p.argument(), p.argument()) },
		"dfrac":        func(p *parser) *Node { return sized(element("mfrac", p.argument(), p.argument()), "true") },
		"cfrac":        func(p *parser) *Node { return sized(element("mfrac", p.argument(), p.argument()), "true") },
		"tfrac":        func(p *parser) *Node { return sized(element("mfrac", p.argument(), p.argument()), "false") },
		"binom":        func(p *parser) *Node { return binomial(p.argument(), p.argument()) },
		"dbinom":       func(p *parser) *Node { return sized(binomial(p.argument(), p.argument()), "true") },
		"tbinom":       func(p *parser) *Node { return sized(binomial(p.argument(), p.argument()), "false") },
		"sqrt":         (*parser).root,
		"left":         (*parser).fenced,
		"begin":        (*parser).environment,
		"operatorname": (*parser).operatorName,
		"not":          (*parser).not,
		"hspace":       (*parser).hspace,
		"textcolor":    func(p *parser) *Node { p.raw(); return p.argument() },
		"phantom":      func(p *parser) *Node { return element("mphantom", p.argument()) },
		"hphantom":     func(p *parser) *Node { return element("mphantom", p.argument()) },
		"vphantom":     func(p *parser) *Node { p.argument(); return element("mrow") },
		"smash":        (*parser).argument,
		"boxed":        func(p *parser) *Node { return element("menclose", p.argument()).with("notation", "box") },
		"fbox":         func(p *parser) *Node { return element("menclose", p.words(plain)).with("notation", "box") },
		"overset": func(p *parser) *Node {
			over, n := p.argument(), p.argument()
			return element("mover", n, over).of(n.class)
		},
		"stackrel": func(p *parser) *Node {
			over, n := p.argument(), p.argument()
			return element("mover", n, over).of(relation)
		},
		"underset": func(p *parser) *Node {
			under, n := p.argument(), p.argument()
			return element("munder", n, under).of(n.class)
		},
		"bmod":     func(*parser) *Node { return token("mo", "mod").of(binary) },
		"pmod":     func(p *parser) *Node { return modulus(p.argument(), "(", ")") },
		"mod":      func(p *parser) *Node { return modulus(p.argument(), "", "") },
		"pod":      func(p *parser) *Node { return element("mrow", fence("("), p.argument(), fence(")")) },
		"substack": (*parser).substack,
	})
}

// command reads what follows a command's name. Families of commands are looked up in their tables.
func (p *parser) command(name string) *Node {
	if s, known := commandSymbols[name]; known {
		return p.symbol(s)
	}
	if read, known := commands[name]; known {
		return read(p)
	}
	if width, known := spaces[name]; known {
		return element("mspace").with("width", width)
	}
	if v, known := types[name]; known {
		return p.typed(v)
	}
	if v, known := texts[name]; known {
		return p.words(v)
	}
	if c, known := classes[name]; known {
		n := element("mrow", p.argument()).of(c)
		n.limits = c == operator
		return n
	}
	return p.decorated(name)
}

// decorated reads commands that put a sign to their argument, and brackets of a size.
func (p *parser) decorated(name string) *Node {
	if a, known := accents[name]; known {
		stretchy := map[bool]string{true: "true", false: "false"}[a.stretchy]
		return element("mover", p.argument(), token("mo", a.sign, "stretchy", stretchy)).with("accent", "true")
	}
	if sign, known := below[name]; known {
		return element("munder", p.argument(), token("mo", sign, "stretchy", "true")).with("accentunder", "true")
	}
	if sign, known := braces[name]; known {
		kind := map[bool]string{true: "mover", false: "munder"}[strings.HasPrefix(name, "over")]
		n := element(kind, p.argument(), token("mo", sign, "stretchy", "true"))
		n.limits = true
		return n
	}
	if sign, known := arrows[name]; known {
		return p.arrow(sign)
	}
	if height, known := sizes[strings.TrimRight(name, "lrm")]; known {
		d, ok := delimiters[p.next()]
		if !ok {
			return p.fail()
		}
		return token("mo", d, "fence", "true", "stretchy", "true", "minsize", height, "maxsize", height).of(sideOf(name))
	}
	return p.fail()
}

func sideOf(name string) class {
	switch name[len(name)-1] {
	case 'l':
		return opening
	case 'r':
		return closing
	case 'm':
		return relation
	}
	return ordinary
}

func sized(n *Node, display string) *Node {
	return element("mstyle", n).with("displaystyle", display, "scriptlevel", "0")
}

func fence(sign string) *Node { return token("mo", sign, "fence", "true", "stretchy", "true") }

func binomial(above, below *Node) *Node {
	return element("mrow", fence("("), element("mfrac", above, below).with("linethickness", "0"), fence(")"))
}

func modulus(n *Node, open, end string) *Node {
	kids := []*Node{element("mspace").with("width", "1em")}
	kids = append(kids, bracket(open)...)
	kids = append(kids, token("mi", "mod"), element("mspace").with("width", "0.3333em"), n)
	return element("mrow", append(kids, bracket(end)...)...)
}

func (p *parser) root() *Node {
	if index := p.option(); index != nil {
		return element("mroot", p.argument(), index)
	}
	return element("msqrt", p.argument())
}

// typed reads an argument in a type of its own.
func (p *parser) typed(v variant) *Node {
	saved := p.variant
	p.variant = v
	defer func() { p.variant = saved }()
	return p.argument()
}

// arrow reads what stands below, in brackets, and above an arrow.
func (p *parser) arrow(sign string) *Node {
	n := token("mo", sign, "stretchy", "true").of(relation)
	under := p.option()
	over := p.argument()
	if under == nil {
		return element("mover", n, over).of(relation)
	}
	return element("munderover", n, under, over).of(relation)
}

// fenced reads \left … \right.
func (p *parser) fenced() *Node {
	saved := p.bracket
	p.bracket = false
	defer func() { p.bracket = saved }()
	kids := p.delimiter()
	for {
		kids = append(kids, p.list()...)
		switch p.next() {
		case `\middle`:
			kids = append(kids, p.delimiter()...)
		case `\right`:
			return element("mrow", append(kids, p.delimiter()...)...)
		default:
			return p.fail()
		}
	}
}

// delimiter reads what stands behind \left, \middle or \right: one bracket, or none.
func (p *parser) delimiter() []*Node {
	sign, known := delimiters[p.next()]
	if !known {
		p.fail()
	}
	return bracket(sign)
}

// operatorName reads the name of a function; with a star its scripts are limits.
func (p *parser) operatorName() *Node {
	starred := p.takes("*")
	name := strings.ReplaceAll(p.raw(), `\,`, "\u2009")
	if strings.ContainsAny(name, `\{}$#^_&`) || strings.TrimSpace(name) == "" {
		return p.fail()
	}
	kind := function
	if starred {
		kind = limitName
	}
	return p.symbol(symbol{strings.TrimSpace(name), kind, operator})
}

// not strikes the next sign through.
func (p *parser) not() *Node {
	n := p.argument()
	if n.text == "" {
		return p.fail()
	}
	if n.text == "=" {
		n.text = "≠"
	} else {
		n.text += "\u0338"
	}
	return n.of(relation)
}

func (p *parser) hspace() *Node {
	p.takes("*")
	wide := strings.TrimSpace(p.raw())
	if !width.MatchString(wide) {
		return p.fail()
	}
	return element("mspace").with("width", wide)
}

// wordEscapes are the commands that words may hold.
var wordEscapes = strings.NewReplacer(`\ `, "\u00A0", `\,`, "\u2009", `\%`, "%", `\$`, "$", `\&`, "&", `\#`, "#", `\_`, "_", `\{`, "{",
	`\}`, "}", "~", "\u00A0", "``", "“", "''", "”", "---", "—", "--", "–")

// words reads text, in which formulas may stand between dollars.
func (p *parser) words(v variant) *Node {
	source := p.raw()
	var kids []*Node
	for i, part := range strings.Split(strings.ReplaceAll(source, `\$`, "\x00"), "$") {
		part = strings.ReplaceAll(part, "\x00", `\$`)
		switch {
		case part == "":
		case i%2 == 1:
			kids = append(kids, p.within(part)...)
		default:
			kids = append(kids, p.wordsOf(part, v))
		}
	}
	if strings.Count(strings.ReplaceAll(source, `\$`, ""), "$")%2 == 1 {
		return p.fail()
	}
	return row(kids)
}

// wordsOf is text without formulas. Spaces at its ends count.
func (p *parser) wordsOf(part string, v variant) *Node {
	text := wordEscapes.Replace(part)
	if strings.ContainsAny(strings.NewReplacer(`\{`, "", `\}`, "").Replace(part), "{}") || strings.Contains(text, `\`) {
		return p.fail()
	}
	text = collapse(text)
	if strings.TrimLeft(part, " \n\t") != part {
		text = "\u00A0" + text
	}
	if strings.TrimRight(part, " \n\t") != part && text != "\u00A0" {
		text += "\u00A0"
	}
	return token("mtext", styled(text, v))
}

// within reads a formula that stands in words.
func (p *parser) within(source string) []*Node {
	inner := &parser{src: source, depth: p.depth + 1, nodes: p.nodes}
	list := inner.list()
	p.nodes = inner.nodes
	if inner.failed || inner.peek() != "" {
		p.fail()
	}
	return list
}

// substack reads lines that stand below each other as one script.
func (p *parser) substack() *Node {
	if !p.takes("{") {
		return p.fail()
	}
	rows := p.rows()
	if !p.takes("}") {
		return p.fail()
	}
	return element("mtable", rows...)
}
