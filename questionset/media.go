package questionset

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"shiken/exam"
)

// Media is a picture or a sound that texts of questions show by its Ref, or an attachment of an exam.
type Media struct {
	Hash string // hex SHA-256 of Data
	Type string // one of the types of mediaTypes
	Name string // of the file in the source, without folders, for people
	Data []byte
}

// mediaTypes are the types that are stored, and how their references end. Whatever the source calls a
// file, its content decides. SVG is none of them, since it can carry script.
var mediaTypes = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
	"audio/mpeg": ".mp3", "audio/wave": ".wav", "application/ogg": ".ogg", "video/mp4": ".m4a",
}

// servedTypes are the types under which media are served, where sniffing calls them otherwise.
var servedTypes = map[string]string{"audio/wave": "audio/wav", "application/ogg": "audio/ogg", "video/mp4": "audio/mp4"}

// MediaPrefix is where media are served: /media/{hash}{extension}.
const MediaPrefix = "/media/"

// Ref is how texts refer to the media.
func (m *Media) Ref() string {
	for sniffed, ext := range mediaTypes {
		if m.Type == sniffed || m.Type == servedTypes[sniffed] {
			return MediaPrefix + m.Hash + ext
		}
	}
	return ""
}

// MediaHash is the hash that a reference names, "" when it is no reference to media.
func MediaHash(ref string) string {
	name, ok := strings.CutPrefix(ref, MediaPrefix)
	hash, _, dotted := strings.Cut(name, ".")
	if !ok || !dotted || len(hash) != sha256.Size*2 {
		return ""
	}
	return hash
}

// addMedia takes a file into the set and returns how texts refer to it. What cannot be taken is told,
// as a warning of the question that shows it.
func (f *File) addMedia(p place, name string, data []byte) (ref string, ok bool) {
	sniffed := http.DetectContentType(data)
	ext, known := mediaTypes[sniffed]
	switch {
	case !known && looksSVG(data):
		f.Report.warning(p, codeMediaSVG, "name", name)
		return "", false
	case !known:
		f.Report.warning(p, codeMediaType, "name", name, "type", sniffed)
		return "", false
	case len(data) > MaxMedia:
		f.Report.warning(p, codeMediaTooLarge, "name", name, "limit", MaxMedia>>20)
		return "", false
	}
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	served := sniffed
	if s, other := servedTypes[sniffed]; other {
		served = s
	}
	if !f.keep(&Media{Hash: hash, Type: served, Name: path.Base(name), Data: data}) {
		f.Report.warning(p, codeMediaTotal, "name", name, "limit", MaxMediaTotal>>20)
		return "", false
	}
	return MediaPrefix + hash + ext, true
}

// keep takes media into the file; it reports false when they are too many.
func (f *File) keep(m *Media) bool {
	if f.Media == nil {
		f.Media = map[string]Media{}
	}
	if _, taken := f.Media[m.Hash]; taken {
		return true
	}
	if f.mediaBytes+len(m.Data) > MaxMediaTotal {
		return false
	}
	f.mediaBytes += len(m.Data)
	f.Media[m.Hash] = *m
	return true
}

func looksSVG(data []byte) bool {
	return strings.Contains(strings.ToLower(string(data[:min(len(data), 1024)])), "<svg")
}

// looksSound tells a sound that is served by its content.
func looksSound(data []byte) bool {
	sniffed := http.DetectContentType(data)
	_, known := mediaTypes[sniffed]
	return known && !strings.HasPrefix(sniffed, "image/")
}

// linkMedia makes the addresses of pictures and sounds in an HTML text those of media: find gives the
// content of what a source names. Pictures within the text (data:) are taken over, too. What cannot be
// had is told, and so are pictures that nobody can read without seeing them; what is at another host is
// told and left out. A text without media comes back as it is.
func (f *File) linkMedia(p place, text string, find func(src string) ([]byte, bool)) string {
	if !strings.Contains(text, "<") || !mayShowMedia(text) {
		return text
	}
	return eachMedium(text, func(t *html.Token) { f.linkElement(p, t, find) })
}

// eachMedium changes the elements of an HTML text that show pictures and sounds; the rest stays as it is written.
func eachMedium(text string, change func(*html.Token)) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		raw := string(z.Raw())
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			b.WriteString(raw)
			continue
		}
		t := z.Token()
		if !slices.Contains(mediaElements, t.Data) {
			b.WriteString(raw)
			continue
		}
		change(&t)
		b.WriteString(t.String())
	}
}

// markdownData finds a picture within a text in Markdown.
var markdownData = regexp.MustCompile(`\]\((data:[^\s()<>"']+)`)

// linkWithin takes over the pictures and sounds that stand in a text themselves (data:), as linkMedia does. left
// is the text without them, in which other addresses may stand.
func (f *File) linkWithin(p place, t exam.Text) (linked, left string) {
	switch {
	case !strings.Contains(t.Source, "data:"):
	case t.Format == exam.Markdown:
		linked = markdownData.ReplaceAllStringFunc(t.Source, func(m string) string {
			src := strings.TrimPrefix(m, "](")
			if data, within := dataURL(src); within {
				src, _ = f.addMedia(p, "data:", data)
			}
			return "](" + src
		})
		return linked, markdownData.ReplaceAllString(t.Source, "](")
	case t.Format == exam.HTML:
		return f.linkTags(p, t.Source)
	}
	return t.Source, t.Source
}

// linkTags is linkWithin of HTML.
func (f *File) linkTags(p place, text string) (linked, left string) {
	var all, others strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return all.String(), others.String()
		}
		raw := string(z.Raw())
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			if t := z.Token(); slices.Contains(mediaElements, t.Data) && showsData(&t) {
				f.linkElement(p, &t, func(string) ([]byte, bool) { return nil, false })
				all.WriteString(t.String())
				continue
			}
		}
		all.WriteString(raw)
		others.WriteString(raw)
	}
}

// showsData tells an element whose source stands in itself.
func showsData(t *html.Token) bool {
	return slices.ContainsFunc(t.Attr, func(a html.Attribute) bool { return a.Key == "src" && strings.HasPrefix(a.Val, "data:") })
}

var mediaElements = []string{"img", "audio", "video", "source"}

func mayShowMedia(text string) bool {
	lower := strings.ToLower(text)
	return slices.ContainsFunc(mediaElements, func(e string) bool { return strings.Contains(lower, "<"+e) })
}

// linkElement gives one element its new address, or none.
func (f *File) linkElement(p place, t *html.Token, find func(string) ([]byte, bool)) {
	attrs := map[string]string{}
	for _, a := range t.Attr {
		attrs[a.Key] = a.Val
	}
	if src, has := attrs["src"]; has && MediaHash(src) == "" {
		if ref, ok := f.mediaOf(p, src, find); ok {
			attrs["src"] = ref
		} else {
			delete(attrs, "src")
		}
	}
	if t.Data == "img" && strings.TrimSpace(attrs["alt"]) == "" {
		f.Report.warning(p, codeMediaNoAlt, "name", attrs["src"])
	}
	t.Attr = t.Attr[:0]
	for _, k := range slices.Sorted(maps.Keys(attrs)) {
		t.Attr = append(t.Attr, html.Attribute{Key: k, Val: attrs[k]})
	}
}

// mediaOf finds what an address names, and takes it into the set.
func (f *File) mediaOf(p place, src string, find func(string) ([]byte, bool)) (string, bool) {
	if data, within := dataURL(src); within {
		return f.addMedia(p, "data:", data)
	}
	if isRemote(src) {
		f.Report.warning(p, codeMediaRemote, "name", src)
		return "", false
	}
	data, found := find(src)
	if !found {
		f.Report.warning(p, codeMediaMissing, "name", src)
		return "", false
	}
	return f.addMedia(p, src, data)
}

// isRemote tells an address at another host.
func isRemote(src string) bool {
	lower := strings.ToLower(strings.TrimSpace(src))
	return strings.HasPrefix(lower, "//") || strings.HasPrefix(lower, "http:") || strings.HasPrefix(lower, "https:")
}

// MediaType is the type under which media are served whose reference ends in ext, such as ".png"; "" when
// none does.
func MediaType(ext string) string {
	for sniffed, end := range mediaTypes {
		if end != ext {
			continue
		}
		if served, other := servedTypes[sniffed]; other {
			return served
		}
		return sniffed
	}
	return ""
}
