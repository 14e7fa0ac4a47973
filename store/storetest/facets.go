package storetest

import (
	"slices"
	"strings"

	"shiken/store"
)

// anyFacetsRead: values of all sets, each once, whatever the state of their questions; bounded.
func anyFacetsRead(w *world) {
	category, tag := name("!c"), name("!t")
	loading := name("set")
	for _, set := range []string{name("set"), name("set"), loading} {
		questions := shortText(4)
		questions[0].Category, questions[1].Category, questions[2].Category = category+"b", category+"a", ""
		questions[0].Year, questions[1].Year, questions[2].Year = 1871, 1870, 0
		questions[0].Tags = []string{tag + "b", tag + "a"}
		questions[1].Tags = []string{tag + "b", "\"quoted\\"}
		questions[2].Tags, questions[3].Tags = nil, []string{strings.Repeat(tag+"long", 200)}
		w.load(set, questions, store.LoadResult{New: 4})
		w.must(w.Exec(w.ctx, `UPDATE questions SET retired = TRUE WHERE set_name = $1 AND place = 1`, set))
	}
	w.must(w.Exec(w.ctx, `UPDATE questions SET state = 'loading', category = '!' || category WHERE set_name = $1 AND place = 2`, loading))
	w.must(w.Exec(w.ctx, `UPDATE questions SET year = 1, tags = '["!"]' WHERE set_name = $1 AND place = 2`, loading))
	f, err := w.AnyFacets(w.ctx, 1_000_000)
	w.must(err)
	own := func(list []string, begin string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return !strings.HasPrefix(s, begin) })
	}
	if got := own(f.Categories, category); !slices.Equal(got, []string{category + "a", category + "b"}) || slices.Contains(f.Categories, "") {
		w.Errorf("categories %q", got)
	}
	if got := own(f.Tags, tag); !slices.Equal(got, []string{tag + "a", tag + "b"}) || !slices.Contains(f.Tags, "\"quoted\\") {
		w.Errorf("tags %q", got)
	}
	if at := slices.Index(f.Years, 1870); at < 0 || !slices.IsSorted(f.Years) || !slices.Contains(f.Years, 1871) || slices.Contains(f.Years, 0) {
		w.Errorf("years %v", f.Years)
	}
	few, err := w.AnyFacets(w.ctx, 1)
	if err != nil || len(few.Categories) != 1 || len(few.Years) != 1 || len(few.Tags) != 1 {
		w.Errorf("one of each: %+v, %v", few, err)
	}
}
