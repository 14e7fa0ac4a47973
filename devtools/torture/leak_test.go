package torture_test

import (
	"testing"

	"shiken/devtools/secrets"
	"shiken/devtools/torture"
)

func TestClientsFindWhatLeaks(t *testing.T) {
	secret := func(kind secrets.Kind, of string) string { return secrets.Secret{Kind: kind, Of: of}.String() }
	const one, other = "/attempts/a/questions/1", "/attempts/a/questions/2"
	stem := "<p>Write anything, number t1.</p>"
	tests := []struct {
		name, path, body string
		leaks            int
	}{
		{"nothing", one, stem, 0},
		{"one's own name and answer", one, secret(secrets.Name, "c3") + secret(secrets.Answer, "c3"), 0},
		{"another's name", one, secret(secrets.Name, "c4"), 1},
		{"another's answer", one, secret(secrets.Answer, "c30"), 1},
		{"the key of a question that was checked", one, stem + secret(secrets.Key, "t1") + secret(secrets.Explanation, "t1"), 0},
		{"that of another question", one, stem + secret(secrets.Key, "t2"), 1},
		{"at a place that was not checked", other, stem + secret(secrets.Key, "t1"), 1},
		{"on another page", "/attempts/a/review", stem + secret(secrets.Note, "t1"), 1},
		{"to markers, whatever was checked", one, stem + secret(secrets.Guide, "t1"), 1},
		{"a part of a secret", one, secret(secrets.Key, "t1")[:9], 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if told := torture.Leaks(3, one, tt.path, tt.body); len(told) != tt.leaks {
				t.Errorf("told %q", told)
			}
		})
	}
}
