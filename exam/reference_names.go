package exam

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// alphabets are what options are named by: that at a place by the rune there.
var alphabets = [][]rune{
	[]rune("abcdefghijklmnopqrstuvwxyz"), []rune("123456789"), []rune("アイウエオカキクケコサシスセソ"), []rune("イロハニホヘトチ"),
	[]rune("あいうえおかきくけこさしすせそ"), []rune("いろはにほへとち"),
}

// wordsBeforeNames are the words with which startWords and nounWords begin.
var wordsBeforeNames = []string{
	"both", "either", "neither", "only", "just", "all", "any", "none", "the", "option", "options", "choice", "choices", "answer", "answers",
	"alternative", "alternatives", "item", "items", "response", "responses",
}

// wordsBehindNames are those with which joints, nameRange and endWords go on behind a name and a space.
var wordsBehindNames = []string{
	"but", "as", "and", "or", "nor", "to", "through", "only", "alone", "both", "together", "above", "are", "is", "son",
}

var (
	nounWords  = regexp.MustCompile(`^(?:the )?(?:options?|choices?|answers?|alternatives?|items?|responses?|選択肢の?|記号) ?`)
	startWords = regexp.MustCompile(`^(?:both|either|neither|only|just|all|any|none)(?: of)? `)
	endWords   = regexp.MustCompile(`(?: (?:only|alone|both|together|above|(?:are|is)(?: both)? (?:correct|true|right|false|wrong|incorrect)|son (?:correctas|verdaderas|falsas))|` +
		`の?(?:両方|双方|両者|[2-9二三]つ|いずれ(?:も|か|でもない)|どれでもない|すべて|全て|全部|どちら(?:も|か|でもない)|組み?合わ?せ)(?:とも)?|のみ|だけ|` +
		`(?:が|は|も|とも)(?:正しい|正解|該当する|当てはまる|あてはまる|誤り|誤っている)|である|です)$`)
	joints    = regexp.MustCompile(`,? (?:but not|as well as|and|or|nor|y|o) | ?[,&、・] ?| ?(?:と|及び|および|並びに|ならびに|または|又は|もしくは|か) ?`)
	nameRange = regexp.MustCompile(`^(\S{1,3}?) ?(?:-|–|~|〜|から|to|through) ?(\S{1,3}?)(?:まで)?$`)
	oneName   = regexp.MustCompile(`^[(\[]?([a-z1-9ア-ヲあ-を])[)\].]?$`)
	ownLabel  = regexp.MustCompile(`^([(\[]?[a-z1-9ア-ヲあ-を](?:[)\].:]|、)) *`)
)

// withoutLabel takes the label of its own place off an option's text.
func withoutLabel(text string, place int) string {
	if !strings.ContainsAny(text[:min(len(text), 8)], ")].:\u3001") {
		return text
	}
	m := ownLabel.FindStringSubmatch(text)
	if m == nil || len(m[0]) == len(text) {
		return text
	}
	name := strings.TrimRight(m[1], ":、")
	if places := placesOf([]string{name}); !slices.Equal(places, []int{place}) {
		return text
	}
	return text[len(m[0]):]
}

// mayName reports whether a text begins with a name that goes on as lists of names do, or with a word that may
// stand before names. Others are no list of names.
func mayName(text string) bool {
	text = strings.TrimLeft(text, "([")
	word := text
	if end := strings.IndexAny(text, " ,"); end >= 0 {
		word = text[:end]
	}
	if slices.Contains(wordsBeforeNames, word) || strings.HasPrefix(text, "選択肢") || strings.HasPrefix(text, "記号") {
		return true
	}
	first, size := utf8.DecodeRuneInString(text)
	rest := text[size:]
	if rest == "" || !oneName.MatchString(string(first)) || 'a' <= rest[0] && rest[0] <= 'z' || '0' <= rest[0] && rest[0] <= '9' {
		return false
	}
	rest, spaced := strings.CutPrefix(rest, " ")
	next, _, _ := strings.Cut(rest, " ")
	return !spaced || len(next) < 2 || next[0] >= utf8.RuneSelf || !unicode.IsLetter(rune(next[0])) || slices.Contains(wordsBehindNames, next)
}

// namesOthers reports whether an option names several others that are there and say something of their own.
func namesOthers(texts []string, i int) bool {
	if !mayName(texts[i]) {
		return false
	}
	places, digits := placesNamed(texts[i])
	if len(places) < 2 {
		return false
	}
	for n, place := range places {
		if place == i || place >= len(texts) || slices.Contains(places[:n], place) || !speaks(texts, place, digits) {
			return false
		}
	}
	return true
}

// speaks reports whether the option at a place says something of its own: it names no options that there
// are, or none but itself; where options are named by digits it is no number, either.
func speaks(texts []string, place int, digits bool) bool {
	text := texts[place]
	named, byDigits := placesNamed(text)
	none := !slices.ContainsFunc(named, func(p int) bool { return p < len(texts) })
	own := slices.Equal(placesOf([]string{text}), []int{place}) && !byDigits
	return text != "" && (none || own) && (!digits || strings.ContainsFunc(text, unicode.IsLetter))
}

// placesNamed are the 0-based places that a text names, when it does nothing else; digits tells that it
// names them by number.
func placesNamed(text string) (places []int, digits bool) {
	body := startWords.ReplaceAllString(text, "")
	body = nounWords.ReplaceAllString(body, "")
	for cut := ""; cut != body; {
		cut, body = body, endWords.ReplaceAllString(body, "")
	}
	tokens := joints.Split(body, -1)
	if m := nameRange.FindStringSubmatch(body); m != nil && body != text {
		tokens = m[1:]
		if ends := placesOf(tokens); len(ends) == 2 && ends[0] < ends[1] {
			for place := ends[0]; place <= ends[1]; place++ {
				places = append(places, place)
			}
			return places, strings.ContainsAny(body, "123456789")
		}
		return nil, false
	}
	return placesOf(tokens), strings.ContainsAny(body, "123456789")
}

// placesOf are the places that names stand for, all in one alphabet; nil when they are no such names.
func placesOf(tokens []string) []int {
	names := make([]rune, len(tokens))
	for i, token := range tokens {
		m := oneName.FindStringSubmatch(nounWords.ReplaceAllString(token, ""))
		if m == nil {
			return nil
		}
		names[i] = []rune(m[1])[0]
	}
	for _, alphabet := range alphabets {
		places := make([]int, len(names))
		for i, name := range names {
			places[i] = slices.Index(alphabet, name)
		}
		if !slices.Contains(places, -1) {
			return places
		}
	}
	return nil
}
