package torture

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"
)

// sabotageType names our toxic to toxiproxy, whose own do not tell whether they met anything, and
// block its links when data follows what they cut.
const sabotageType = "sabotage"

func init() { toxics.Register(sabotageType, new(sabotage)) }

// mode is what a sabotage does.
type mode string

const (
	// cut closes the connection in the place of the first data that comes, after the first Bytes of it.
	cut mode = "cut"
	// hole swallows everything; the connections in it are closed when it ends.
	hole mode = "hole"
	// slow holds every chunk back for Delay.
	slow mode = "slow"
)

// sabotage is one fault of a link. toxiproxy makes it from JSON, so its meter is found by the ID.
type sabotage struct {
	ID    int64         `json:"id"`
	Mode  mode          `json:"mode"`
	Bytes int           `json:"bytes"`
	Delay time.Duration `json:"delay"`
}

// Pipe implements toxics.Toxic.
func (s *sabotage) Pipe(stub *toxics.ToxicStub) {
	met := meters.get(s.ID)
	for {
		select {
		case <-stub.Interrupt:
			return
		case c := <-stub.Input:
			if c == nil {
				stub.Close()
				return
			}
			met.Add(1)
			if s.meet(stub, c) {
				return
			}
		}
	}
}

// meet does to a chunk what the mode says, and reports whether the toxic is over for its connection.
func (s *sabotage) meet(stub *toxics.ToxicStub, c *stream.StreamChunk) (over bool) {
	switch s.Mode {
	case cut:
		if n := min(s.Bytes, len(c.Data)); n > 0 {
			stub.Output <- &stream.StreamChunk{Data: c.Data[:n], Timestamp: c.Timestamp}
		}
		stub.Close()
		for range stub.Input { // whoever still sends must not block the link
		}
		return true
	case slow:
		timer := time.NewTimer(s.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-stub.Interrupt:
			over = true
		}
		stub.Output <- c
	}
	return over
}

// Cleanup implements toxics.CleanupToxic: what a hole swallowed is missing in the stream.
func (s *sabotage) Cleanup(stub *toxics.ToxicStub) {
	if s.Mode == hole {
		stub.Close()
	}
}

// meters count what each sabotage met.
var meters = counters{byID: map[int64]*atomic.Int64{}}

type counters struct {
	mu   sync.Mutex
	last int64
	byID map[int64]*atomic.Int64
}

// add gives the sabotage its id and counter.
func (c *counters) add(s *sabotage) *atomic.Int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	s.ID = c.last
	n := new(atomic.Int64)
	c.byID[s.ID] = n
	return n
}

// get returns the counter; a connection that comes too late gets one that nobody reads.
func (c *counters) get(id int64) *atomic.Int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := c.byID[id]; ok {
		return n
	}
	return new(atomic.Int64)
}

func (c *counters) remove(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.byID, id)
}
