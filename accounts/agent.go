package accounts

import (
	"strings"
	"unicode"
)

// MaxAgent bounds what is kept of how a browser describes itself, in bytes.
const MaxAgent = 300

// Agent is a browser and the system that it runs on, each empty when it is not known.
type Agent struct{ Browser, System string }

// mark is a word by which something is known in a User-Agent.
type mark struct{ in, name string }

// The marks, the more particular before those that others claim too: every browser calls itself
// Mozilla, most of them Safari, and those built on Chromium also Chrome.
var (
	browsers = []mark{
		{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"Vivaldi/", "Vivaldi"},
		{"SamsungBrowser/", "Samsung Internet"}, {"Silk/", "Silk"}, {"YaBrowser/", "Yandex"}, {"Line/", "LINE"},
		{"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"HeadlessChrome/", "Chrome"},
		{"Chromium/", "Chromium"}, {"Chrome/", "Chrome"}, {"Version/", "Safari"}, {"Safari/", "Safari"},
		{"Trident/", "Internet Explorer"}, {"curl/", "curl"}, {"Go-http-client/", "Go"}, {"python-requests/", "Python"},
	}
	systems = []mark{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"},
		{"Mac OS X", "macOS"}, {"Macintosh", "macOS"}, {"PlayStation", "PlayStation"}, {"Nintendo", "Nintendo"},
		{"FreeBSD", "FreeBSD"}, {"Linux", "Linux"}, {"X11", "Unix"},
	}
)

// ReadAgent reads a User-Agent, in as far as people want to know: it names the kind of device, and no
// versions, which browsers make up anyway.
func ReadAgent(userAgent string) Agent {
	return Agent{Browser: firstMark(browsers, userAgent), System: firstMark(systems, userAgent)}
}

func firstMark(marks []mark, text string) string {
	for _, m := range marks {
		if strings.Contains(text, m.in) {
			return m.name
		}
	}
	return ""
}

// CleanAgent is a User-Agent as it can be kept.
func CleanAgent(userAgent string) string {
	clean := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(userAgent, ""))
	if len(clean) > MaxAgent {
		clean = strings.ToValidUTF8(clean[:MaxAgent], "")
	}
	return clean
}
