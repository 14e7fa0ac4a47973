package accounts_test

import (
	"strings"
	"testing"

	"shiken/accounts"
)

func TestReadAgent(t *testing.T) {
	for userAgent, want := range map[string]accounts.Agent{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                        {Browser: "Firefox", System: "Windows"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0":           {Browser: "Edge", System: "Windows"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                   {Browser: "Safari", System: "macOS"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0.7204.33 Mobile Safari/604.1": {Browser: "Chrome", System: "iPhone"},
		"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile Safari/604.1":                 {Browser: "Safari", System: "iPad"},
		"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36":     {Browser: "Samsung Internet", System: "Android"},
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36":                          {Browser: "Chrome", System: "ChromeOS"},
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36":                           {Browser: "Chrome", System: "Linux"},
		"curl/8.5.0": {Browser: "curl"}, "Mozilla/5.0 (PlayStation 5)": {System: "PlayStation"}, "": {}, "<script>": {},
	} {
		if got := accounts.ReadAgent(userAgent); got != want {
			t.Errorf("%q: %+v", userAgent, got)
		}
	}
}

func TestCleanAgent(t *testing.T) {
	for in, want := range map[string]string{
		"a\x00b\r\nc\xff": "abc", strings.Repeat("あ", 200): strings.Repeat("あ", 100), "": "",
	} {
		if got := accounts.CleanAgent(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
