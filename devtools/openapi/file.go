package openapi

// The parts of an OpenAPI 3.1 document that ours has. A field that is not here is refused: it is mistyped, or nothing
// holds it against the program.

type file struct {
	OpenAPI    string                `yaml:"openapi"`
	Info       map[string]any        `yaml:"info"`
	Tags       []map[string]string   `yaml:"tags"`
	Security   []map[string][]string `yaml:"security"`
	Paths      map[string]pathItem   `yaml:"paths"`
	Components components            `yaml:"components"`
}

type pathItem struct {
	Parameters []parameter `yaml:"parameters"`
	Get        *operation  `yaml:"get"`
	Put        *operation  `yaml:"put"`
	Post       *operation  `yaml:"post"`
}

// byMethod lists the operations.
func (p *pathItem) byMethod() map[string]*operation {
	out := map[string]*operation{}
	for method, op := range map[string]*operation{"GET": p.Get, "PUT": p.Put, "POST": p.Post} {
		if op != nil {
			out[method] = op
		}
	}
	return out
}

type operation struct {
	ID          string                `yaml:"operationId"`
	Tags        []string              `yaml:"tags"`
	Summary     string                `yaml:"summary"`
	Description string                `yaml:"description"`
	Security    []map[string][]string `yaml:"security"`
	RequestBody *requestBody          `yaml:"requestBody"`
	Responses   map[string]response   `yaml:"responses"`
}

type requestBody struct {
	Description string           `yaml:"description"`
	Required    bool             `yaml:"required"`
	Content     map[string]media `yaml:"content"`
}

type response struct {
	Ref         string            `yaml:"$ref"`
	Description string            `yaml:"description"`
	Headers     map[string]header `yaml:"headers"`
	Content     map[string]media  `yaml:"content"`
}

type header struct {
	Ref         string `yaml:"$ref"`
	Description string `yaml:"description"`
	Required    bool   `yaml:"required"`
	Schema      any    `yaml:"schema"`
}

type media struct {
	Schema  any `yaml:"schema"`
	Example any `yaml:"example"`
}

type parameter struct {
	Ref         string `yaml:"$ref"`
	Name        string `yaml:"name"`
	In          string `yaml:"in"`
	Required    bool   `yaml:"required"`
	Description string `yaml:"description"`
	Schema      any    `yaml:"schema"`
	Example     any    `yaml:"example"`
}

type components struct {
	SecuritySchemes map[string]map[string]string `yaml:"securitySchemes"`
	Parameters      map[string]parameter         `yaml:"parameters"`
	Headers         map[string]header            `yaml:"headers"`
	Responses       map[string]response          `yaml:"responses"`
	Schemas         map[string]any               `yaml:"schemas"`
}
