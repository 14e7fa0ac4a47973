package questionset

import (
	"html"
	"strings"

	"shiken/exam"
)

// ShowPicture gives a question's form with a picture or a sound at the end of one of its texts; false where
// the content is neither. A plain text becomes HTML.
func ShowPicture(f Fields, path, name, alt string, data []byte) (Fields, Media, bool) {
	file := &File{}
	ref, ok := file.addMedia(place{}, name, data)
	if !ok {
		return f, Media{}, false
	}
	media := file.Media[MediaHash(ref)]
	format := exam.TextFormat(f.get(path + ".format"))
	if format == "" {
		format = exam.TextFormat(f.get("stem.format"))
	}
	text := f.get(path)
	switch {
	case format == exam.Markdown && strings.HasPrefix(media.Type, "image/"):
		text += "\n\n![" + markdownEscapes.Replace(alt) + "](" + ref + ")"
	case format == exam.HTML:
		text += shownElement(ref, alt, media.Type)
	case format == exam.Markdown:
		return f, Media{}, false // Markdown shows no sounds
	default:
		text = htmlOf(text) + shownElement(ref, alt, media.Type)
		f.asHTML(path)
	}
	f[path] = []string{text}
	return f, media, true
}

// htmlOf is a plain text in HTML.
func htmlOf(text string) string {
	if text == "" {
		return ""
	}
	return "<p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + "</p>"
}

func shownElement(ref, alt, mediaType string) string {
	if strings.HasPrefix(mediaType, "image/") {
		return `<p><img src="` + ref + `" alt="` + html.EscapeString(alt) + `"></p>`
	}
	return `<p>` + html.EscapeString(alt) + `</p><audio controls src="` + ref + `"></audio>`
}

// asHTML makes one text HTML; those that went by the stem's format keep it.
func (f Fields) asHTML(path string) {
	if path != "stem" {
		f[path+".format"] = []string{string(exam.HTML)}
		return
	}
	was := f.get("stem.format")
	for other := range f {
		if isText(other) && other != "stem" && f.get(other+".format") == "" {
			f[other+".format"] = []string{was}
		}
	}
	f["stem.format"] = []string{string(exam.HTML)}
}

// isText tells the fields of texts that may have a format.
func isText(path string) bool {
	switch path {
	case "stem", "stimulus", "explanation", "guide":
		return true
	}
	return rowField.MatchString(path) && (strings.HasSuffix(path, ".text") || strings.HasSuffix(path, ".match") ||
		strings.HasSuffix(path, ".note") || strings.HasSuffix(path, ".answers"))
}
