package mathml

import "strings"

// symbol is what a command without arguments stands for.
type symbol struct {
	text  string
	kind  symbolKind
	class class
}

// symbolKind says as what a symbol is written.
type symbolKind byte

const (
	letter       symbolKind = iota // slanted
	uprightSign                    // a letter or a sign that stands upright
	sign                           // an operator
	largeSign                      // one that grows, with limits
	integralSign                   // one that grows, without
	function                       // a name
	limitName                      // a name with limits
)

// commandSymbols gives the symbols of commands.
var commandSymbols = map[string]symbol{}

// signs are the symbols of characters that stand for themselves.
var signs = map[rune]symbol{
	'+': {"+", sign, binary}, '-': {"−", sign, binary}, '−': {"−", sign, binary}, '*': {"∗", sign, binary}, '/': {"/", sign, ordinary},
	'±': {"±", sign, binary}, '∓': {"∓", sign, binary}, '×': {"×", sign, binary}, '÷': {"÷", sign, binary}, '·': {"·", sign, binary},
	'=': {"=", sign, relation}, '<': {"<", sign, relation}, '>': {">", sign, relation}, ':': {":", sign, relation},
	'(': {"(", sign, opening}, '[': {"[", sign, opening}, ')': {")", sign, closing}, ']': {"]", sign, closing},
	',': {",", sign, punctuation}, ';': {";", sign, punctuation}, '!': {"!", sign, closing}, '?': {"?", sign, closing},
	'|': {"|", sign, ordinary}, '.': {".", uprightSign, ordinary}, '"': {"\"", uprightSign, ordinary}, '@': {"@", uprightSign, ordinary}, '%': {"%", uprightSign, ordinary},
	'∞': {"∞", uprightSign, ordinary}, '°': {"°", uprightSign, ordinary}, '∑': {"∑", largeSign, operator}, '∏': {"∏", largeSign, operator},
	'∫': {"∫", integralSign, operator}, '∂': {"∂", uprightSign, ordinary}, '∇': {"∇", uprightSign, ordinary}, '…': {"…", uprightSign, ordinary},
}

// tables are pairs of a command and its symbol.
var tables = []struct {
	kind  symbolKind
	class class
	pairs string
}{
	{letter, ordinary, `alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
		varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ
		phi ϕ varphi φ chi χ psi ψ omega ω imath ı jmath ȷ ell ℓ`},
	{uprightSign, ordinary, `Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
		infty ∞ partial ∂ nabla ∇ hbar ℏ hslash ℏ Re ℜ Im ℑ aleph ℵ beth ℶ wp ℘ emptyset ∅ varnothing ∅ angle ∠ measuredangle ∡
		triangle △ square □ Box □ blacksquare ■ bigstar ★ diamondsuit ♢ heartsuit ♡ clubsuit ♣ spadesuit ♠ flat ♭ natural ♮
		sharp ♯ top ⊤ bot ⊥ prime ′ degree ° ldots … dots … dotsc … dotso … cdots ⋯ dotsb ⋯ dotsm ⋯ dotsi ⋯ vdots ⋮ ddots ⋱ checkmark ✓ complement ∁ mho ℧
		pounds £ yen ¥ copyright © S § P ¶ % % $ $ # # & & _ _ backslash \ AA Å eth ð`},
	{sign, ordinary, `forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ vert | Vert ‖ | ‖ surd √`},
	{sign, binary, `pm ± mp ∓ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet ∙ cap ∩ cup ∪ uplus ⊎ sqcap ⊓ sqcup ⊔ vee ∨ lor ∨
		wedge ∧ land ∧ setminus ∖ smallsetminus ∖ wr ≀ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ dagger † ddagger ‡ amalg ⨿ diamond ⋄
		bigcirc ◯ bigtriangleup △ bigtriangledown ▽ triangleleft ◁ triangleright ▷ boxplus ⊞ boxminus ⊟ boxtimes ⊠ ltimes ⋉ rtimes ⋊
		barwedge ⌅ veebar ⊻ centerdot ⋅`},
	{sign, relation, `leq ≤ le ≤ geq ≥ ge ≥ leqq ≦ geqq ≧ leqslant ⩽ geqslant ⩾ lt < gt > neq ≠ ne ≠ equiv ≡ approx ≈ approxeq ≊ sim ∼ simeq ≃ cong ≅
		propto ∝ varpropto ∝ ll ≪ gg ≫ lll ⋘ ggg ⋙ prec ≺ succ ≻ preceq ⪯ succeq ⪰ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋
		sqsubseteq ⊑ sqsupseteq ⊒ in ∈ ni ∋ notin ∉ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ mid ∣ perp ⊥ parallel ∥ nparallel ∦ nmid ∤ asymp ≍ doteq ≐
		bowtie ⋈ smile ⌣ frown ⌢ coloneqq ≔ triangleq ≜ fallingdotseq ≒ risingdotseq ≓ lesssim ≲ gtrsim ≳ nleq ≰ ngeq ≱ nsubseteq ⊈ nsupseteq ⊉ therefore ∴ because ∵
		to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ impliedby ⟸ iff ⟺
		longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺ mapsto ↦ longmapsto ⟼
		uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖
		hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌ leftrightharpoons ⇋
		rightleftarrows ⇄ leftrightarrows ⇆ rightrightarrows ⇉ leftleftarrows ⇇ rightsquigarrow ⇝ leadsto ⇝ nrightarrow ↛ nleftarrow ↚ nRightarrow ⇏ colon :`},
	{sign, opening, `{ { lbrace { lbrack [ langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖ lgroup ⟮`},
	{sign, closing, `} } rbrace } rbrack ] rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖ rgroup ⟯`},
	{sign, punctuation, `ldotp . cdotp ⋅`},
	{largeSign, operator, `sum ∑ prod ∏ coprod ∐ bigcap ⋂ bigcup ⋃ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆`},
	{integralSign, operator, `int ∫ iint ∬ iiint ∭ oint ∮ oiint ∯ smallint ∫`},
	{function, operator, `arccos arccos arcsin arcsin arctan arctan arg arg cos cos cosh cosh cot cot coth coth csc csc deg deg dim dim exp exp
		hom hom ker ker lg lg ln ln log log sec sec sin sin sinh sinh tan tan tanh tanh`},
	{limitName, operator, `det det gcd gcd inf inf lim lim max max min min Pr Pr sup sup argmax argmax argmin argmin`},
}

// spaces are the widths of commands that leave some, in em.
var spaces = map[string]string{
	" ": "0.25em", "~": "0.25em", "nobreakspace": "0.25em", "space": "0.25em", ",": "0.1667em", "thinspace": "0.1667em", ":": "0.2222em", ">": "0.2222em",
	"medspace": "0.2222em", ";": "0.2778em", "thickspace": "0.2778em", "!": "-0.1667em", "negthinspace": "-0.1667em", "enspace": "0.5em",
	"enskip": "0.5em", "quad": "1em", "qquad": "2em",
}

// delimiters are what \left, \right and \big take, beside the brackets and strokes of the tables.
var delimiters = map[string]string{
	"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", "<": "⟨", ">": "⟩", ".": "",
}

func init() {
	for _, t := range tables {
		words := strings.Fields(t.pairs)
		for i := 0; i+1 < len(words); i += 2 {
			commandSymbols[words[i]] = symbol{words[i+1], t.kind, t.class}
		}
	}
	commandSymbols["liminf"] = symbol{"lim inf", limitName, operator}
	commandSymbols["limsup"] = symbol{"lim sup", limitName, operator}
	for _, name := range strings.Fields(`{ } lbrace rbrace lbrack rbrack langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert
		lgroup rgroup vert Vert | uparrow downarrow updownarrow Uparrow Downarrow Updownarrow backslash`) {
		delimiters[`\`+name] = commandSymbols[name].text
	}
}
