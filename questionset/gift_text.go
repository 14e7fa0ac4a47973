package questionset

import (
	"html"
	"regexp"
	"strconv"
	"strings"

	"shiken/exam"
)

// escapes are GIFT's: a backslash before one of these makes it an ordinary character. Marked, it
// stands as a Unicode noncharacter, which no text of a file holds (checkText refuses them).
const (
	escapes   = `:#={}~n\`
	firstMark = 0xFDD0
)

// mark replaces escaped characters by placeholders, so that what remains of them is syntax. A
// backslash before any other character is kept.
func mark(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			if at := strings.IndexByte(escapes, s[i+1]); at >= 0 {
				b.WriteRune(rune(firstMark + at))
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

var unmarks = func() *strings.Replacer {
	var pairs []string
	for i, c := range escapes {
		if c == 'n' {
			c = '\n'
		}
		pairs = append(pairs, string(rune(firstMark+i)), string(c))
	}
	return strings.NewReplacer(pairs...)
}()

func unmark(s string) string { return unmarks.Replace(s) }

// textForm is a text format as Moodle knows it, by GIFT's names. moodle, GIFT's default, is Moodle's
// auto-format: HTML where there are tags, else plain, and a line end is a line break.
type textForm string

const (
	formatMoodle   textForm = "moodle"
	formatHTML     textForm = "html"
	formatPlain    textForm = "plain"
	formatMarkdown textForm = "markdown"
)

// cutFormat splits "[html]text"; anything else in brackets belongs to the text.
func cutFormat(marked string, byDefault textForm) (textForm, string) {
	if name, rest, ok := strings.Cut(marked, "]"); ok && strings.HasPrefix(name, "[") {
		switch f := textForm(strings.ToLower(name[1:])); f {
		case formatMoodle, formatHTML, formatPlain, formatMarkdown:
			return f, rest
		}
	}
	return byDefault, marked
}

func formatOf(marked string) textForm {
	f, _ := cutFormat(strings.TrimSpace(marked), formatMoodle)
	return f
}

// gapMark is what stands in a stem for the missing word.
func gapMark(f textForm) string {
	if f == formatMarkdown {
		return `\_\_\_\_\_`
	}
	return "_____"
}

var (
	htmlTag = regexp.MustCompile(`(?i)</?(?:p|div|span|br|b|i|u|em|strong|small|big|sub|sup|s|del|ins|code|pre|tt|` +
		`a|img|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td|th|h[1-6]|hr|font|center|blockquote|audio|video|source|iframe|` +
		`object|script|style)(?:\s[^<>]*=[^<>]*|\s*)/?>|&(?:#\d+|#x[0-9a-fA-F]+|nbsp|lt|gt|amp|quot);`)
	mediaForm = regexp.MustCompile(`(?i)@@PLUGINFILE@@|<(?:img|audio|video|object|iframe|embed|source)\b`)
)

// makeText reads a marked text, with a format marker of its own or the given format. Pictures within it are
// taken over; others are told, since the file does not hold them.
func (q *giftQuestion) makeText(marked string, byDefault textForm) exam.Text {
	f, rest := cutFormat(strings.TrimSpace(marked), byDefault)
	t := textOf(f, strings.TrimSpace(unmark(rest)))
	linked, left := q.file.linkWithin(q.place(), t)
	if mediaForm.MatchString(left) {
		q.warning("", codeGIFTMedia, "text", left)
	}
	t.Source = linked
	return t
}

// textOf is the text that a trimmed source in a format of Moodle's makes.
func textOf(f textForm, s string) exam.Text {
	switch {
	case s == "":
		return exam.Text{}
	case f == formatHTML:
		return exam.Text{Format: exam.HTML, Source: s}
	case f == formatMarkdown:
		return exam.Text{Format: exam.Markdown, Source: s}
	case f == formatMoodle && htmlTag.MatchString(s):
		return exam.Text{Format: exam.HTML, Source: strings.ReplaceAll(trimLines(s), "\n", "<br>\n")}
	}
	return exam.Text{Source: trimLines(s)}
}

// trimLines takes the indentation from every line.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}

// commented splits "answer#feedback"; a text before any `#` is all answer.
func (q *giftQuestion) commented(marked string) (answer string, feedback exam.Text) {
	answer, comment, _ := strings.Cut(marked, "#")
	return strings.TrimSpace(answer), q.makeText(comment, q.format)
}

// plainAnswer reads an accepted answer, which is plain text whatever format it is marked with.
func (q *giftQuestion) plainAnswer(marked string) string {
	_, rest := cutFormat(strings.TrimSpace(marked), q.format)
	return strings.TrimSpace(unmark(rest))
}

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
	"<", `\<`, ">", `\>`, "#", `\#`, "&", `\&`)

// joinTexts makes one text of several, in HTML when any is, else in Markdown when any is.
func joinTexts(texts []exam.Text) exam.Text {
	format := exam.TextFormat("")
	for _, t := range texts {
		if t.Format == exam.HTML || t.Format == exam.Markdown && format != exam.HTML {
			format = t.Format
		}
	}
	parts := make([]string, len(texts))
	for i, t := range texts {
		parts[i] = t.Source
		switch {
		case format == exam.HTML && t.Format != exam.HTML:
			parts[i] = strings.ReplaceAll(html.EscapeString(t.Source), "\n", "<br>\n")
		case format == exam.Markdown && t.Format != exam.Markdown:
			parts[i] = markdownEscapes.Replace(t.Source)
		}
	}
	between := map[exam.TextFormat]string{exam.HTML: "<br>\n", exam.Markdown: "\n\n", "": "\n"}
	return exam.Text{Format: format, Source: strings.Join(parts, between[format])}
}

var (
	weightForm = regexp.MustCompile(`^%(-?\d{1,3}(?:\.\d*)?)%`)
	weightLike = regexp.MustCompile(`^%[^%\s]{1,12}%`)
)

// cutWeight splits "%50%answer" into a weight in 1/10,000 and the answer. found says that there is
// a weight; ok is false when what looks like one is none, or is out of range, which it then has told.
func (q *giftQuestion) cutWeight(marked string, least int) (weight int, rest string, found, ok bool) {
	m := weightForm.FindStringSubmatch(marked)
	if m == nil {
		if like := weightLike.FindString(marked); like != "" {
			q.error(like, codeGIFTWeight, "weight", like)
			return 0, marked[len(like):], false, false
		}
		return 0, marked, false, true
	}
	f, err := strconv.ParseFloat(m[1], 64)
	if err != nil || f > 100 || f < float64(least) {
		q.error(m[0], codeGIFTWeight, "weight", m[0])
		return 0, marked[len(m[0]):], false, false
	}
	weight = int(f*exam.FullCredit/100 + 0.5)
	if f < 0 {
		weight = -int(-f*exam.FullCredit/100 + 0.5)
	}
	return weight, strings.TrimSpace(marked[len(m[0]):]), true, true
}
