package i18n_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"shiken/i18n"
)

var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

func placeholders(text string) []string {
	var names []string
	for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestLanguagesHaveTheSameMessages(t *testing.T) {
	en, ja := i18n.Messages(i18n.English), i18n.Messages(i18n.Japanese)
	if len(en) == 0 {
		t.Fatal("the catalogue is empty")
	}
	for key, message := range en {
		other, ok := ja[key]
		if !ok {
			t.Errorf("%s has no Japanese", key)
			continue
		}
		if want, got := placeholders(message.Other), placeholders(other.Other); !slices.Equal(want, got) {
			t.Errorf("%s: English fills %v, Japanese %v", key, want, got)
		}
		if message.One != "" && !slices.Equal(placeholders(message.One), placeholders(message.Other)) {
			t.Errorf("%s: singular and plural fill different arguments", key)
		}
		if message.Other == "" || other.Other == "" {
			t.Errorf("%s is empty", key)
		}
	}
	for key := range ja {
		if _, ok := en[key]; !ok {
			t.Errorf("%s has no English", key)
		}
	}
}

// catalogueFiles are the files of a language by area; "" is what every page needs.
func catalogueFiles(t *testing.T, tag string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("messages", "*"+tag+".json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s has no catalogue (%v)", tag, err)
	}
	files := map[string]string{}
	for _, path := range paths {
		area := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), tag+".json"), ".")
		files[area] = path
	}
	return files
}

func TestAreasHaveBothLanguages(t *testing.T) {
	en, ja := catalogueFiles(t, i18n.English), catalogueFiles(t, i18n.Japanese)
	for area := range en {
		if ja[area] == "" {
			t.Errorf("area %q has no Japanese file", area)
		}
	}
	for area := range ja {
		if en[area] == "" {
			t.Errorf("area %q has no English file", area)
		}
	}
}

// keysIn lists the keys of a file as they stand there, with repetitions: encoding/json takes the last
// of two equal keys and says nothing.
func keysIn(t *testing.T, path string) (keys []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	decoder, depth, isKey := json.NewDecoder(bytes.NewReader(data)), 0, true
	for {
		token, err := decoder.Token()
		if err != nil {
			return keys
		}
		switch token {
		case json.Delim('{'):
			depth, isKey = depth+1, true
			continue
		case json.Delim('}'):
			depth, isKey = depth-1, true
			continue
		}
		if key, ok := token.(string); ok && isKey && depth == 1 {
			keys = append(keys, key)
		}
		isKey = !isKey
	}
}

// Every key stands once, and those of an area's file begin with its name: "desk.", "note.desk.".
func TestNoKeyStandsTwice(t *testing.T) {
	for _, tag := range i18n.Tags() {
		seen := map[string]string{}
		for area, path := range catalogueFiles(t, tag) {
			for _, key := range keysIn(t, path) {
				if seen[key] != "" {
					t.Errorf("%s stands in %s and in %s", key, seen[key], path)
				}
				seen[key] = path
				if area != "" && !strings.HasPrefix(strings.TrimPrefix(key, "note."), area+".") {
					t.Errorf("%s: %s does not begin with its area", path, key)
				}
			}
		}
		if len(seen) != len(i18n.Messages(tag)) {
			t.Errorf("%s: %d keys seen of %d", tag, len(seen), len(i18n.Messages(tag)))
		}
	}
}

func TestBrokenCatalogues(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	tests := []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"a key in two files", fstest.MapFS{
			"messages/en.json": file(`{"a.b": "x"}`), "messages/desk.en.json": file(`{"a.b": "y"}`),
		}, "messages/en.json: another file holds a.b too"},
		{"an unknown language", fstest.MapFS{"messages/desk.fr.json": file(`{}`)}, "messages/desk.fr.json: no such language"},
		{"no language", fstest.MapFS{"messages/desk.json": file(`{}`)}, "messages/desk.json: no such language"},
		{"no JSON", fstest.MapFS{"messages/ja.json": file(`{"a.b": `)}, "messages/ja.json: unexpected end of JSON input"},
		{"no plural", fstest.MapFS{"messages/ja.json": file(`{"a.b": {"one": "x"}}`)}, "messages/ja.json: i18n: plural message"},
	}
	for _, test := range tests {
		if _, err := i18n.Merge(test.files); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
	both := fstest.MapFS{"messages/ja.json": file(`{"a.b": "x"}`), "messages/desk.ja.json": file(`{"desk.b": "y"}`)}
	merged, err := i18n.Merge(both)
	if err != nil || len(merged[i18n.Japanese]) != 2 {
		t.Errorf("two files give %v, %v", merged, err)
	}
}

// uses are the keys that the program asks for: whole ones, and beginnings that
// are completed at run time ("note." + name).
type uses struct{ keys, prefixes map[string]bool }

var (
	callPattern   = regexp.MustCompile(`\bT\(\s*"([a-z0-9_.]+)"\s*([+,)])`)
	stringPattern = regexp.MustCompile(`"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"`)
)

// scan reads the sources of pages and handlers, but tests and generated ones.
// A key that is handed to T by way of a function is found as a string of the
// catalogue.
func scan(t *testing.T) uses {
	t.Helper()
	found := uses{map[string]bool{}, map[string]bool{}}
	for _, folder := range []string{"templates", "handlers"} {
		scanFolder(t, filepath.Join("..", folder), found)
	}
	return found
}

func scanFolder(t *testing.T, folder string, found uses) {
	t.Helper()
	catalogue := i18n.Messages(i18n.English)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isSource(path) {
			return err
		}
		data, err := os.ReadFile(path)
		for _, match := range callPattern.FindAllStringSubmatch(string(data), -1) {
			if match[2] == "+" {
				found.prefixes[match[1]] = true
			} else {
				found.keys[match[1]] = true
			}
		}
		for _, match := range stringPattern.FindAllStringSubmatch(string(data), -1) {
			if _, ok := catalogue[match[1]]; ok {
				found.keys[match[1]] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func isSource(path string) bool {
	if strings.HasSuffix(path, ".templ") {
		return true
	}
	return strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") &&
		!strings.HasSuffix(path, "_templ.go")
}

func TestEveryUsedKeyExists(t *testing.T) {
	found, catalogue := scan(t), i18n.Messages(i18n.English)
	if len(found.keys) < 100 || len(found.prefixes) < 5 {
		t.Fatalf("the scan found only %d keys and %d beginnings", len(found.keys), len(found.prefixes))
	}
	for key := range found.keys {
		if _, ok := catalogue[key]; !ok {
			t.Errorf("%s is used but not in the catalogue", key)
		}
	}
	for prefix := range found.prefixes {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(catalogue)), func(key string) bool { return strings.HasPrefix(key, prefix) }) {
			t.Errorf("%s… is used but no key begins so", prefix)
		}
	}
}

func TestEveryKeyIsUsed(t *testing.T) {
	found := scan(t)
	for key := range i18n.Messages(i18n.English) {
		used := found.keys[key] || slices.ContainsFunc(slices.Collect(maps.Keys(found.prefixes)), func(prefix string) bool {
			return strings.HasPrefix(key, prefix)
		})
		if !used {
			t.Errorf("%s is used nowhere", key)
		}
	}
}
