// Package fakeredis is a Redis server in memory for simulations: the commands and scripts that package
// sessionguard sends, with times to live by the clock of the process, which may be a bubble's. There is
// no network: a connection runs the command itself, and what the network does to it is told by a Fate.
//
// Scripts are run from their source, in the part of Lua that they are written in, so that what is tested
// is the scripts themselves. The server watches what is done to locks and sessions, see Watch.
package fakeredis

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/gomodule/redigo/redis"
)

// Server holds the data. It is safe for concurrent use; like Redis it does one thing at a time.
type Server struct {
	mu      sync.Mutex
	data    map[string]value
	scripts map[string]*script // by SHA-1, as far as they were sent since the last start
	watch   Watch
}

type value struct {
	text    string
	expires time.Time // zero: never
}

// New returns an empty server.
func New(w Watch) *Server {
	return &Server{data: map[string]value{}, scripts: map[string]*script{}, watch: w}
}

// Flush loses all data, as FLUSHALL does; Restart the known scripts too.
func (s *Server) Flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = map[string]value{}
}

// Restart is what a server without persistence is after a crash.
func (s *Server) Restart() {
	s.Flush()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts = map[string]*script{}
}

// Len counts the keys that are there.
func (s *Server) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for key := range s.data {
		if _, ok := s.get(key); ok {
			n++
		}
	}
	return n
}

// do runs one command.
func (s *Server) do(name string, args []string) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch name {
	case "EVAL":
		sc, err := compile(args[0])
		if err != nil {
			return nil, err
		}
		s.scripts[digest(args[0])] = sc
		return s.eval(sc, args[1:])
	case "EVALSHA":
		sc := s.scripts[args[0]]
		if sc == nil {
			return nil, redis.Error("NOSCRIPT No matching script. Please use EVAL.")
		}
		return s.eval(sc, args[1:])
	}
	return s.call(name, args, nil)
}

func digest(source string) string {
	sum := sha1.Sum([]byte(source))
	return hex.EncodeToString(sum[:])
}

// call runs one command, within a script or alone.
func (s *Server) call(name string, args []string, in *running) (any, error) {
	switch {
	case name == "PING":
		return status("PONG"), nil
	case name == "GET" && len(args) == 1:
		v, ok := s.get(args[0])
		if !ok {
			return nil, nil
		}
		return v.text, nil
	case name == "EXISTS" && len(args) == 1:
		_, ok := s.get(args[0])
		return count(ok), nil
	case name == "DEL" && len(args) == 1:
		return s.del(args[0], in), nil
	case name == "PEXPIRE" && len(args) == 2:
		return s.expire(args[0], args[1])
	case name == "SET" && len(args) >= 2:
		return s.set(args, in)
	}
	return nil, redis.Error(fmt.Sprintf("ERR unknown command '%s' with %d arguments", name, len(args)))
}

func count(ok bool) int64 {
	if ok {
		return 1
	}
	return 0
}

// get finds a value that has not expired.
func (s *Server) get(key string) (value, bool) {
	v, ok := s.data[key]
	if ok && !v.expires.IsZero() && !time.Now().Before(v.expires) {
		delete(s.data, key)
		return value{}, false
	}
	return v, ok
}

func (s *Server) del(key string, in *running) int64 {
	v, ok := s.get(key)
	if ok {
		s.watch.deleted(key, v.text, in)
		delete(s.data, key)
	}
	return count(ok)
}

func (s *Server) expire(key, ms string) (any, error) {
	v, ok := s.get(key)
	if !ok {
		return int64(0), nil
	}
	ttl, err := milliseconds(ms)
	if err != nil {
		return nil, err
	}
	v.expires = time.Now().Add(ttl)
	s.data[key] = v
	return int64(1), nil
}

// set is SET key value with the options NX, XX, PX and PXAT.
func (s *Server) set(args []string, in *running) (any, error) {
	key, v := args[0], value{text: args[1]}
	_, exists := s.get(key)
	refused := false
	for options := args[2:]; len(options) > 0; {
		name := strings.ToUpper(options[0])
		options = options[1:]
		switch {
		case name == "NX":
			refused = refused || exists
		case name == "XX":
			refused = refused || !exists
		case (name == "PX" || name == "PXAT") && len(options) > 0:
			d, err := milliseconds(options[0])
			if err != nil {
				return nil, err
			}
			if v.expires = time.Now().Add(d); name == "PXAT" {
				v.expires = time.UnixMilli(d.Milliseconds())
			}
			options = options[1:]
		default:
			return nil, redis.Error("ERR syntax error")
		}
	}
	if refused {
		return nil, nil
	}
	s.watch.written(key, exists, in, s)
	s.data[key] = v
	return status("OK"), nil
}

func milliseconds(text string) (time.Duration, error) {
	var ms int64
	if _, err := fmt.Sscan(text, &ms); err != nil {
		return 0, redis.Error("ERR value is not an integer or out of range")
	}
	return time.Duration(ms) * time.Millisecond, nil
}

// Lose deletes the keys with a prefix, as they are lost when a replica takes over.
func (s *Server) Lose(prefix string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.data {
		if strings.HasPrefix(key, prefix) {
			delete(s.data, key)
		}
	}
}
