package questionset

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"regexp"
	"strings"

	"shiken/exam"
	"shiken/tabular"
)

// unguard takes off the apostrophes that keep spreadsheets from running cells, see guard.
func unguard(cells []string) {
	for i, c := range cells {
		if strings.HasPrefix(c, "'") && guarded(c) {
			cells[i] = c[1:]
		}
	}
}

// guarded tells a text that a spreadsheet would run if the apostrophes before it were taken off.
func guarded(s string) bool {
	bare := strings.TrimLeft(s, "'")
	return tabular.Neutral(bare) != bare
}

// guard writes a text so that no spreadsheet runs it, and unguard gives it back to the letter.
func guard(s string) string {
	if guarded(s) {
		return "'" + s
	}
	return s
}

// textFormats are the words of the text_format column.
var textFormats = map[string]exam.TextFormat{
	"plain": "", "plain_text": "", "text": "", "markdown": exam.Markdown, "md": exam.Markdown, "html": exam.HTML,
}

// ParseTextFormat reads the name of a text format; "" and "plain" are plain text.
func ParseTextFormat(s string) (exam.TextFormat, bool) {
	if s == "" {
		return "", true
	}
	f, ok := textFormats[foldName(s)]
	return f, ok
}

// readFormat reads how the texts of a row are written.
func (w *tableRow) readFormat() bool {
	source := w.get(columnFormat)
	format, ok := ParseTextFormat(source)
	if !ok {
		w.file.Report.error(w.p.at(columnFormat), codeTextFormat, "format", source)
		return false
	}
	if w.format = format; source == "" {
		w.format = w.tableReader.format
	}
	return true
}

// text reads a cell as a text, with the pictures that it names.
func (w *tableRow) text(element, source string) exam.Text {
	p := w.p.at(element)
	switch {
	case source == "":
		return exam.Text{}
	case w.format == exam.HTML:
		return exam.Text{Format: exam.HTML, Source: w.file.linkMedia(p, source, w.picture)}
	case w.format == exam.Markdown:
		return exam.Text{Format: exam.Markdown, Source: w.linkMarkdown(p, source)}
	}
	return w.plainText(p, source)
}

// picture finds a picture beside the table.
func (w *tableRow) picture(src string) ([]byte, bool) {
	if w.pictures == nil {
		return nil, false
	}
	return w.pictures.find(src)
}

var (
	markdownImage = regexp.MustCompile(`!\[([^\[\]\n]{0,500})\]\(\s*<?([^()<>\s]{1,1000})>?(?:\s+"[^"\n]{0,500}")?\s*\)`)
	imageForms    = regexp.MustCompile(markdownImage.String() + `|(?i:<img\s[^<>]{1,1000}>)`)
	imageSource   = regexp.MustCompile(`(?i)\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)
)

// linkMarkdown makes the addresses of pictures in a Markdown text those of media; of what cannot be had
// the alternative text stays.
func (w *tableRow) linkMarkdown(p place, source string) string {
	return markdownImage.ReplaceAllStringFunc(source, func(m string) string {
		parts := markdownImage.FindStringSubmatch(m)
		if MediaHash(parts[2]) != "" {
			return m
		}
		if parts[1] == "" {
			w.file.Report.warning(p, codeMediaNoAlt, "name", parts[2])
		}
		ref, ok := w.file.mediaOf(p, parts[2], w.picture)
		if !ok {
			return parts[1]
		}
		return "![" + parts[1] + "](" + ref + ")"
	})
}

// plainText is a text as it stands. Where it names pictures that lie beside the table, as Markdown or
// HTML do, it becomes HTML with these pictures and nothing else of it read.
func (w *tableRow) plainText(p place, source string) exam.Text {
	if w.pictures == nil || !imageForms.MatchString(source) {
		return exam.Text{Source: source}
	}
	var b strings.Builder
	shown, at := false, 0
	for _, m := range imageForms.FindAllStringIndex(source, MaxAnswers) {
		element, ok := w.imageElement(p, source[m[0]:m[1]])
		if !ok {
			continue
		}
		b.WriteString(escapedHTML(source[at:m[0]]) + element)
		shown, at = true, m[1]
	}
	if !shown {
		return exam.Text{Source: source}
	}
	return exam.Text{Format: exam.HTML, Source: b.String() + escapedHTML(source[at:])}
}

// imageElement is the element of a picture that a plain text names; false when it lies nowhere.
func (w *tableRow) imageElement(p place, source string) (string, bool) {
	m := markdownImage.FindStringSubmatch(source)
	if m == nil {
		m = imageSource.FindStringSubmatch(source)
		if m == nil {
			return "", false
		}
		if _, found := w.picture(m[1] + m[2] + m[3]); !found {
			return "", false
		}
		return w.file.linkMedia(p, source, w.picture), true
	}
	if _, found := w.picture(m[2]); !found {
		return "", false
	}
	ref, ok := w.imageRef(p, m[2], m[1])
	return imageTag(ref, m[1]), ok
}

// imageRef takes a picture into the set and gives its address.
func (w *tableRow) imageRef(p place, src, alt string) (string, bool) {
	ref, ok := w.file.mediaOf(p, src, w.picture)
	if ok && alt == "" {
		w.file.Report.warning(p, codeMediaNoAlt, "name", src)
	}
	return ref, ok
}

func imageTag(ref, alt string) string {
	return `<img alt="` + html.EscapeString(alt) + `" src="` + html.EscapeString(ref) + `">`
}

// escapedHTML writes plain text as HTML.
func escapedHTML(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>\n")
}

// withPictures puts the pictures of the row's image column behind its stem.
func (w *tableRow) withPictures(stem exam.Text) exam.Text {
	alt := w.get(columnImageAlt)
	for _, src := range strings.FieldsFunc(w.get(columnImage), func(r rune) bool { return r == '|' || r == '\n' || r == ';' }) {
		if src = strings.TrimSpace(src); src == "" {
			continue
		}
		ref, ok := w.imageRef(w.p.at(columnImage), src, alt)
		if !ok {
			continue
		}
		picture := exam.Text{Format: exam.HTML, Source: imageTag(ref, alt)}
		if stem.Format == exam.Markdown {
			picture = exam.Text{Format: exam.Markdown, Source: "![" + markdownEscapes.Replace(alt) + "](" + ref + ")"}
		}
		if stem.Source == "" {
			stem = picture
			continue
		}
		stem = joinTexts([]exam.Text{stem, picture})
	}
	return stem
}

// stimulus reads what a row shares with others: those of one group, or of the same text.
func (w *tableRow) stimulus() bool {
	source, group := w.get(columnStimulus), w.get(columnGroup)
	if source == "" && group == "" {
		return true
	}
	text := w.text(columnStimulus, source)
	if group == "" {
		sum := sha256.Sum256([]byte(source))
		group = "~" + hex.EncodeToString(sum[:6])
	}
	known, again := w.groups[group]
	switch {
	case source == "" && !again:
		w.file.Report.error(w.p.at(columnStimulus), codeStimulusMissing, "group", group)
		return false
	case source != "" && again && known != text:
		w.file.Report.error(w.p.at(columnStimulus), codeStimulusDiffers, "group", group)
		return false
	case !again:
		w.groups[group] = text
	}
	w.q.Question.Stimulus, w.q.Question.Group = w.groups[group], group
	return true
}

// tags reads the words of the tags column.
func (w *tableRow) tags() bool {
	split := func(r rune) bool { return r == ',' || r == ';' || r == '|' || r == '、' || r == '\n' }
	for _, tag := range strings.FieldsFunc(w.get(columnTags), split) {
		if tag = strings.TrimSpace(tag); tag == "" {
			continue
		}
		if len(w.q.Tags) == MaxAnswers {
			w.file.Report.warning(w.p.at(columnTags), codeTooManyTags, "limit", MaxAnswers)
			break
		}
		if !w.file.Report.checkText(w.p.at(columnTags), tag, MaxName) {
			return false
		}
		w.q.Tags = append(w.q.Tags, tag)
	}
	return true
}
