package questionset_test

import (
	"strings"
	"testing"

	"shiken/questionset"
)

// A reference, its hash and its type belong together.
func TestMediaReferences(t *testing.T) {
	for mediaType, ext := range map[string]string{
		"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
		"audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/ogg": ".ogg", "audio/mp4": ".m4a",
	} {
		m := questionset.Media{Hash: strings.Repeat("0f", 32), Type: mediaType}
		if got, want := m.Ref(), questionset.MediaPrefix+m.Hash+ext; got != want || questionset.MediaHash(got) != m.Hash {
			t.Errorf("%s is referred to by %q, want %q", mediaType, got, want)
		}
		if got := questionset.MediaType(ext); got != mediaType {
			t.Errorf("%s is served as %q, want %q", ext, got, mediaType)
		}
	}
	for _, ext := range []string{"", "png", ".svg", ".html"} {
		if got := questionset.MediaType(ext); got != "" {
			t.Errorf("%q is served as %q", ext, got)
		}
	}
}
