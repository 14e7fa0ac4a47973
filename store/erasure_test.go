package store_test

import (
	"testing"

	"shiken/store"
)

const (
	personID  = "11111111-1111-4111-8111-111111111111"
	attemptID = "22222222-2222-4222-8222-222222222222"
)

// TestRedact: what names the person goes, whatever wrote it, and nothing else does.
func TestRedact(t *testing.T) {
	ann := store.Named{ID: personID, Username: "ann", Name: "山田 花", Attempts: map[string]bool{attemptID: true}}
	for _, test := range []struct {
		name, details string
		about         bool
		want          string
	}{
		{"nothing", `{"n":1}`, false, `{"n":1}`},
		{"null", `null`, false, `null`},
		{"the entry is about the person", `{"extra_time_percent":{"after":50,"before":0}}`, true, `{"erased":true}`},
		{"one of several people", `{"people":[{"new":{"name":"x"},"username":"ann"},{"username":"anna"}]}`, false,
			`{"people":[{"erased":true},{"username":"anna"}]}`},
		{"by id", `{"user":"` + personID + `","x":1}`, false, `{"erased":true}`},
		{"in a list", `{"theirs":["ann","bob"]}`, false, `{"theirs":["erased","bob"]}`},
		{"in a text", `{"reason":"for ann, who was ill"}`, false, `{"reason":"erased"}`},
		{"by name in a text", `{"text":"山田 花さんへ"}`, false, `{"text":"erased"}`},
		{"within another word", `{"reason":"planned announcement, annex"}`, false, `{"reason":"planned announcement, annex"}`},
		{"after another word", `{"reason":"annex for ann"}`, false, `{"reason":"erased"}`},
		{"as a member", `{"ann":{"x":1},"n":2}`, false, `{"erased":{"erased":true},"n":2}`},
		{"about an attempt", `{"attempt":"` + attemptID + `","kind":"extend","minutes":5,"reason":"medical"}`, false,
			`{"attempt":"` + attemptID + `","kind":"extend","minutes":5,"reason":"erased"}`},
		{"about several attempts", `{"attempts":["` + attemptID + `"],"reason":"fire alarm"}`, false,
			`{"attempts":["` + attemptID + `"],"reason":"fire alarm"}`},
		{"no JSON", `{`, false, `{`},
	} {
		got, changed := ann.Redact([]byte(test.details), test.about)
		if string(got) != test.want || changed != (test.want != test.details) {
			t.Errorf("%s: %s, changed %t; want %s", test.name, got, changed, test.want)
		}
		if changed && !test.about && !ann.Mentions(test.details) {
			t.Errorf("%s: Mentions passes it over", test.name)
		}
	}
	for _, text := range []string{`{"n":1}`, `{"attempt":"22222222-2222-4222-8222-22222222222f"}`, `a-b-c-d`, ``} {
		if ann.Mentions(text) {
			t.Errorf("%s is taken to mention the person", text)
		}
	}
	short := store.Named{ID: personID, Username: "a", Name: "a"}
	if got, _ := short.Redact([]byte(`{"kind":"a","reason":"a day"}`), false); string(got) != `{"erased":true}` {
		t.Errorf("a short username: %s", got)
	}
	if got, changed := short.Redact([]byte(`{"reason":"a day"}`), false); changed {
		t.Errorf("a short username within a text: %s", got)
	}
	quoted := store.Named{ID: personID, Username: "q", Name: `O"Neill`}
	if !quoted.Mentions(`{"name":"O\"Neill"}`) {
		t.Error("a name that JSON quotes is not found")
	}
}
