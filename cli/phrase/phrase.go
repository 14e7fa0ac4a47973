// Package phrase holds every text that the program writes to a terminal, in Japanese and English:
// faults of the configuration, help, and the reports of the commands. Pages have their own
// catalogue, package i18n, whose message form and number format are used here.
package phrase

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"shiken/i18n"
	"shiken/internal/printable"
)

//go:embed messages/en.json messages/ja.json
var files embed.FS

var catalogue = map[string]map[string]i18n.Message{
	i18n.Japanese: mustRead(i18n.Japanese),
	i18n.English:  mustRead(i18n.English),
}

// mustRead panics on a broken catalogue, which only a broken build can hold.
func mustRead(lang string) map[string]i18n.Message {
	data, err := files.ReadFile("messages/" + lang + ".json")
	if err != nil {
		panic(err)
	}
	messages := map[string]i18n.Message{}
	if err := json.Unmarshal(data, &messages); err != nil {
		panic(fmt.Errorf("phrase: messages/%s.json: %w", lang, err))
	}
	return messages
}

// Language is the language of a terminal. The zero value is English.
type Language struct{ tag string }

// English is the language of logs, generated documents and errors that reach nobody's terminal.
var English = Language{tag: i18n.English}

// Named returns the language with the given tag, and false when there is none.
func Named(tag string) (Language, bool) {
	_, known := catalogue[tag]
	return Language{tag: tag}, known
}

// Of reads the language of the terminal out of the environment, the way POSIX orders it: LC_ALL,
// LC_MESSAGES, LANG; the first that is set decides. Anything but Japanese is English.
func Of(env func(string) string) Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value := env(name)
		if value == "" {
			continue
		}
		if strings.HasPrefix(strings.ToLower(value), i18n.Japanese) {
			return Language{tag: i18n.Japanese}
		}
		return English
	}
	return English
}

// Tag is the BCP 47 tag: "ja" or "en".
func (l Language) Tag() string {
	if l.tag == "" {
		return i18n.English
	}
	return l.tag
}

// T gives the message of a key, fit to be printed to a terminal. args are pairs of a placeholder's name and its value; integers are
// grouped, and the integer named "n" chooses singular or plural. An unknown key is given back as
// it is.
func (l Language) T(key string, args ...any) string {
	message, ok := catalogue[l.Tag()][key]
	if !ok {
		return key
	}
	text := message.Other
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "n" && args[i+1] == 1 && message.One != "" {
			text = message.One
		}
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), l.format(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (l Language) format(value any) string {
	if n, ok := value.(int); ok {
		return i18n.Lookup("", l.Tag()).Number(n)
	}
	return printable.Text(fmt.Sprint(value))
}

// Has reports whether the catalogue has a message of this key in this language.
func (l Language) Has(key string) bool {
	_, ok := catalogue[l.Tag()][key]
	return ok
}

// Messages gives the catalogue of a language, for tests; nil for an unknown tag. The map must not
// be changed.
func Messages(tag string) map[string]i18n.Message { return catalogue[tag] }
