package sqlstore_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"shiken/store/sqlstore"
)

func TestCacheForgetsTheLeastRecentlyUsed(t *testing.T) {
	c := sqlstore.NewCache[int](3)
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

func TestCacheIsBoundedUnderConcurrentUse(t *testing.T) {
	const limit = 16
	c := sqlstore.NewCache[string](limit)
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
