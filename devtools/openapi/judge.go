package openapi

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// judge compiles every schema and says what is open or wrong in the document.
func (d *Document) judge(compiler *jsonschema.Compiler) error {
	j := &judge{Document: d, compiler: compiler}
	for _, path := range slices.Sorted(maps.Keys(d.file.Paths)) {
		j.path(path)
	}
	c := &d.file.Components
	for _, name := range slices.Sorted(maps.Keys(c.Responses)) {
		r := c.Responses[name]
		j.answer(pointer("components", "responses", name), &r)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		j.compile(pointer("components", "headers", name, "schema"))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Parameters)) {
		at := pointer("components", "parameters", name)
		j.compile(at + pointer("schema"))
		j.example(at+pointer("schema"), at+pointer("example"))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Schemas)) {
		at := pointer("components", "schemas", name)
		j.compile(at)
		schema := d.Schema(name)
		if schema["description"] == nil {
			j.fault(at, "has no description")
		}
		if schema["type"] != "object" {
			j.example(at, at+pointer("example"))
		}
	}
	return errors.Join(j.faults...)
}

type judge struct {
	*Document
	compiler *jsonschema.Compiler
	faults   []error
}

func (j *judge) fault(at, form string, args ...any) {
	j.faults = append(j.faults, fmt.Errorf("openapi: %s %s", at, fmt.Sprintf(form, args...)))
}

var parameterForm = regexp.MustCompile(`\{([a-z]+)\}`)

func (j *judge) path(path string) {
	item := j.file.Paths[path]
	var declared, used []string
	for _, p := range item.Parameters {
		declared = append(declared, j.file.Components.Parameters[lastOf(p.Ref)].Name)
	}
	for _, m := range parameterForm.FindAllStringSubmatch(path, -1) {
		used = append(used, m[1])
	}
	if !slices.Equal(declared, used) {
		j.fault(path, "has the parameters %q and declares %q", used, declared)
	}
	for method, op := range item.byMethod() {
		at := pointer("paths", path, strings.ToLower(method))
		if op.ID == "" || op.Summary == "" || len(op.Tags) == 0 {
			j.fault(at, "has no id, summary or tag")
		}
		if op.RequestBody != nil {
			j.content(at+pointer("requestBody"), op.RequestBody.Content)
		}
		for status := range op.Responses {
			if _, err := strconv.Atoi(status); err != nil {
				j.fault(at, "has the status %q", status)
			}
			if where, r := j.response(path, method, status); strings.HasPrefix(where, at) {
				j.answer(where, r)
			}
		}
	}
}

func (j *judge) answer(at string, r *response) {
	if r.Description == "" {
		j.fault(at, "has no description")
	}
	for name, h := range r.Headers {
		if h.Ref == "" {
			j.compile(at + pointer("headers", name, "schema"))
		}
	}
	j.content(at, r.Content)
}

func (j *judge) content(at string, content map[string]media) {
	for mediaType := range content {
		here := at + pointer("content", mediaType)
		j.compile(here + pointer("schema"))
		if mediaType != "text/html" {
			j.example(here+pointer("schema"), here+pointer("example"))
		}
	}
}

// example holds an example against its schema.
func (j *judge) example(schema, at string) {
	v := j.at(at)
	if v == nil {
		j.fault(at, "is missing")
		return
	}
	if err := j.valueFits(schema, v); err != nil {
		j.fault(at, "does not fit: %v", err)
	}
}

func (j *judge) compile(at string) {
	schema, err := j.compiler.Compile(location + "#" + at)
	if err != nil {
		j.fault(at, "is no schema: %v", err)
		return
	}
	j.schemas[at] = schema
	j.closed(at, j.at(at))
}

// keywords are those that schemas here may have; any other is mistyped, or not looked at.
var keywords = []string{
	"$ref", "type", "description", "example", "default", "properties", "required", "additionalProperties", "propertyNames",
	"minProperties", "items", "minItems", "maxItems", "uniqueItems", "enum", "const", "format", "pattern", "minLength",
	"maxLength", "minimum", "maximum", "oneOf",
}

// closed: a schema leaves nothing open. Objects name their fields and take no others, texts and numbers have bounds.
func (j *judge) closed(at string, v any) {
	schema, ok := v.(map[string]any)
	if !ok {
		j.fault(at, "is no object")
		return
	}
	for _, keyword := range slices.Sorted(maps.Keys(schema)) {
		if !slices.Contains(keywords, keyword) {
			j.fault(at, "has the keyword %q", keyword)
		}
	}
	j.bounded(at, schema)
	j.fields(at, schema)
	list, _ := schema["oneOf"].([]any)
	for i, one := range list {
		j.closed(at+pointer("oneOf", strconv.Itoa(i)), one)
	}
	for _, keyword := range []string{"items", "propertyNames"} {
		if part, ok := schema[keyword]; ok {
			j.closed(at+pointer(keyword), part)
		}
	}
	if more, ok := schema["additionalProperties"].(map[string]any); ok {
		j.closed(at+pointer("additionalProperties"), more)
	}
}

// bounds are what a schema of a type needs: one of these sets of keywords.
var bounds = map[string][][]string{
	"string":  {{"enum"}, {"const"}, {"format"}, {"pattern"}, {"maxLength"}},
	"integer": {{"minimum", "maximum"}},
	"array":   {{"items"}},
	"object":  {{"additionalProperties"}},
}

func (j *judge) bounded(at string, schema map[string]any) {
	if schema["$ref"] == nil && schema["type"] == nil && schema["oneOf"] == nil && schema["const"] == nil && schema["enum"] == nil {
		j.fault(at, "takes anything")
	}
	name, _ := schema["type"].(string)
	needed := bounds[name]
	if len(needed) > 0 && !slices.ContainsFunc(needed, func(set []string) bool {
		return !slices.ContainsFunc(set, func(keyword string) bool { return schema[keyword] == nil })
	}) {
		j.fault(at, "has no bounds: one of %v", needed)
	}
	if schema["additionalProperties"] == true {
		j.fault(at, "takes any field")
	}
}

// fields: each is described; those that are required are there.
func (j *judge) fields(at string, schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		here := at + pointer("properties", name)
		field, _ := properties[name].(map[string]any)
		if field["description"] == nil && field["$ref"] == nil {
			j.fault(here, "has no description")
		}
		j.closed(here, properties[name])
	}
	required := texts(schema["required"])
	for _, name := range required {
		if properties[name] == nil {
			j.fault(at, "requires %q, which it does not have", name)
		}
	}
	if schema["type"] == "object" && len(properties) > 0 && len(required) == 0 {
		j.fault(at, "requires nothing")
	}
}
