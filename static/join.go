package static

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// joinedName is the module that every page loads. It is served together with all that it needs as one file: the first
// page of an exam is there sooner, and weighs less, than with dozens of small ones.
const joinedName = "app.js"

var (
	importLine   = regexp.MustCompile(`(?m)^import \{([^}]*)\} from "\./([a-z]+)\.js";\n`)
	exportLine   = regexp.MustCompile(`(?m)^export ((?:async function|function|class|const) ([A-Za-z_]+))`)
	commentLines = regexp.MustCompile(`(?m)^\s*//.*\n`)
)

// joined gives the text of a module after those of all modules that it imports, each once and in a scope of its own.
// It knows what the modules here use: named imports and exports, a line each, that never change. Lines that hold a
// comment alone are left out. It panics for a module that is not there, or that imports in another way.
func joined(source fs.FS, name string) []byte {
	var out strings.Builder
	done := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		if done[name] {
			return
		}
		done[name] = true
		text, err := fs.ReadFile(source, name+".js")
		if err != nil {
			panic(err)
		}
		for _, match := range importLine.FindAllSubmatch(text, -1) {
			add(string(match[2]))
		}
		module := commentLines.ReplaceAllString(importLine.ReplaceAllString(string(text), "const {$1} = module_$2;\n"), "")
		if strings.Contains(module, "\nimport ") {
			panic("static: " + name + " imports in a way that cannot be joined")
		}
		var names []string
		for _, match := range exportLine.FindAllStringSubmatch(module, -1) {
			names = append(names, match[2])
		}
		module = exportLine.ReplaceAllString(module, "$1")
		fmt.Fprintf(&out, "const module_%s = (() => {\n%sreturn { %s };\n})();\n", name, module, strings.Join(names, ", "))
	}
	add(strings.TrimSuffix(name, ".js"))
	return []byte(out.String())
}
