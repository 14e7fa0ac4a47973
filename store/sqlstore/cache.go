package sqlstore

import (
	"container/list"
	"sync"
)

// Cache keeps the most recently used of things that never change, by id. Together they weigh at most a
// limit, but the last one is kept whatever it weighs. It may be used by many goroutines. Values are
// shared: nobody writes to them.
type Cache[V any] struct {
	limit  int
	weigh  func(V) int
	mu     sync.Mutex
	weight int
	byID   map[string]*list.Element
	recent *list.List // of cached[V], most recent first
}

type cached[V any] struct {
	id    string
	value V
}

// NewCache returns a cache of values that weigh at most limit, limit ≥ 1.
func NewCache[V any](limit int, weigh func(V) int) *Cache[V] {
	return &Cache[V]{limit: limit, weigh: weigh, byID: map[string]*list.Element{}, recent: list.New()}
}

// Get finds a value.
func (c *Cache[V]) Get(id string) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byID[id]
	if !ok {
		var none V
		return none, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(cached[V]).value, true
}

// Put keeps a value; the least recently used ones make room.
func (c *Cache[V]) Put(id string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byID[id]; ok {
		c.drop(e)
	}
	c.byID[id] = c.recent.PushFront(cached[V]{id, v})
	c.weight += c.weigh(v)
	for c.weight > c.limit && c.recent.Len() > 1 {
		c.drop(c.recent.Back())
	}
}

func (c *Cache[V]) drop(e *list.Element) {
	gone := c.recent.Remove(e).(cached[V])
	delete(c.byID, gone.id)
	c.weight -= c.weigh(gone.value)
}

// Len counts what is kept.
func (c *Cache[V]) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recent.Len()
}
