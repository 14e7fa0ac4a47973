package handlers

import (
	"bytes"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Bounds of streams of events.
const (
	// beat is the time between two signs of life of a stream, before each of which it is judged again
	// whether the client may have it.
	beat = 15 * time.Second
	// streamWrite is how long a client may take for what it is sent; slower ones are dropped, and come
	// again.
	streamWrite = 10 * time.Second
	// comeAgain is after how many milliseconds a browser comes again to a stream that ended.
	comeAgain = "2000"
)

// event is a server-sent event (WHATWG HTML §9.2).
type event struct{ name, data string }

// write appends the event as it goes over the line. A data field ends with its line.
func (e event) write(b *bytes.Buffer) {
	b.WriteString("event: " + e.name + "\n")
	for line := range strings.SplitSeq(strings.ReplaceAll(e.data, "\r", ""), "\n") {
		b.WriteString("data: " + line + "\n")
	}
	b.WriteString("\n")
}

// wantsStream: the request asks for events, as a browser's EventSource does.
func wantsStream(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// streamGate bounds the streams of one kind that an instance holds open.
type streamGate struct {
	most int64
	open atomic.Int64
}

func (g *streamGate) enter() bool {
	if g.open.Add(1) > g.most {
		g.open.Add(-1)
		return false
	}
	return true
}

func (g *streamGate) leave() { g.open.Add(-1) }

// streaming says what a stream of events sends.
type streaming[T any] struct {
	gate *streamGate
	feed <-chan T         // closed: the stream ends
	show func(T) []event  // what of the feed this client is sent
	may  func() (ok bool) // asked again before each sign of life
}

// stream answers with server-sent events until the client goes, may no longer have them, is too slow,
// or the instance drains. An error is returned only before anything was answered.
func stream[T any](s *Server, w http.ResponseWriter, r *http.Request, t streaming[T]) error {
	if s.draining.is() || !t.gate.enter() {
		return errBusy
	}
	defer t.gate.leave()
	unhurried(r)
	line := &streamLine{to: w, control: http.NewResponseController(w)}
	line.begin()
	of(r).answered = time.Now()
	signs := time.NewTicker(s.beat)
	defer signs.Stop()
	for line.sound() {
		select {
		case <-r.Context().Done():
			return nil
		case <-s.draining.begun:
			return nil
		case <-signs.C:
			if !t.may() {
				return nil
			}
			line.comment()
		case news, more := <-t.feed:
			if !more {
				return nil
			}
			line.send(t.show(news))
		}
	}
	return nil
}

// streamLine writes events to one client, each time with a new deadline. After the first error it
// writes nothing more.
type streamLine struct {
	to      http.ResponseWriter
	control *http.ResponseController
	broken  error
}

func (l *streamLine) sound() bool { return l.broken == nil }

// begin sends the header. The deadlines of ordinary requests end here: the server's would end the
// stream.
func (l *streamLine) begin() {
	h := l.to.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	l.broken = l.control.SetReadDeadline(time.Time{})
	l.write("retry: " + comeAgain + "\n\n")
}

func (l *streamLine) comment() { l.write(":\n\n") }

func (l *streamLine) send(events []event) {
	if len(events) == 0 {
		return
	}
	var b bytes.Buffer
	for _, e := range events {
		e.write(&b)
	}
	l.write(b.String())
}

func (l *streamLine) write(text string) {
	if l.broken != nil {
		return
	}
	if l.broken = l.control.SetWriteDeadline(time.Now().Add(streamWrite)); l.broken != nil {
		return
	}
	if _, l.broken = l.to.Write([]byte(text)); l.broken == nil {
		l.broken = l.control.Flush()
	}
}
