package templates_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"shiken/i18n"
	. "shiken/templates"
)

func TestEveryPageIsADocument(t *testing.T) {
	eachPage(t, func(t *testing.T, tag string, doc *goquery.Document) {
		if got := doc.Find("html").AttrOr("lang", ""); got != tag {
			t.Errorf("html lang = %q, want %q", got, tag)
		}
		if title := doc.Find("title").Text(); strings.TrimPrefix(title, " – ") != title || title == "" {
			t.Errorf("title = %q", title)
		}
		for _, selector := range []string{"main", "h1", "main#main", "a.skip-link[href='#main']", "header"} {
			if n := doc.Find(selector).Length(); n != 1 {
				t.Errorf("%d × %s, want 1", n, selector)
			}
		}
	})
}

// A strict policy allows no inline style and no script without the nonce, so
// that none may be there in the first place.
func TestEveryPageObeysAStrictContentPolicy(t *testing.T) {
	eachPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		if n := doc.Find("style, [style]").Length(); n != 0 {
			t.Errorf("%d inline styles", n)
		}
		doc.Find("script").Each(func(_ int, s *goquery.Selection) {
			if s.Text() != "" || s.AttrOr("nonce", "") != nonce || !strings.HasPrefix(s.AttrOr("src", ""), "/static/") {
				t.Errorf("script is inline, foreign or without nonce")
			}
		})
		doc.Find("*").Each(func(_ int, s *goquery.Selection) {
			for _, attr := range s.Nodes[0].Attr {
				if strings.HasPrefix(attr.Key, "on") || strings.Contains(attr.Val, "javascript:") {
					t.Errorf("%s has %s=%q", s.Nodes[0].Data, attr.Key, attr.Val)
				}
			}
		})
	})
}

func TestEveryControlHasAName(t *testing.T) {
	eachPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
			id, inLabel := s.AttrOr("id", ""), s.Closest("label").Length() == 1
			labelled := id != "" && strings.TrimSpace(doc.Find("label[for='"+id+"']").Text()) != ""
			if !labelled && !inLabel {
				t.Errorf("no label for %s", outer(s))
			}
		})
		doc.Find("button, a").Each(func(_ int, s *goquery.Selection) {
			if strings.TrimSpace(s.Text()) == "" && s.AttrOr("aria-label", "") == "" {
				t.Errorf("no text in %s", outer(s))
			}
		})
		doc.Find("fieldset").Each(func(_ int, s *goquery.Selection) {
			if strings.TrimSpace(s.ChildrenFiltered("legend").Text()) == "" {
				t.Error("fieldset without legend")
			}
		})
	})
}

// Who signs in need not know by heart: what fields are for is said to what fills them in (WCAG 2.2, 1.3.5, 3.3.8).
func TestSignInFieldsSayWhatTheyAreFor(t *testing.T) {
	pages := signInPages(pageIn("en"))
	owned := pageIn("en")
	owned.Owner = "o"
	dialog := render(t, Question(owned, freeQuestion(choiceBody()))).Find("template[data-signin]").Nodes[0]
	for name, fields := range map[string]*goquery.Selection{
		"page": render(t, pages["sign in"]).Find("form[action='/login']"), "dialog": goquery.NewDocumentFromNode(dialog).Find("form"),
	} {
		for id, purpose := range map[string]string{"username": "username", "password": "current-password"} {
			field := fields.Find("input[id$=" + id + "]")
			if got := field.AttrOr("autocomplete", ""); got != purpose {
				t.Errorf("%s: %s is for %q, want %q", name, id, got, purpose)
			}
			if _, blocks := field.Attr("readonly"); blocks {
				t.Errorf("%s: %s cannot be filled in", name, id)
			}
		}
	}
}

// What scripts say later is heard where the place for it was in the page from the start, as a status (WCAG 2.2, 4.1.3);
// it is empty at first, for it would be read out of turn.
func TestWhatComesLaterIsAStatus(t *testing.T) {
	owned := pageIn("en")
	owned.Owner = "o"
	oneDevice := freeQuestion(choiceBody())
	oneDevice.OneDevice = true
	for name, page := range map[string]struct {
		doc   *goquery.Document
		wants []string
	}{
		"question": {render(t, Question(owned, oneDevice)), []string{
			"[data-voice]", "[data-save-voice]", "[data-timer-voice]", "[data-bars]", "[data-travel]", "[data-cover-saved]", "[data-elsewhere-line]",
		}},
		"review": {render(t, Review(owned, review(""))), []string{"[data-voice]", "[data-timer-voice]", "[data-bars]", "[data-travel]", "[data-cover-saved]"}},
		"result": {render(t, Result(owned, result(PhaseMarking))), []string{"[data-bars]", "[data-travel]"}},
	} {
		for _, selector := range page.wants {
			place := page.doc.Find(selector)
			if place.Length() != 1 || !place.Is("[role=status], [aria-live=polite]") || strings.TrimSpace(place.Text()) != "" {
				t.Errorf("%s: %s is %q", name, selector, outer(place))
			}
		}
	}
}

func TestReferencesLeadToOneElement(t *testing.T) {
	eachPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			if id := s.AttrOr("id", ""); doc.Find("[id='"+id+"']").Length() != 1 {
				t.Errorf("id %q stands twice", id)
			}
		})
		for _, attr := range []string{"aria-labelledby", "aria-describedby", "for"} {
			doc.Find("[" + attr + "]").Each(func(_ int, s *goquery.Selection) {
				for _, id := range strings.Fields(s.AttrOr(attr, "")) {
					if doc.Find("#"+id).Length() == 0 {
						t.Errorf("%s=%q leads nowhere", attr, id)
					}
				}
			})
		}
	})
}

// An untranslated key would be shown as it is, an unfilled argument in braces.
func TestNoPageShowsKeysOrPlaceholders(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	key := regexp.MustCompile(`\b(` + keyPrefixes() + `)\.[a-z_.]+`)
	eachPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		doc.Find("script, [data-error]").RemoveAttr("src")
		text := doc.Text() + labels(doc)
		if found := placeholder.FindString(text); found != "" {
			t.Errorf("placeholder %s", found)
		}
		if found := key.FindString(text); found != "" {
			t.Errorf("key %s", found)
		}
	})
}

func keyPrefixes() string {
	seen := map[string]bool{}
	var prefixes []string
	for key := range i18n.Messages(i18n.English) {
		prefix, _, _ := strings.Cut(key, ".")
		if !seen[prefix] {
			seen[prefix] = true
			prefixes = append(prefixes, prefix)
		}
	}
	return strings.Join(prefixes, "|")
}

func labels(doc *goquery.Document) string {
	return strings.Join(doc.Find("[aria-label]").Map(func(_ int, s *goquery.Selection) string {
		return s.AttrOr("aria-label", "")
	}), " ")
}

// A page that is the only place of an unsent answer offers no way that would
// drop it; every other page switches the language and comes back.
func TestLanguageSwitch(t *testing.T) {
	eachPage(t, func(t *testing.T, tag string, doc *goquery.Document) {
		other := map[string]string{"ja": "en", "en": "ja"}[tag]
		form := doc.Find("form[action='/locale'][method=post]")
		unsent := doc.Find("form:has(input[type=hidden][name^='answer']):not([data-question]), input[name=resume_path], [data-unkept]")
		if want := 1 - min(unsent.Length(), 1); form.Length() != want {
			t.Fatalf("%d language switches, want %d", form.Length(), want)
		}
		if form.Length() == 0 {
			return
		}
		if doc.Find("button[form=locale][name=locale][value="+other+"][lang="+other+"]").Length() != 1 {
			t.Errorf("no button to %s", other)
		}
		if form.PrevAllFiltered("main").Length() != 1 {
			t.Error("the first form of the document is not the page's own")
		}
		if next := form.Find("input[name=next]").AttrOr("value", ""); next != "/attempts/"+attemptID {
			t.Errorf("next = %q", next)
		}
	})
}

func TestNotes(t *testing.T) {
	for _, note := range []Note{NoteCursor, NoteExtended, NoteClosed} {
		for _, tag := range i18n.Tags() {
			page := pageIn(tag)
			page.Note = ParseNote(string(note))
			text := render(t, Home(page, home())).Find(".note[role=status]").Text()
			if text == "" || strings.Contains(text, "note.") {
				t.Errorf("%s: note %s says %q", tag, note, text)
			}
		}
	}
	if got := ParseNote("<b>anything</b>"); got != "" {
		t.Errorf("ParseNote gave %q for what is not on the list", got)
	}
}

func outer(s *goquery.Selection) string {
	var out strings.Builder
	if err := html.Render(&out, s.Nodes[0]); err != nil {
		return err.Error()
	}
	return out.String()
}
