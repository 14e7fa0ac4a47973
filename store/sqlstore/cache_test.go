package sqlstore_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"shiken/store/sqlstore"
)

func one[V any](V) int { return 1 }

func TestCacheForgetsTheLeastRecentlyUsed(t *testing.T) {
	c := sqlstore.NewCache(3, one[int])
	for i, id := range []string{"a", "b", "c"} {
		c.Put(id, i)
	}
	c.Get("a")
	c.Put("d", 3)
	c.Put("c", 20)
	var kept []string
	for _, id := range []string{"a", "b", "c", "d"} {
		if _, ok := c.Get(id); ok {
			kept = append(kept, id)
		}
	}
	if !slices.Equal(kept, []string{"a", "c", "d"}) {
		t.Errorf("kept %v", kept)
	}
	if v, _ := c.Get("c"); v != 20 {
		t.Errorf("c = %d, want the latest", v)
	}
}

func TestCacheGoesByWeight(t *testing.T) {
	c := sqlstore.NewCache(10, func(weight int) int { return weight })
	for _, step := range []struct {
		id     string
		weight int
		kept   string
	}{
		{"a", 4, "a"}, {"b", 6, "ab"}, {"c", 1, "bc"}, {"b", 2, "bc"}, {"d", 7, "bcd"}, {"e", 50, "e"}, {"f", 3, "f"}, {"g", 7, "fg"},
	} {
		c.Put(step.id, step.weight)
		kept := ""
		for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
			if _, ok := c.Get(id); ok {
				kept += id
			}
		}
		if kept != step.kept {
			t.Errorf("after %s kept %s, want %s", step.id, kept, step.kept)
		}
	}
}

func TestCacheIsBoundedUnderConcurrentUse(t *testing.T) {
	const limit = 16
	c := sqlstore.NewCache(limit, one[string])
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 500 {
				id := fmt.Sprint((g*7 + i) % 40)
				if v, ok := c.Get(id); ok && v != id {
					t.Errorf("%s holds %s", id, v)
				}
				c.Put(id, id)
			}
		})
	}
	wg.Wait()
	if n := c.Len(); n != limit {
		t.Errorf("%d kept, want %d", n, limit)
	}
}

func TestPlaceholdersCountColumns(t *testing.T) {
	if got := sqlstore.Values("t", "a, b, c"); got != "INSERT INTO t (a, b, c) VALUES ($1, $2, $3)" {
		t.Error(got)
	}
	if got := sqlstore.Placeholders(4, 2); got != "$4, $5" {
		t.Error(got)
	}
}
