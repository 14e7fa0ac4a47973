package mathml

// infixes are commands that stand between what they apply to, in a group.
var infixes = map[string]func(above, below *Node) *Node{
	`\over`:   func(a, b *Node) *Node { return element("mfrac", a, b) },
	`\atop`:   func(a, b *Node) *Node { return element("mfrac", a, b).with("linethickness", "0") },
	`\choose`: binomial,
}

// styles are commands that change the size of what follows in a group.
var styles = map[string][]string{
	`\displaystyle`: {"displaystyle", "true", "scriptlevel", "0"}, `\textstyle`: {"displaystyle", "false", "scriptlevel", "0"},
	`\scriptstyle`: {"displaystyle", "false", "scriptlevel", "1"}, `\scriptscriptstyle`: {"displaystyle", "false", "scriptlevel", "2"},
}

// switches are commands that change the type of what follows in a group.
var switches = map[string]variant{
	`\rm`: upright, `\bf`: bold, `\it`: italic, `\cal`: script, `\tt`: monospace, `\sf`: sansSerif,
}

// passedOver are commands that change nothing that a reader needs, with the number of their arguments.
var passedOver = map[string]int{
	`\hline`: 0, `\hfill`: 0, `\nonumber`: 0, `\notag`: 0, `\label`: 1, `\strut`: 0, `\mathstrut`: 0, `\small`: 0, `\large`: 0,
	`\Large`: 0, `\color`: 1, `\/`: 0, `\allowbreak`: 0, `\nobreak`: 0, `\relax`: 0,
}

// types are commands that set the type of their argument.
var types = map[string]variant{
	"mathrm": upright, "mathup": upright, "mathbf": bold, "bold": bold, "mathit": italic, "boldsymbol": boldItalic, "bm": boldItalic,
	"pmb": boldItalic, "mathbb": doubleStruck, "Bbb": doubleStruck, "mathcal": script, "mathscr": script, "mathfrak": fraktur,
	"frak": fraktur, "mathsf": sansSerif, "mathtt": monospace, "mathnormal": plain,
}

// texts are commands whose argument is words, with the type of them.
var texts = map[string]variant{
	"text": plain, "textrm": plain, "textnormal": plain, "mbox": plain, "hbox": plain, "textup": plain, "textbf": bold, "textit": italic,
	"textsf": sansSerif, "texttt": monospace, "emph": italic,
}

// accents are signs over their argument; those that stretch are as wide as it.
var accents = map[string]struct {
	sign     string
	stretchy bool
}{
	"hat": {"^", false}, "widehat": {"^", true}, "tilde": {"~", false}, "widetilde": {"~", true}, "bar": {"¯", false},
	"overline": {"‾", true}, "vec": {"→", false}, "dot": {"˙", false}, "ddot": {"¨", false}, "dddot": {"⃛", false}, "check": {"ˇ", false},
	"breve": {"˘", false}, "acute": {"´", false}, "grave": {"`", false}, "mathring": {"˚", false},
	"overrightarrow": {"→", true}, "overleftarrow": {"←", true}, "overleftrightarrow": {"↔", true}, "overparen": {"⏜", true},
}

// below are signs under their argument, as wide as it.
var below = map[string]string{"underline": "_", "underrightarrow": "→", "underleftarrow": "←"}

// braces are signs that scripts are put to.
var braces = map[string]string{"overbrace": "⏞", "underbrace": "⏟", "overbracket": "⎴", "underbracket": "⎵"}

// arrows stretch to what is written on them.
var arrows = map[string]string{
	"xrightarrow": "→", "xleftarrow": "←", "xRightarrow": "⇒", "xLeftarrow": "⇐", "xleftrightarrow": "↔", "xrightleftharpoons": "⇌",
	"xmapsto": "↦",
}

// sizes are commands that set the height of a bracket, in em.
var sizes = map[string]string{"big": "1.2em", "Big": "1.8em", "bigg": "2.4em", "Bigg": "3em"}

// classes are commands that say as what their argument is to be spaced.
var classes = map[string]class{
	"mathord": ordinary, "mathop": operator, "mathbin": binary, "mathrel": relation, "mathopen": opening, "mathclose": closing,
	"mathpunct": punctuation, "mathinner": ordinary,
}
