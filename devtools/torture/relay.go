package torture

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// connection is one through a link.
type connection struct{ client, server net.Conn }

// end closes it at both ends.
func (c *connection) end() {
	_ = c.client.Close() // whoever is still there learns by it
	_ = c.server.Close() // likewise
}

// chunkSize bounds what is passed on at once: a page is sent in one or two.
const chunkSize = 16 << 10

var chunks = sync.Pool{New: func() any { return new([chunkSize]byte) }}

// relay passes on what comes from one end, until an end is closed or a fault cuts the connection.
func (k *link) relay(c *connection, d direction, from, to net.Conn) {
	defer c.end()
	buffer := chunks.Get().(*[chunkSize]byte)
	defer chunks.Put(buffer)
	for {
		n, err := from.Read(buffer[:])
		data, alive := buffer[:n], true
		if faults := k.faults[d].Load(); faults != nil && n > 0 {
			for _, b := range *faults {
				if data, alive = b.meet(c, data); !alive || len(data) == 0 {
					break
				}
			}
		}
		if len(data) > 0 {
			if _, err := to.Write(data); err != nil {
				return
			}
		}
		if err != nil || !alive {
			return
		}
	}
}

// mode is what a sabotage does.
type mode string

const (
	// cut closes the connection in the place of the first data that comes, after the first Bytes of it.
	cut mode = "cut"
	// hole swallows everything; the connections that lost something in it are closed when it ends.
	hole mode = "hole"
	// slow holds every chunk back for Delay.
	slow mode = "slow"
)

// sabotage is how a link is broken.
type sabotage struct {
	Mode  mode
	Bytes int
	Delay time.Duration
}

// breach is a sabotage under way.
type breach struct {
	sabotage
	met    atomic.Int64  // chunks
	healed chan struct{} // closed at its end
	mu     sync.Mutex
	lost   map[*connection]bool // that have lost something in a hole
}

// meet does to a chunk what the mode says: what is left of it is passed on, and without alive the
// connection is closed then.
func (b *breach) meet(c *connection, data []byte) (left []byte, alive bool) {
	b.met.Add(1)
	switch b.Mode {
	case cut:
		return data[:min(b.Bytes, len(data))], false
	case hole:
		return nil, b.swallow(c)
	case slow:
		timer := time.NewTimer(b.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-b.healed:
		}
	}
	return data, true
}

// swallow notes that a chunk of the connection is missing, which it does not outlive the hole with.
func (b *breach) swallow(c *connection) (alive bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.healed:
		return false
	default:
	}
	if b.lost == nil {
		b.lost = map[*connection]bool{}
	}
	b.lost[c] = true
	return true
}

// end is the end of the fault. It returns how many chunks met it.
func (b *breach) end() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.healed)
	for c := range b.lost {
		c.end()
	}
	return b.met.Load()
}
