package torture

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// direction of the bytes on a link: from who asks to who answers, or back.
type direction int

const (
	requests direction = iota
	replies
)

// links are the fault proxies: one between each instance and each of its servers, and one before the
// balancer.
type links struct {
	mu     sync.Mutex
	byName map[string]*link
}

func newLinks() *links { return &links{byName: map[string]*link{}} }

// open starts a proxy to the address and returns its own.
func (l *links) open(name, upstream string) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("torture: proxy %s: %w", name, err)
	}
	k := &link{name: name, upstream: upstream, listener: listener, open: map[*connection]bool{}}
	k.tasks.Go(k.accept)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.byName[name] = k
	return listener.Addr().String(), nil
}

// get returns a proxy that was opened.
func (l *links) get(name string) *link {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.byName[name]
}

func (l *links) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range l.byName {
		k.close()
	}
}

// link is one fault proxy: it passes on what comes, either way, but for what its faults meet.
type link struct {
	name, upstream string
	listener       net.Listener
	tasks          sync.WaitGroup
	faults         [2]atomic.Pointer[[]*breach] // by direction, nil = none; never changed in place

	mu   sync.Mutex
	open map[*connection]bool // nil: the link is closed
}

// accept takes connections until the link is closed.
func (k *link) accept() {
	for {
		client, err := k.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // no descriptor is free: those who wait are taken later
			time.Sleep(acceptPause)
			continue
		}
		k.tasks.Go(func() { k.serve(client) })
	}
}

const (
	acceptPause = 10 * time.Millisecond
	dialTimeout = 5 * time.Second
)

// serve passes on what one connection says, until one of its ends is closed. Where nobody listens it is
// closed.
func (k *link) serve(client net.Conn) {
	server, err := net.DialTimeout("tcp", k.upstream, dialTimeout)
	if err != nil {
		_ = client.Close() // nothing was said
		return
	}
	c := &connection{client: client, server: server}
	if !k.add(c) {
		c.end()
		return
	}
	defer k.remove(c)
	k.tasks.Go(func() { k.relay(c, replies, server, client) })
	k.relay(c, requests, client, server)
}

// add reports whether the link is open.
func (k *link) add(c *connection) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.open == nil {
		return false
	}
	k.open[c] = true
	return true
}

func (k *link) remove(c *connection) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.open, c)
}

// close ends everything, and returns when it has ended.
func (k *link) close() {
	_ = k.listener.Close() // it was open
	k.mu.Lock()
	for c := range k.open {
		c.end()
	}
	k.open = nil
	k.mu.Unlock()
	k.tasks.Wait()
}

// sabotage breaks what goes in one direction. heal mends it and returns how many chunks of data met the
// fault: without one nothing was broken.
func (k *link) sabotage(d direction, how sabotage) (heal func() int64) {
	b := &breach{sabotage: how, healed: make(chan struct{})}
	k.change(d, func(list []*breach) []*breach { return append(list, b) })
	return func() int64 {
		k.change(d, func(list []*breach) []*breach {
			return slices.DeleteFunc(list, func(other *breach) bool { return other == b })
		})
		return b.end()
	}
}

// change replaces the faults of a direction.
func (k *link) change(d direction, how func([]*breach) []*breach) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []*breach
	if now := k.faults[d].Load(); now != nil {
		list = slices.Clone(*now)
	}
	if list = how(list); len(list) == 0 {
		k.faults[d].Store(nil)
		return
	}
	k.faults[d].Store(&list)
}
