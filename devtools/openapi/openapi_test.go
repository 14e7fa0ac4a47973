package openapi_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"shiken/devtools/openapi"
)

func load(t *testing.T) (*openapi.Document, string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, err := openapi.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	return d, string(text)
}

// TestTheDocumentIsJudged: what is wrong or open in a document is an error that says where.
func TestTheDocumentIsJudged(t *testing.T) {
	_, text := load(t)
	for name, change := range map[string]struct{ find, put, says string }{
		"a field that is none":        {"summary: Save", "sumary: Save", "sumary"},
		"a keyword that is none":      {"minimum: 0", "minimun: 0", "minimun"},
		"an open object":              {"additionalProperties: false", "additionalProperties: true", "takes any field"},
		"no word on fields":           {"      type: object\n      additionalProperties: false\n", "      type: object\n", "has no bounds"},
		"an unbounded text":           {", type: string, maxLength: 200}", ", type: string}", "has no bounds"},
		"an unbounded number":         {"      minimum: 1\n      maximum: 1001", "      minimum: 1", "has no bounds"},
		"anything":                    {"{description: The answer is on record., const: true}", "{description: The answer is on record.}", "takes anything"},
		"a field without words":       {"{description: Whether the candidate flagged it., type: boolean}", "{type: boolean}", "no description"},
		"a required field that is no": {"required: [seq, hash, code]", "required: [seq, hash, cod]", "cod"},
		"an example that lies":        {"stage: 1\n        \"401\"", "stage: 9\n        \"401\"", "does not fit"},
		"a reference to nothing":      {"schemas/Standing\"", "schemas/Standin\"", "is no schema"},
		"a parameter undeclared":      {"/gaps:\n    parameters:\n      - {$ref: \"#/components/parameters/Attempt\"}\n", "/gaps:\n", "parameters"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(text, change.find) {
				t.Fatalf("the document has no %q", change.find)
			}
			_, err := openapi.Load([]byte(strings.Replace(text, change.find, change.put, 1)))
			if err == nil || !strings.Contains(err.Error(), change.says) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestAnswersAreJudged: a difference in status, type, header, field or value is found.
func TestAnswersAreJudged(t *testing.T) {
	d, _ := load(t)
	header := func(pairs ...string) http.Header {
		h := http.Header{"X-Request-Id": {"52f3d2c5-29a9-4f7e-9d7a-3a1b0f5c6d7e"}, "Content-Type": {"application/json; charset=utf-8"}}
		for i := 0; i < len(pairs); i += 2 {
			if h.Del(pairs[i]); pairs[i+1] != "" {
				h.Set(pairs[i], pairs[i+1])
			}
		}
		return h
	}
	fault := func(code string) string {
		return `{"success":false,"error":"x","error_code":"` + code + `","request_id":"52f3d2c5-29a9-4f7e-9d7a-3a1b0f5c6d7e"}`
	}
	const attempt = "/api/v1/attempts/0b0cf8a4-0f2b-4f0b-8f63-6a1d9b0f2c11"
	for name, test := range map[string]struct {
		answer     openapi.Answer
		documented bool
		says       string
	}{
		"sound":             {openapi.Answer{"GET", "/healthz", 200, header(), `{"status":"ok"}`}, true, ""},
		"a query":           {openapi.Answer{"GET", "/healthz?x=/", 200, header(), `{"status":"ok"}`}, true, ""},
		"HEAD":              {openapi.Answer{"HEAD", "/healthz", 200, header(), ""}, true, ""},
		"a status":          {openapi.Answer{"GET", "/healthz", 418, header(), `{"status":"ok"}`}, true, "418 is not documented"},
		"a type":            {openapi.Answer{"GET", "/healthz", 200, header("Content-Type", "text/plain"), `{"status":"ok"}`}, true, "text/plain"},
		"no request id":     {openapi.Answer{"GET", "/healthz", 200, header("X-Request-Id", ""), `{"status":"ok"}`}, true, "X-Request-Id"},
		"no JSON":           {openapi.Answer{"GET", "/healthz", 200, header(), `{`}, true, "EOF"},
		"a field":           {openapi.Answer{"GET", "/healthz", 200, header(), `{"status":"ok","x":1}`}, true, "additional properties"},
		"a value":           {openapi.Answer{"GET", "/healthz", 200, header(), `{"status":"well"}`}, true, "value must be"},
		"the status's code": {openapi.Answer{"GET", attempt, 404, header(), fault("NOT_FOUND")}, true, ""},
		"another code":      {openapi.Answer{"GET", attempt, 404, header(), fault("MALFORMED")}, true, "value must be"},
		"no Retry-After":    {openapi.Answer{"GET", attempt, 503, header(), fault("UNAVAILABLE")}, true, "Retry-After"},
		"an unknown path":   {openapi.Answer{"GET", "/api/v1/nothing", 404, header(), fault("NOT_FOUND")}, true, ""},
		"a route not here":  {openapi.Answer{"GET", "/api/v1/nothing", 200, header(), `{}`}, true, "200 is not documented"},
		"an odd position":   {openapi.Answer{"PUT", attempt + "/responses/01", 404, header(), fault("NOT_FOUND")}, true, ""},
		"a wrong method":    {openapi.Answer{"POST", attempt, 405, header("Allow", "GET, HEAD"), fault("MALFORMED")}, true, ""},
		"a method not here": {openapi.Answer{"POST", attempt, 200, header(), `{}`}, true, "200 is not documented"},
		"a page":            {openapi.Answer{"GET", "/login", 200, header("Content-Type", "text/html"), "x"}, false, ""},
		"a body at 204":     {openapi.Answer{"GET", attempt[7:] + "/events", 204, header(), "x"}, true, "there is a body"},
	} {
		t.Run(name, func(t *testing.T) {
			_, documented, err := d.Check(test.answer)
			switch {
			case documented != test.documented:
				t.Errorf("documented %t", documented)
			case test.says == "" && err != nil, test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)):
				t.Errorf("error %v", err)
			}
		})
	}
}
