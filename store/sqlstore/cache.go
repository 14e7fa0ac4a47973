package sqlstore

import (
	"container/list"
	"sync"
)

// Cache keeps the most recently used of things that never change, by id. It holds at most a fixed
// number of them and may be used by many goroutines. Values are shared: nobody writes to them.
type Cache[V any] struct {
	mu     sync.Mutex
	limit  int
	byID   map[string]*list.Element
	recent *list.List // of cached[V], most recent first
}

type cached[V any] struct {
	id    string
	value V
}

// NewCache returns a cache of at most limit values, limit ≥ 1.
func NewCache[V any](limit int) *Cache[V] {
	return &Cache[V]{limit: limit, byID: map[string]*list.Element{}, recent: list.New()}
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

// Put keeps a value; the least recently used one makes room.
func (c *Cache[V]) Put(id string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byID[id]; ok {
		e.Value = cached[V]{id, v}
		c.recent.MoveToFront(e)
		return
	}
	c.byID[id] = c.recent.PushFront(cached[V]{id, v})
	if c.recent.Len() > c.limit {
		oldest := c.recent.Back()
		delete(c.byID, c.recent.Remove(oldest).(cached[V]).id)
	}
}

// Len counts what is kept.
func (c *Cache[V]) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recent.Len()
}
