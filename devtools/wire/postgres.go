// Package wire listens to what an instance says to Postgres and Redis: it
// counts statements, commands and round trips, and executes recorded statements
// again, so that their bare cost can be measured. Both protocols are spoken
// without TLS and without passwords, as private servers of a benchmark do.
package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// Statement is one Execute of the Postgres protocol (version 3), with all that
// is needed to execute it again.
type Statement struct {
	SQL           string
	OIDs          []uint32
	Params        [][]byte
	ParamFormats  []int16
	ResultFormats []int16
	Simple        bool   // sent as text, without parameters
	Tag           string // what the server answered, "UPDATE 1"
}

// Trip is what one connection sent before it waited for an answer.
type Trip []*Statement

// Recorder sits between an instance and Postgres, passes everything on and
// remembers the statements in the order of their arrival.
type Recorder struct {
	mu    sync.Mutex
	trips []Trip
}

// Take returns what was recorded since the last call.
func (r *Recorder) Take() []Trip {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.trips
	r.trips = nil
	return t
}

func (r *Recorder) add(t Trip) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trips = append(r.trips, t)
}

// connection is the state of one connection: statements by name, portals, and
// the executions whose answer is awaited.
type connection struct {
	prepared map[string]Statement
	portals  map[string]Statement
	current  Trip
	mu       sync.Mutex
	awaited  []*Statement
}

// Serve passes a client's connection on to the server.
func (r *Recorder) Serve(client, server net.Conn) error {
	c := &connection{prepared: map[string]Statement{}, portals: map[string]Statement{}}
	answers := make(chan error, 1)
	go func() {
		answers <- c.answers(bufio.NewReader(server), client)
		_ = client.Close() // ends the other direction
	}()
	err := r.requests(c, bufio.NewReader(client), server)
	_ = server.Close() // ends answers
	return errors.Join(clean(err), clean(<-answers))
}

// clean drops the errors by which a connection ends.
func clean(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// requests reads the client's messages. The first one has no type byte.
func (r *Recorder) requests(c *connection, from *bufio.Reader, to io.Writer) error {
	start, err := body(from)
	if err != nil {
		return err
	}
	if _, err := to.Write(frame(0, start)); err != nil {
		return err
	}
	for {
		kind, payload, err := message(from)
		if err != nil {
			return err
		}
		if t := c.request(kind, payload); t != nil {
			r.add(t)
		}
		if _, err := to.Write(frame(kind, payload)); err != nil {
			return err
		}
	}
}

// request takes note of a message; it returns the trip that it ends, if any.
func (c *connection) request(kind byte, payload []byte) Trip {
	f := fields{payload}
	switch kind {
	case 'P':
		name, s := f.text(), Statement{SQL: f.text()}
		for range f.int16() {
			s.OIDs = append(s.OIDs, uint32(f.int32()))
		}
		c.prepared[name] = s
	case 'B':
		portal := f.text()
		c.portals[portal] = f.bind(c.prepared[f.text()])
	case 'E':
		s := c.portals[f.text()]
		c.expect(&s)
	case 'Q':
		c.expect(&Statement{SQL: f.text(), Simple: true})
		return c.endTrip()
	case 'S':
		return c.endTrip()
	}
	return nil
}

func (c *connection) expect(s *Statement) {
	c.current = append(c.current, s)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.awaited = append(c.awaited, s)
}

// endTrip returns a trip even when it executed nothing (a statement prepared).
func (c *connection) endTrip() Trip {
	t := c.current
	c.current = nil
	if t == nil {
		t = Trip{}
	}
	return t
}

// answers passes the server's messages on and notes how each execution ended.
func (c *connection) answers(from *bufio.Reader, to io.Writer) error {
	for {
		kind, payload, err := message(from)
		if err != nil {
			return err
		}
		switch kind {
		case 'C':
			f := fields{payload}
			c.answered(f.text())
		case 'E', 'I', 's':
			c.answered(string(kind))
		}
		if _, err := to.Write(frame(kind, payload)); err != nil {
			return err
		}
	}
}

func (c *connection) answered(tag string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.awaited) > 0 {
		c.awaited[0].Tag = tag
		c.awaited = c.awaited[1:]
	}
}

// message reads a message with its type byte.
func message(r *bufio.Reader) (byte, []byte, error) {
	kind, err := r.ReadByte()
	if err != nil {
		return 0, nil, err
	}
	payload, err := body(r)
	return kind, payload, err
}

// body reads a length, which counts itself, and what follows.
func body(r *bufio.Reader) ([]byte, error) {
	const longest = 64 << 20
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n < 4 || n > longest {
		return nil, fmt.Errorf("wire: message of %d bytes", n)
	}
	payload := make([]byte, n-4)
	_, err := io.ReadFull(r, payload)
	return payload, err
}

func frame(kind byte, payload []byte) []byte {
	out := make([]byte, 0, len(payload)+5)
	if kind != 0 {
		out = append(out, kind)
	}
	out = binary.BigEndian.AppendUint32(out, uint32(len(payload)+4))
	return append(out, payload...)
}

// fields reads the parts of a message; a short message reads as zeros, which
// the server itself will refuse.
type fields struct{ rest []byte }

func (f *fields) next(n int) []byte {
	n = max(0, min(n, len(f.rest)))
	part := f.rest[:n]
	f.rest = f.rest[n:]
	return part
}

func (f *fields) text() string {
	for i, b := range f.rest {
		if b == 0 {
			s := string(f.rest[:i])
			f.rest = f.rest[i+1:]
			return s
		}
	}
	return string(f.next(len(f.rest)))
}

func (f *fields) int16() int16 {
	var b [2]byte
	copy(b[:], f.next(2))
	return int16(binary.BigEndian.Uint16(b[:]))
}

func (f *fields) int32() int32 {
	var b [4]byte
	copy(b[:], f.next(4))
	return int32(binary.BigEndian.Uint32(b[:]))
}

func (f *fields) int16s() []int16 {
	var list []int16
	for range f.int16() {
		list = append(list, f.int16())
	}
	return list
}

// bind adds the values of a Bind message, after portal and statement, to s.
func (f *fields) bind(s Statement) Statement {
	s.ParamFormats = f.int16s()
	s.Params = nil
	for range f.int16() {
		var value []byte // nil is NULL
		if n := f.int32(); n >= 0 {
			value = append([]byte{}, f.next(int(n))...)
		}
		s.Params = append(s.Params, value)
	}
	s.ResultFormats = f.int16s()
	return s
}
