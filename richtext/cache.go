package richtext

import (
	"container/list"
	"crypto/sha256"
	"sync"

	"shiken/exam"
)

// maxCacheBytes bounds the rendered texts that are remembered: some 50,000 usual ones. entryBytes
// is what an entry takes beside its text.
const (
	maxCacheBytes = 32 << 20
	entryBytes    = 256
)

// key is the hash of how and what was rendered.
type key [sha256.Size]byte

// cache remembers rendered texts, and forgets those that were longest not asked for.
type cache struct {
	mu      sync.Mutex
	most    int // bytes
	bytes   int
	entries map[key]*list.Element
	recent  *list.List // of *entry, the latest used in front
}

type entry struct {
	key  key
	text string
}

func newCache(most int) *cache {
	return &cache{most: most, entries: map[key]*list.Element{}, recent: list.New()}
}

// get returns what was rendered before, or renders. Two callers may render the same text at once,
// which costs less than one waiting for the other.
func (c *cache) get(mode byte, t exam.Text, render func(exam.Text) string) string {
	k := keyOf(mode, t)
	if text, ok := c.find(k); ok {
		return text
	}
	text := render(t)
	c.put(k, text)
	return text
}

func keyOf(mode byte, t exam.Text) (k key) {
	h := sha256.New()
	h.Write([]byte{mode})
	h.Write([]byte(t.Format))
	h.Write([]byte{0})
	h.Write([]byte(t.Source))
	h.Sum(k[:0])
	return k
}

func (c *cache) find(k key) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.entries[k]
	if !ok {
		return "", false
	}
	c.recent.MoveToFront(element)
	return element.Value.(*entry).text, true
}

func (c *cache) put(k key, text string) {
	size := len(text) + entryBytes
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.entries[k]; known || size > c.most/8 {
		return
	}
	c.entries[k] = c.recent.PushFront(&entry{key: k, text: text})
	for c.bytes += size; c.bytes > c.most; {
		oldest := c.recent.Remove(c.recent.Back()).(*entry)
		delete(c.entries, oldest.key)
		c.bytes -= len(oldest.text) + entryBytes
	}
}
