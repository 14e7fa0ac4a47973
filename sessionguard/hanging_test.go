package sessionguard_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shiken/sessionguard"
)

// silentServer accepts connections and never answers.
func silentServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
		}
	}()
	return listener.Addr().String()
}

func TestRedisThatNeverAnswersHoldsNoRequest(t *testing.T) {
	addr := silentServer(t)
	for _, c := range []struct{ name, url, method string }{
		{"change", "redis://" + addr, "POST"},
		{"read", "redis://" + addr, "GET"},
		{"log-in to Redis", "redis://user:password@" + addr + "/1", "POST"},
		{"handshake", "rediss://" + addr, "GET"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			shape := &redisShape{t: t, url: c.url}
			s := newSite(t, shape.instance())
			token := unknownToken()
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					within(t, longest, "the request", func() {
						s.do(c.method, "/get?key=k", token).want(t, 503, "down")
					})
				})
			}
			all.Wait()
			if s.guard.Stage() != sessionguard.StageOpen {
				t.Errorf("stage %d, want the circuit open", s.guard.Stage())
			}
			within(t, 100*time.Millisecond, "a request with the circuit open", func() {
				s.do(c.method, "/get?key=k", token).want(t, 503, "down")
			})
			s.do("POST", "/get?key=k", "").want(t, 200, "")
			if err := s.guard.Probe(t.Context()); !errors.Is(err, sessionguard.ErrUnavailable) {
				t.Errorf("probe: %v, want ErrUnavailable", err)
			}
		})
	}
}

// More requests than connections wait for one, and must not wait for ever.
func TestFrozenRedisHoldsNoneOfManyRequests(t *testing.T) {
	server, shape := breakableRedis(t)
	s := newSite(t, shape.instance())
	tokens := make([]string, 300)
	for i := range tokens {
		tokens[i] = s.signIn()
	}
	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i, token := range tokens {
		all.Go(func() {
			method := []string{"GET", "POST"}[i%2]
			within(t, longest, method, func() { s.do(method, "/get?key=k", token).want(t, 503, "down") })
		})
	}
	all.Wait()
}

// forgetfulProxy leads to a Redis, and answers one command on each connection.
func forgetfulProxy(t *testing.T, target string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go forwardOnce(client, target)
		}
	}()
	return listener.Addr().String()
}

// forwardOnce copies one reply, and then only swallows what comes.
func forwardOnce(client net.Conn, target string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		reply := make([]byte, 4096)
		n, err := server.Read(reply)
		if err == nil {
			_, _ = client.Write(reply[:n])
		}
	}()
	_, _ = io.Copy(server, client)
}

// Every call stumbles, none fails, so the circuit stays closed; the calls of
// one request must not add up.
func TestRedisThatStumblesAtEveryCallHoldsNoRequest(t *testing.T) {
	shape := openRedis(t)
	shape.options.Timeout = 0 // the product's
	direct := newSite(t, shape.instance())
	token := direct.signIn()
	direct.do("POST", "/put?key=k&value=v", token).want(t, 202, "put done")
	target, _, _ := strings.Cut(strings.TrimPrefix(shape.url, "redis://"), "/")
	shape.url = "redis://" + forgetfulProxy(t, target)
	s := newSite(t, shape.instance())
	s.signIns = direct.signIns
	s.do("GET", "/get?key=k", token).want(t, 200, "v")
	within(t, longest, "the request", func() {
		s.do("POST", "/put?key=k&value=w", token).want(t, 202, "put done")
	})
}

// slowServer answers every command with "no such key" after a while.
func slowServer(t *testing.T, latency time.Duration) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answerLate(conn, latency)
		}
	}()
	return listener.Addr().String()
}

func answerLate(conn net.Conn, latency time.Duration) {
	defer func() { _ = conn.Close() }()
	command := make([]byte, 4096)
	for {
		if _, err := conn.Read(command); err != nil {
			return
		}
		<-time.After(latency)
		if _, err := io.WriteString(conn, "$-1\r\n"); err != nil {
			return
		}
	}
}

// A Redis that is slow, but answers in time, has done nothing wrong when an
// instance has more requests than connections: who gets none is busy, and the
// circuit stays closed for the others.
func TestMoreRequestsThanConnectionsAreBusyAndNotDown(t *testing.T) {
	t.Parallel()
	const slower = 4                                // than it might be, all of it: a busy machine holds replies up
	const latency = slower * 150 * time.Millisecond // below a third of what a reply may take
	shape := &redisShape{t: t, url: "redis://" + slowServer(t, latency)}
	shape.options.Timeout = slower * 500 * time.Millisecond
	s := newSite(t, shape.instance())
	var served, busy, other atomic.Int32
	var all sync.WaitGroup
	for range 800 { // 64 connections serve fewer than 600 in the time that a request has
		all.Go(func() {
			within(t, slower*longest, "the request", func() {
				switch answer := s.do("GET", "/get?key=k", unknownToken()); {
				case answer.StatusCode == 200:
					served.Add(1)
				case answer.StatusCode == 503 && answer.body == "busy":
					busy.Add(1)
				default:
					other.Add(1)
				}
			})
		})
	}
	all.Wait()
	if served.Load() == 0 || busy.Load() == 0 || other.Load() > 0 {
		t.Errorf("%d served, %d busy, %d other; want some, some, none", served.Load(), busy.Load(), other.Load())
	}
	if stage := s.guard.Stage(); stage != sessionguard.StageNormal {
		t.Errorf("stage %d, want normal", stage)
	}
	s.do("GET", "/get?key=k", unknownToken()).want(t, 200, "")
}
