package secrets_test

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"testing"

	"shiken/devtools/secrets"
)

// TestInFindsWhatWasPut: however a page, a URL or JSON escapes it.
func TestInFindsWhatWasPut(t *testing.T) {
	key, own := secrets.Secret{Kind: secrets.Key, Of: "2"}, secrets.Secret{Kind: secrets.Answer, Of: "candidate3"}
	text := "<b>" + key.String() + `"&` + own.String() + "17 " + key.String()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, escaped := range map[string]string{
		"plain": text, "HTML": html.EscapeString(text), "URL": url.QueryEscape(text), "JSON": string(quoted),
	} {
		if got := secrets.In(escaped); !slices.Equal(got, []secrets.Secret{key, own}) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := secrets.In("<html>nothing to see"); got != nil {
		t.Errorf("found %v", got)
	}
}

// TestInMissesNothingThatWasCutShort: a secret of which a part is told is told.
func TestInMissesNothingThatWasCutShort(t *testing.T) {
	guide := secrets.Secret{Kind: secrets.Guide, Of: "essay"}.String()
	if got := secrets.In(guide[:12]); len(got) != 1 {
		t.Errorf("found %v", got)
	}
}
