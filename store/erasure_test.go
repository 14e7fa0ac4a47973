package store_test

import (
	"testing"

	"shiken/store"
)

const (
	personID  = "11111111-1111-4111-8111-111111111111"
	attemptID = "22222222-2222-4222-8222-222222222222"
	jobID     = "33333333-3333-4333-8333-333333333333"
)

// TestRedact: what names the person goes, whatever wrote it, and nothing else does.
func TestRedact(t *testing.T) {
	ann := store.Named{ID: personID, Username: "ann", Name: "山田 花", Attempts: map[string]bool{attemptID: true}, Jobs: map[string]bool{jobID: true}}
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
		{"as a member", `{"ann":{"x":1},"n":2}`, false, `{"ann":{"x":1},"n":2}`},
		{"of a job", `{"count":1,"job":"` + jobID + `","kind":"extend","reason":"medical"}`, false,
			`{"count":1,"job":"` + jobID + `","kind":"extend","reason":"erased"}`},
		{"a command to several", `{"attempts":["x","` + attemptID + `"],"kind":"extend","reason":"medical"}`, false,
			`{"attempts":["x","` + attemptID + `"],"kind":"extend","reason":"erased"}`},
		{"a regrading of several", `{"attempts":["x","` + attemptID + `"],"kind":"regrade","reason":"two keys"}`, false,
			`{"attempts":["x","` + attemptID + `"],"kind":"regrade","reason":"two keys"}`},
		{"a regrading of one", `{"attempts":["` + attemptID + `"],"kind":"regrade","reason":"asked"}`, false,
			`{"attempts":["` + attemptID + `"],"kind":"regrade","reason":"erased"}`},
		{"why some refused", `{"refused":[{"attempts":["` + attemptID + `"],"count":1,"reason":"closed"}]}`, false,
			`{"refused":[{"attempts":["` + attemptID + `"],"count":1,"reason":"closed"}]}`},
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
	if !quoted.Mentions(`{"name":"O\"Neill"}`) || !quoted.Mentions(`O"Neill`) {
		t.Error("a name that JSON quotes is not found")
	}
	company := store.Named{ID: personID, Username: "c", Name: "A&B"}
	if !company.Mentions(`{"name":"A\u0026B"}`) || !company.Mentions(`{"name":"A&B"}`) {
		t.Error("a name that json.Marshal quotes is not found")
	}
	if !ann.Commands([]byte(`{"kind":"pause","attempts":["`+attemptID+`"]}`)) || ann.Commands([]byte(`{"kind":"pause","attempts":["x"]}`)) {
		t.Error("the commands to the person's attempts are not told from others")
	}
}
