package richtext

import (
	"net/url"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// policy is the one list of what may stand in a text. Elements carry no class, style, id, name or
// event; the page's stylesheet alone decides how they look.
var policy = newPolicy()

// elements are those without attributes of their own.
var elements = []string{
	"p", "div", "br", "hr", "wbr", "span", "h1", "h2", "h3", "h4", "h5", "h6",
	"b", "strong", "i", "em", "u", "s", "del", "ins", "small", "mark", "sub", "sup", "abbr", "cite", "q", "dfn",
	"code", "pre", "kbd", "samp", "var", "blockquote", "figure", "figcaption", "bdi",
	"ul", "ol", "li", "dl", "dt", "dd",
	"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
	"ruby", "rb", "rt", "rp", "rtc",
}

var (
	smallNumber = regexp.MustCompile(`^[0-9]{1,4}$`)
	language    = regexp.MustCompile(`^[A-Za-z0-9-]{1,35}$`)
	direction   = regexp.MustCompile(`^(?:ltr|rtl|auto)$`)
	alignment   = regexp.MustCompile(`^(?:left|center|right)$`)
	listType    = regexp.MustCompile(`^[1aAiI]$`)
	scope       = regexp.MustCompile(`^(?:row|col|rowgroup|colgroup)$`)
	flag        = regexp.MustCompile(`^(?:reversed)?$`)
	// absolute admits links that lead away. Links into the program itself are none that a question
	// needs, and some that a candidate should not follow by mistake.
	absolute = regexp.MustCompile(`^(?i:https?://[^/\\\s]|mailto:[^\s])`)
	// picture admits what the page's policy (img-src 'self' data:) shows: media stored by their
	// hash, and pictures within the text. SVG is left out, since it can carry script and links.
	picture = regexp.MustCompile(`^(?:/media/[A-Za-z0-9_-][A-Za-z0-9._-]*|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+)$`)
	// sound admits media stored by their hash.
	sound  = regexp.MustCompile(`^/media/[0-9a-f]{64}\.(?:mp3|wav|ogg|m4a)$`)
	inData = regexp.MustCompile(`^image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$`)
)

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(elements...)
	p.AllowNoAttrs().OnElements(elements...)
	p.AllowAttrs("lang").Matching(language).Globally()
	p.AllowAttrs("dir").Matching(direction).Globally()
	p.AllowAttrs("title").OnElements("abbr", "dfn")
	p.AllowAttrs("start").Matching(smallNumber).OnElements("ol")
	p.AllowAttrs("type").Matching(listType).OnElements("ol")
	p.AllowAttrs("reversed").Matching(flag).OnElements("ol")
	p.AllowAttrs("value").Matching(smallNumber).OnElements("li")
	p.AllowAttrs("colspan", "rowspan").Matching(smallNumber).OnElements("td", "th")
	p.AllowAttrs("align").Matching(alignment).OnElements("td", "th", "tr")
	p.AllowAttrs("scope").Matching(scope).OnElements("th")
	allowAddresses(p)
	return p
}

func allowAddresses(p *bluemonday.Policy) {
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowURLSchemeWithCustomPolicy("data", func(u *url.URL) bool {
		return inData.MatchString(u.Opaque) && u.RawQuery == "" && u.Fragment == ""
	})
	p.AllowAttrs("href").Matching(absolute).OnElements("a")
	// A link opens beside the exam, so that following it loses no answer, and tells nobody where
	// it was followed.
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AllowAttrs("src").Matching(picture).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("src").Matching(sound).OnElements("audio", "video", "source")
	p.AllowElements("audio", "video", "source")
	p.AllowNoAttrs().OnElements("audio", "video", "source")
	p.AllowAttrs("width", "height").Matching(smallNumber).OnElements("img")
}
