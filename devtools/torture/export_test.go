package torture

import (
	"io"
	"time"

	"shiken/devtools/cluster"
	"shiken/devtools/history"
	"shiken/exam"
)

// Proxy opens a fault proxy to the address and returns its own, and how to break it: mode is cut, hole
// or slow. heal returns how many chunks met the fault.
func Proxy(upstream string) (addr string, sabotaged func(towards, how string, bytes int, delay time.Duration) (heal func() int64), end func(), err error) {
	l := newLinks()
	addr, err = l.open("tested", upstream)
	return addr, func(towards, how string, bytes int, delay time.Duration) func() int64 {
		d := map[string]direction{"upstream": requests, "downstream": replies}[towards]
		return l.get("tested").sabotage(d, sabotage{Mode: mode(how), Bytes: bytes, Delay: delay})
	}, l.close, err
}

// PanicsIn lists the panics of a log.
func PanicsIn(log io.Reader) ([]string, error) { return panicsIn(log) }

// ReadPage tells what a client reads of a question's page: its data, and for each form its fields.
func ReadPage(text string) (data map[string]string, forms []map[string][]string) {
	p := readPage([]byte(text))
	for _, f := range p.forms {
		forms = append(forms, f.fields)
	}
	return p.data, forms
}

// ReadSeats lists attempts and states of a sitting's page.
func ReadSeats(text string) (seats [][2]string) {
	for _, s := range readSeats([]byte(text)) {
		seats = append(seats, [2]string{s.attempt, s.state})
	}
	return seats
}

// ReadOrder tells what the form of a page that confirms a command of the kind would do.
func ReadOrder(kind exam.Kind, text string) (job string, attempts []string, amount exam.Micros, err error) {
	g, err := givenBy(kind, readPage([]byte(text)).holding("job"))
	return g.job, g.attempts, g.amount, err
}

// IsClosed reports whether a question's page shows an answer that cannot be changed, and which it sends.
func IsClosed(text string) (closed bool, answer string) {
	v := readView("attempt", readPage([]byte(text)))
	return v.checked, v.answer
}

// Leaks lists what a reply tells a candidate who has checked the question of one page.
func Leaks(candidate int, checked, path, body string) []string {
	c := newCandidate(candidate, cluster.Account{}, nil)
	c.checks(readPlace(checked))
	return c.leaks(&request{method: "GET", path: path}, &reply{body: []byte(body)})
}

// Orphans lists the ids of what an outbox sends again that has kept some commands of which some were judged, while a
// page is open.
func Orphans(kept, judged []history.Op, open string) (ids []string) {
	b := newOutbox()
	for _, o := range kept {
		b.keep(request{}, o, nil)
	}
	for i := range judged {
		b.settle(&judged[i])
	}
	b.hold(open, 1)
	for _, e := range b.orphans() {
		ids = append(ids, e.op.Command)
	}
	return ids
}
