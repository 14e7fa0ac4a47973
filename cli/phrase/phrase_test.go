package phrase_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"shiken/accounts"
	"shiken/cli/phrase"
	"shiken/desk"
)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func TestBothLanguagesSayTheSame(t *testing.T) {
	en, ja := phrase.Messages("en"), phrase.Messages("ja")
	if a, b := slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(ja)); !slices.Equal(a, b) {
		t.Fatalf("keys differ:\nen %q\nja %q", a, b)
	}
	for key := range en {
		want := slices.Sorted(slices.Values(placeholder.FindAllString(en[key].Other, -1)))
		if got := slices.Sorted(slices.Values(placeholder.FindAllString(ja[key].Other, -1))); !slices.Equal(got, want) {
			t.Errorf("%s: placeholders %q, in English %q", key, got, want)
		}
		if en[key].Other == "" || ja[key].Other == "" {
			t.Errorf("%s: empty", key)
		}
	}
}

// TestEveryKeyIsThere looks for the keys that the code names in full, and those put together.
func TestEveryKeyIsThere(t *testing.T) {
	used := map[string]bool{}
	for _, folder := range []string{"..", "../../config"} {
		sources, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(sources) == 0 {
			t.Fatalf("%s: no sources, %v", folder, err)
		}
		for _, source := range sources {
			if !strings.HasSuffix(source, "_test.go") {
				collect(t, source, used)
			}
		}
	}
	for _, code := range accounts.RosterFaultCodes {
		used["roster."+code] = true
	}
	for _, code := range accounts.AccommodationFaultCodes {
		used["roster.own_"+code] = true
	}
	for _, part := range desk.AllParts {
		used["load.part."+string(part)] = true
	}
	for key := range used {
		if !phrase.English.Has(key) {
			t.Errorf("%q is used and not in the catalogue", key)
		}
	}
	if len(used) < 60 {
		t.Errorf("only %d keys were found", len(used))
	}
	for key := range phrase.Messages("en") {
		family, _, _ := strings.Cut(key, ".")
		putTogether := family == "config" || family == "help" ||
			strings.HasPrefix(key, "load.exam.") || strings.HasPrefix(key, "load.part.")
		if !used[key] && !putTogether {
			t.Errorf("%q is in the catalogue and never used", key)
		}
	}
}

var keyForm = regexp.MustCompile(`^(?:backup|config|error|exam|export|greet|help|load|migrate|roster|usage|user|verify)(?:\.[a-z_]+)+$`)

func collect(t *testing.T, source string, used map[string]bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), source, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil && (keyForm.MatchString(text) || text == "error" || text == "help") {
				used[text] = true
			}
		}
		return true
	})
}

func TestOf(t *testing.T) {
	tests := []struct {
		env  map[string]string
		want string
	}{
		{nil, "en"},
		{map[string]string{"LANG": "ja_JP.UTF-8"}, "ja"},
		{map[string]string{"LANG": "ja"}, "ja"},
		{map[string]string{"LANG": "fr_FR.UTF-8"}, "en"},
		{map[string]string{"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, "en"},
		{map[string]string{"LC_ALL": "", "LC_MESSAGES": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, "ja"},
	}
	for _, tt := range tests {
		if got := phrase.Of(func(name string) string { return tt.env[name] }).Tag(); got != tt.want {
			t.Errorf("Of(%v) = %s, want %s", tt.env, got, tt.want)
		}
	}
}

func TestT(t *testing.T) {
	ja, ok := phrase.Named("ja")
	if !ok {
		t.Fatal("no Japanese")
	}
	if _, ok := phrase.Named("fr"); ok {
		t.Error("there is French")
	}
	for _, tt := range []struct{ got, want string }{
		{phrase.English.T("verify.faults", "n", 1), "1 fault was found."},
		{phrase.English.T("verify.faults", "n", 1234), "1,234 faults were found."},
		{ja.T("verify.faults", "n", 1), "1件の異常が見つかりました。"},
		{phrase.English.T("no.such.key"), "no.such.key"},
		{phrase.Language{}.T("user.disabled"), "disabled"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
