package simulate

import (
	"encoding/binary"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"
)

// chance is a stream of random numbers (splitmix64) that its seed alone decides. It is used by one
// goroutine at a time.
type chance struct{ state uint64 }

func (c *chance) next() uint64 {
	c.state += 0x9e3779b97f4a7c15
	z := c.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// pick is one of 0..n-1.
func (c *chance) pick(n int) int { return int(c.next() % uint64(n)) }

// hit is true so often.
func (c *chance) hit(probability float64) bool { return float64(c.next()>>11)/(1<<53) < probability }

// between is a duration from least on and below most, to the nanosecond: two of them are never equal,
// but for luck of one in many millions.
func (c *chance) between(least, most time.Duration) time.Duration {
	return least + time.Duration(c.next()%uint64(most-least))
}

// weighted is an index into weights.
func (c *chance) weighted(weights ...int) int {
	all := 0
	for _, w := range weights {
		all += w
	}
	n := c.pick(all)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return 0
}

func (c *chance) uuid() string {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], c.next())
	binary.BigEndian.PutUint64(id[8:], c.next())
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id.String()
}

// dice give chance to places by name. What a place gets depends on the seed, its name and how often it
// asked before, and not on what is asked elsewhere: goroutines that happen to run at the same time do
// not change each other's luck. They are safe for concurrent use.
type dice struct {
	seed  uint64
	mu    sync.Mutex
	asked map[string]uint64
}

func newDice(seed uint64) *dice { return &dice{seed: seed, asked: map[string]uint64{}} }

// at is the chance of a place, another one each time.
func (d *dice) at(place string) *chance {
	d.mu.Lock()
	d.asked[place]++
	n := d.asked[place]
	d.mu.Unlock()
	return &chance{d.seed ^ hash(place) ^ n*0xd1342543de82ef95}
}

// hash is FNV-1a, which is the same in every process.
func hash(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}

// bytesOf is a chance as a source of bytes. It is safe for concurrent use.
type bytesOf struct {
	mu sync.Mutex
	chance
}

var _ io.Reader = (*bytesOf)(nil)

func (b *bytesOf) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var word [8]byte
	for i := range p {
		if i%len(word) == 0 {
			binary.LittleEndian.PutUint64(word[:], b.next())
		}
		p[i] = word[i%len(word)]
	}
	return len(p), nil
}
