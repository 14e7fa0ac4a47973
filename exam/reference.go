package exam

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Reference says how the text of an option speaks of other options.
type Reference int

// The references. ToAll speaks of all others, wherever these stand ("None of these"); ToAbove of those above
// it ("All of the above"); ToPlaces of some by letter or place ("A and C", "アとウ").
const (
	NoReference Reference = iota
	ToAll
	ToAbove
	ToPlaces
)

// maxReference is the length in characters up to which an option may be a reference: nobody writes longer
// ones, and what is longer says something of its own.
const maxReference = 80

// References finds by option how the options of a choice question speak of each other, in English,
// Japanese and Spanish. An option that names letters or numbers refers to others only when they are there,
// and say something of their own: "1 and 3" does not among numbers, nor "A and B" beside "A only", which
// speak of statements in the question.
func References(options []Option) []Reference {
	out, texts := make([]Reference, len(options)), make([]string, len(options))
	for i := range options {
		texts[i] = withoutLabel(referenceText(&options[i].Text), i)
	}
	for i, text := range texts {
		switch speaking := maySpeakOfOthers(text); {
		case speaking && aboveForm.MatchString(text):
			out[i] = ToAbove
		case speaking && allForm.MatchString(text):
			out[i] = ToAll
		case speaking && ordinalForm.MatchString(text) || namesOthers(texts, i):
			out[i] = ToPlaces
		}
	}
	return out
}

// KeptPlaces tells which options of a choice question keep their places when the others are shuffled: those
// that are fixed, and what References asks for. One that names others by letter or place keeps them all; one
// that speaks of what is above it keeps its place, and where others follow, the places of those above it.
// Options with labels of their own keep all places.
func KeptPlaces(options []Option) []bool {
	kept := KeptFor(options, References(options))
	if OwnLabels(options) {
		keep(kept)
	}
	return kept
}

// KeptFor is what of KeptPlaces options ask for that are fixed, or have the given References.
func KeptFor(options []Option, references []Reference) []bool {
	kept := make([]bool, len(options))
	last := len(options) // the first place behind which all are references
	for last > 0 && references[last-1] != NoReference {
		last--
	}
	for i := range options {
		switch {
		case references[i] == ToPlaces:
			keep(kept)
		case references[i] == ToAbove && i < last:
			keep(kept[:i+1])
		default:
			kept[i] = kept[i] || options[i].Fixed || references[i] != NoReference
		}
	}
	return kept
}

func keep(places []bool) {
	for i := range places {
		places[i] = true
	}
}

var (
	tagForm    = regexp.MustCompile(`<[^>]{0,300}>`)
	circled    = strings.NewReplacer("①", "1", "②", "2", "③", "3", "④", "4", "⑤", "5", "⑥", "6", "⑦", "7", "⑧", "8", "⑨", "9")
	emphasised = strings.NewReplacer("**", "", "__", "", "`", "", "“", "", "”", "", `"`, "", "「", "", "」", "", "『", "", "』", "")
)

// referenceText is a text in the form in which references are looked for: without markup, in half width and
// lower case; "" for a text that is too long to be one.
func referenceText(t *Text) string {
	text := t.Source
	if len(text) > 16*maxReference {
		return ""
	}
	if t.Format == HTML || t.Format == Markdown {
		if strings.Contains(text, "<") {
			text = tagForm.ReplaceAllString(text, " ")
		}
		text = html.UnescapeString(text)
	}
	text = strings.ToLower(strings.Map(halfWidth, emphasised.Replace(circled.Replace(text))))
	text = strings.TrimRight(strings.Join(strings.Fields(text), " "), " .。．!；;")
	if utf8.RuneCountInString(text) > maxReference {
		return ""
	}
	return text
}

// halfWidth brings Latin letters, digits and signs in full width, and the first katakana in half width,
// into their usual form.
func halfWidth(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r >= 'ｱ' && r <= 'ｵ':
		return 'ア' + 2*(r-'ｱ')
	case r == '\u3000':
		return ' '
	}
	return r
}

// What a text begins with, or holds, that has one of the forms below. It is looked at first: nearly all
// options say something of their own, and a file may have a million of them.
var (
	formBegins = []string{
		"all", "none", "any", "both", "neither", "either", "tod", "ning",
		"上", "前", "左", "以", "こ", "下", "次", "他", "ほ", "選", "い", "何", "ど", "す", "全", "両", "該", "当", "あ", "正", "中",
	}
	formHolds = []string{"above", "preceding", "previous", "foregoing", "anteriores", "first", "second", "third", "fourth", "last "}
)

func maySpeakOfOthers(text string) bool {
	return slices.ContainsFunc(formBegins, func(s string) bool { return strings.HasPrefix(text, s) }) ||
		slices.ContainsFunc(formHolds, func(s string) bool { return strings.Contains(text, s) })
}

// The forms of references, of texts by referenceText.
var (
	aboveForm = regexp.MustCompile(
		`^(?:[\w-]+ ){1,4}of (?:the |those |these )?(?:above|preceding|previous|foregoing)$|` +
			`^(?:all|none|both|any|either|neither|each|one|two|three|some)(?: of)? (?:the |those |these )?(?:above|preceding|previous|foregoing)\b|` +
			`^(?:all|none|both|neither|any)\b.{0,20}\b(?:options?|choices?|answers?|alternatives?|items?) above\b|` +
			`^the (?:above|preceding) (?:are|is)? ?(?:all|both)\b|` +
			`^(?:上記|上述|前述|前記|左記|上の選択肢|上(?:のうち|のもの)?の|以上の?)(?:の?(?:選択肢|もの|記述|うち|中|方法)|の|に|は|が|から)*(?:、)?` +
			`(?:すべて|全て|全部|いずれ|何れ|どれ|どちら|両方|両者|双方|[2-9二三]つ|複数|正解|正しい|該当|当てはま|あてはま|ない|なし|以外)|` +
			`\b(?:todas|todos|ningun[ao]|ambas|ambos|cualquiera)(?: de)?(?: las| los)? ?(?:respuestas |opciones )?anteriores\b`)
	allForm = regexp.MustCompile(
		`^(?:all|none|any|both|neither|either)(?: of)? (?:these|those|them|the other|the others|the following|the given|the listed|the options?|the answers?|the choices?|` +
			`the alternatives?|the statements?|other options?|other answers?|options|answers|choices|statements)` +
			`(?: (?:options|answers|choices|alternatives|statements|listed|given|here|mentioned))?` +
			`(?:,? (?:are|is|apply|applies|can be|may be)\b.{0,30})?$|` +
			`^(?:all|both|none|neither)(?: of them)? (?:are|is) (?:correct|true|right|false|wrong|incorrect)$|` +
			`^(?:none|all) apply$|` +
			`^(?:これら|以下|下記|次|他|ほか|選択肢)(?:の|は|が)?(?:選択肢|もの|うち|中)?の?(?:すべて|全て|全部|いずれ|何れ|どれ|両方)(?:も|でも|にも|が|を|に)?` +
			`(?:正し|誤|ない|該当|当てはま|あてはま|含|適切|不適切|間違|$)|` +
			`^(?:いずれ|何れ|どれ|どちら)(?:も|でも|にも)(?:正し|誤|ない|該当|当てはま|あてはま|間違|適切|不適切)|` +
			`^(?:すべて|全て|全部|両方)(?:とも|が|は|の選択肢が)?(?:正し|誤|正解|該当|当てはま|あてはま|間違|適切|不適切)|` +
			`^(?:該当|当てはまるもの|あてはまるもの|正解|正しいもの)(?:する(?:もの|選択肢))?(?:は|が)?(?:なし|無し|ない)$|` +
			`^(?:この|上の|以上の)?(?:選択肢|中)の?(?:中)?に(?:は)?(?:正解は|正しいものは|答えは)?ない$|` +
			`^(?:todas|todos) son (?:correct|fals|verdader)[ao]s$|^ninguna es correcta$`)
	ordinalForm = regexp.MustCompile(
		`^(?:(?:both|only|either|neither)(?: of)? )?the (?:first|last) (?:two|three|four|2|3|4) (?:options|choices|answers|ones|statements|of (?:these|them))$|` +
			`^(?:both|neither|either|only)(?: of)? the (?:first|last) (?:two|three|2|3)$|` +
			`^(?:(?:both|only|neither|either) )?(?:the )?(?:first|second|third|fourth)(?:,? (?:and|or|nor) (?:the )?(?:second|third|fourth|fifth|last)) (?:options?|choices?|answers?|ones?)$`)
)
