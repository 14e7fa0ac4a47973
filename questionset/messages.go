package questionset

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"strings"
)

//go:embed messages/*.json
var messageFiles embed.FS

// message says what is wrong, and how to mend it; most notes have no Mend.
type message struct {
	What string `json:"what"`
	Mend string `json:"mend,omitempty"`
}

// catalogue holds the texts of one language; `{name}` stands for an argument.
type catalogue struct {
	Labels   map[string]string `json:"labels"`
	Messages map[Code]message  `json:"messages"`
}

// english is the language of a report when none of ours was asked for.
const english = "en"

var catalogues = map[string]*catalogue{english: mustRead(english), "ja": mustRead("ja")}

// mustRead reads the files of a language: {lang}.json, and {area}.{lang}.json of the areas.
func mustRead(lang string) *catalogue {
	names, err := fs.Glob(messageFiles, "messages/*"+lang+".json")
	if err != nil {
		panic(err)
	}
	c := &catalogue{Labels: map[string]string{}, Messages: map[Code]message{}}
	for _, name := range names {
		data, err := messageFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		var part catalogue
		if err := json.Unmarshal(data, &part); err != nil {
			panic(fmt.Errorf("questionset: %s: %w", name, err))
		}
		maps.Copy(c.Labels, part.Labels)
		maps.Copy(c.Messages, part.Messages)
	}
	return c
}

func catalogueOf(lang string) *catalogue {
	if c, ok := catalogues[lang]; ok {
		return c
	}
	return catalogues[english]
}

func (c *catalogue) label(key string, args ...any) string {
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), fmt.Sprint(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(c.Labels[key])
}

// partsArgument is the argument of findings that lists keys of labels, such as "part.stem, part.key".
const partsArgument = "parts"

func (c *catalogue) parts(keys string) string {
	list := strings.Split(keys, ", ")
	for i, key := range list {
		list[i] = c.label(key)
	}
	return strings.Join(list, c.label("part.comma"))
}

func (c *catalogue) message(f *Finding) message {
	pairs := make([]string, 0, 2*len(f.Args))
	for name, value := range f.Args {
		if name == partsArgument {
			value = c.parts(value)
		}
		pairs = append(pairs, "{"+name+"}", value)
	}
	fill := strings.NewReplacer(pairs...)
	m := c.Messages[f.Code]
	return message{What: fill.Replace(m.What), Mend: fill.Replace(m.Mend)}
}
