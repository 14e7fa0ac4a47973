package wire

import (
	"errors"
	"net"
	"sync"
)

// Proxy accepts connections on a free loopback port and hands each, with a
// connection to the target, to serve.
type Proxy struct {
	listener net.Listener
	wg       sync.WaitGroup
	mu       sync.Mutex
	open     map[net.Conn]bool
	err      error
}

// StartProxy passes connections on to the target, host:port. serve must pass
// on both directions and return when both have ended.
func StartProxy(target string, serve func(client, server net.Conn) error) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: l, open: map[net.Conn]bool{}}
	p.wg.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			p.wg.Go(func() { p.pass(client, target, serve) })
		}
	})
	return p, nil
}

func (p *Proxy) pass(client net.Conn, target string, serve func(client, server net.Conn) error) {
	server, err := net.Dial("tcp", target)
	if err == nil {
		p.track(client, true)
		err = serve(client, server)
		p.track(client, false)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = errors.Join(p.err, err)
}

func (p *Proxy) track(conn net.Conn, open bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if open {
		p.open[conn] = true
		return
	}
	delete(p.open, conn)
	_ = conn.Close()
}

// Addr is host:port of the proxy.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Close ends all connections and returns what went wrong on any of them.
func (p *Proxy) Close() error {
	err := p.listener.Close()
	p.mu.Lock()
	for conn := range p.open {
		_ = conn.Close()
	}
	p.mu.Unlock()
	p.wg.Wait()
	return errors.Join(err, p.err)
}
