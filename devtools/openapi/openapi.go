// Package openapi holds answers of the program against its OpenAPI document, docs/openapi.yaml: status, type, headers
// and body of each. It reads the document strictly: a schema that leaves anything open is an error of Load.
//
// It knows nothing of the program; which answers there are is what tests send it.
package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// Document is a sound OpenAPI document. It may be used by several goroutines.
type Document struct {
	file  file
	whole map[string]any // the same, as JSON
	// schemas are all that answers, requests and headers have, by their JSON pointer in the document.
	schemas map[string]*jsonschema.Schema
}

// Answer is one answer of the program.
type Answer struct {
	Method, Path string // of the request, the path as it was escaped; a query is left out
	Status       int
	Header       http.Header
	Body         string
}

// Kind names what the document tells answers apart by. Code is the error_code; empty where there is none.
type Kind struct {
	Operation string // method and path of the document, or one of Elsewhere
	Status    int
	Type      string // media type; empty without a body
	Code      string
}

// Elsewhere are the operations of a Kind below the API that are none: paths and methods that are not documented. Their
// answers are the named responses of the components.
const (
	UnknownPath = "unknown path"
	WrongMethod = "wrong method"
)

// API is the path below which every route is documented.
const API = "/api/"

const location = "file:///openapi.json"

// Load reads a document and judges it.
func Load(text []byte) (*Document, error) {
	d := &Document{schemas: map[string]*jsonschema.Schema{}}
	strict := yaml.NewDecoder(bytes.NewReader(text))
	strict.KnownFields(true)
	if err := strict.Decode(&d.file); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	var loose any
	if err := yaml.Unmarshal(text, &loose); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	plain, err := asJSON(loose)
	if err != nil {
		return nil, err
	}
	d.whole, _ = plain.(map[string]any)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(location, plain); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return d, d.judge(compiler)
}

// asJSON gives a value as the validator wants it.
func asJSON(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(text))
}

// Operations lists the documented ones, as method and path.
func (d *Document) Operations() []string {
	var out []string
	for path, item := range d.file.Paths {
		for method := range item.byMethod() {
			out = append(out, method+" "+path)
		}
	}
	slices.Sort(out)
	return out
}

// Kinds lists every documented kind of answer.
func (d *Document) Kinds() []Kind {
	out := []Kind{}
	add := func(operation, status string, at string, r *response) {
		code, _ := strconv.Atoi(status)
		if len(r.Content) == 0 {
			out = append(out, Kind{Operation: operation, Status: code})
		}
		for mediaType := range r.Content {
			for _, c := range d.codes(at + pointer("content", mediaType, "schema")) {
				out = append(out, Kind{operation, code, mediaType, c})
			}
		}
	}
	for path, item := range d.file.Paths {
		for method, op := range item.byMethod() {
			for status := range op.Responses {
				at, r := d.response(path, method, status)
				add(method+" "+path, status, at, r)
			}
		}
	}
	for operation, status := range elsewhere {
		at := pointer("components", "responses", named[operation])
		r := d.file.Components.Responses[named[operation]]
		add(operation, strconv.Itoa(status), at, &r)
	}
	return out
}

var (
	elsewhere = map[string]int{UnknownPath: http.StatusNotFound, WrongMethod: http.StatusMethodNotAllowed}
	named     = map[string]string{UnknownPath: "NotFound", WrongMethod: "WrongMethod"}
)

// Enum lists the values of a named schema.
func (d *Document) Enum(name string) []string {
	return texts(d.at(pointer("components", "schemas", name, "enum")))
}

// Schema is a named schema, as JSON.
func (d *Document) Schema(name string) map[string]any {
	s, _ := d.at(pointer("components", "schemas", name)).(map[string]any)
	return s
}

// Request judges a body by the request schema of an operation.
func (d *Document) Request(operation string, body string) error {
	method, path, _ := strings.Cut(operation, " ")
	at := pointer("paths", path, strings.ToLower(method), "requestBody", "content", "application/json", "schema")
	return d.fits(at, body)
}

// Named judges JSON by a named schema.
func (d *Document) Named(name, text string) error {
	return d.fits(pointer("components", "schemas", name), text)
}

// Check judges an answer. documented is false for one that the document does not speak of, as it belongs to no path of
// it and lies not below API.
func (d *Document) Check(a Answer) (k Kind, documented bool, err error) {
	path, item := d.find(a.Path)
	method := a.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	at, r := "", (*response)(nil)
	switch {
	case item == nil && !strings.HasPrefix(a.Path, API):
		return k, false, nil
	case item != nil && item.byMethod()[method] != nil:
		k = Kind{Operation: method + " " + path, Status: a.Status}
		at, r = d.response(path, method, strconv.Itoa(a.Status))
	default:
		at, r, k = d.elsewhere(item, &a)
		if item != nil && !strings.HasPrefix(a.Path, API) {
			return k, false, nil // a page's, for a method that is not documented
		}
	}
	if r == nil {
		return k, true, fmt.Errorf("openapi: %s %s: status %d is not documented", a.Method, a.Path, a.Status)
	}
	if err := d.holds(at, r, &a, &k); err != nil {
		return k, true, fmt.Errorf("openapi: %s %s: status %d: %w\n%s", a.Method, a.Path, a.Status, err, a.Body)
	}
	return k, true, nil
}

// elsewhere finds what is said of answers to what is not documented.
func (d *Document) elsewhere(item *pathItem, a *Answer) (at string, r *response, k Kind) {
	k = Kind{Operation: UnknownPath, Status: a.Status}
	if item != nil {
		k.Operation = WrongMethod
	}
	name := named[k.Operation]
	switch a.Status {
	case elsewhere[k.Operation]:
	case http.StatusForbidden:
		name = "ForeignOrigin"
	default:
		return "", nil, k
	}
	found, ok := d.file.Components.Responses[name]
	if !ok {
		return "", nil, k
	}
	return pointer("components", "responses", name), &found, k
}

// holds judges an answer by the response that the document has for it, and completes its kind.
func (d *Document) holds(at string, r *response, a *Answer, k *Kind) error {
	for name, h := range r.Headers {
		if err := d.headerFits(at, name, h, a.Header); err != nil {
			return err
		}
	}
	if len(r.Content) == 0 {
		if a.Body != "" {
			return errors.New("there is a body")
		}
		return nil
	}
	if a.Method == http.MethodHead {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if _, ok := r.Content[mediaType]; err != nil || !ok {
		return fmt.Errorf("type %q is not documented", a.Header.Get("Content-Type"))
	}
	k.Type = mediaType
	schema := at + pointer("content", mediaType, "schema")
	if mediaType != "application/json" {
		return d.valueFits(schema, a.Body)
	}
	var coded struct {
		Code string `json:"error_code"`
	}
	_ = json.Unmarshal([]byte(a.Body), &coded) // what is no JSON is found below
	k.Code = coded.Code
	return d.fits(schema, a.Body)
}

func (d *Document) headerFits(at, name string, h header, sent http.Header) error {
	where := at + pointer("headers", name)
	if h.Ref != "" {
		where = h.Ref[1:]
		h = d.file.Components.Headers[lastOf(h.Ref)]
	}
	values := sent.Values(name)
	if len(values) == 0 && !h.Required {
		return nil
	}
	if len(values) != 1 {
		return fmt.Errorf("header %s: %q", name, values)
	}
	if err := d.valueFits(where+pointer("schema"), values[0]); err != nil {
		return fmt.Errorf("header %s: %w", name, err)
	}
	return nil
}

// fits judges JSON by a schema.
func (d *Document) fits(at, text string) error {
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return err
	}
	return d.valueFits(at, v)
}

func (d *Document) valueFits(at string, v any) error {
	schema, ok := d.schemas[at]
	if !ok {
		return fmt.Errorf("no schema at %s", at)
	}
	return schema.Validate(v)
}

// find returns the documented path that an address belongs to.
func (d *Document) find(address string) (string, *pathItem) {
	address, _, _ = strings.Cut(address, "?")
	parts := strings.Split(address, "/")
	for _, path := range slices.Sorted(maps.Keys(d.file.Paths)) {
		item := d.file.Paths[path]
		if slices.EqualFunc(strings.Split(path, "/"), parts, func(want, is string) bool {
			return want == is || strings.HasPrefix(want, "{") && d.mayBe(&item, strings.Trim(want, "{}"), is)
		}) {
			return path, &item
		}
	}
	return "", nil
}

// mayBe: a part of an address is a parameter. A number that is none, or is written in an odd way, makes another path;
// an odd id is one that is not there.
func (d *Document) mayBe(item *pathItem, name, part string) bool {
	for _, p := range item.Parameters {
		found := d.file.Components.Parameters[lastOf(p.Ref)]
		schema := p.Ref[1:] + pointer("schema")
		if kind, _ := d.at(schema + pointer("type")).(string); found.Name != name || kind != "integer" {
			continue
		}
		n, err := strconv.ParseInt(part, 10, 64)
		return err == nil && strconv.FormatInt(n, 10) == part && d.valueFits(schema, n) == nil
	}
	return part != ""
}

// response finds that of an operation for a status, nil if there is none, and where its content stands.
func (d *Document) response(path, method, status string) (string, *response) {
	item := d.file.Paths[path]
	r, ok := item.byMethod()[method].Responses[status]
	if !ok {
		return "", nil
	}
	if r.Ref != "" {
		named := d.file.Components.Responses[lastOf(r.Ref)]
		return r.Ref[1:], &named
	}
	return pointer("paths", path, strings.ToLower(method), "responses", status), &r
}

// codes lists the error codes that a schema lets an answer have, [""] where it speaks of none.
func (d *Document) codes(at string) []string {
	schema, _ := d.at(at).(map[string]any)
	if schema == nil {
		return []string{""}
	}
	if code, ok := d.at(at + pointer("properties", "error_code")).(map[string]any); ok {
		if c, ok := code["const"].(string); ok {
			return []string{c}
		}
		return texts(code["enum"])
	}
	var out []string
	list, _ := schema["oneOf"].([]any)
	for i := range list {
		out = append(out, d.codes(at+pointer("oneOf", strconv.Itoa(i)))...)
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) == 0 {
		return []string{""}
	}
	return out
}

// at reads what stands at a JSON pointer (RFC 6901), nil if nothing does.
func (d *Document) at(pointer string) any {
	var v any = d.whole
	for _, part := range strings.Split(pointer, "/")[1:] {
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch in := v.(type) {
		case map[string]any:
			v = in[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func pointer(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	return b.String()
}

func lastOf(ref string) string { return ref[strings.LastIndex(ref, "/")+1:] }

func texts(list any) []string {
	values, _ := list.([]any)
	var out []string
	for _, v := range values {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
