package torture

import (
	"io"
	"time"
)

// Proxy opens a fault proxy to the address and returns its own, and how to break it: mode is cut, hole
// or slow. heal returns how many chunks met the fault.
func Proxy(upstream string) (addr string, sabotaged func(towards, how string, bytes int, delay time.Duration) (heal func() (int64, error), err error), end func(), err error) {
	l := newLinks()
	addr, err = l.open("tested", upstream)
	return addr, func(towards, how string, bytes int, delay time.Duration) (func() (int64, error), error) {
		return l.get("tested").sabotage(direction(towards), sabotage{Mode: mode(how), Bytes: bytes, Delay: delay})
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
