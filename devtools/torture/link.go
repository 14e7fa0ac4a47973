package torture

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// direction of the bytes on a link: from who asks to who answers, or back.
type direction string

const (
	requests direction = "upstream"
	replies  direction = "downstream"
)

// links are the fault proxies: one between each instance and each of its servers, and one before the
// balancer.
type links struct {
	server *toxiproxy.ApiServer
	mu     sync.Mutex
	byName map[string]*link
}

func newLinks() *links {
	metrics := toxiproxy.NewMetricsContainer(prometheus.NewRegistry())
	return &links{server: toxiproxy.NewServer(metrics, zerolog.Nop()), byName: map[string]*link{}}
}

// open starts a proxy to the address and returns its own.
func (l *links) open(name, upstream string) (string, error) {
	p := toxiproxy.NewProxy(l.server, name, "127.0.0.1:0", upstream)
	if err := p.Start(); err != nil {
		return "", fmt.Errorf("torture: proxy %s: %w", name, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.byName[name] = &link{proxy: p}
	return p.Listen, nil
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
		k.proxy.Stop()
	}
}

// link is one fault proxy.
type link struct{ proxy *toxiproxy.Proxy }

// sabotage breaks what goes in one direction. heal mends it and returns how many chunks of data met the
// fault: without one nothing was broken.
func (k *link) sabotage(d direction, s sabotage) (heal func() (int64, error), err error) {
	met := meters.add(&s)
	name := fmt.Sprint(sabotageType, s.ID) // another fault may have the link too
	text, err := json.Marshal(map[string]any{"name": name, "type": sabotageType, "stream": d, "attributes": s})
	if err != nil {
		return nil, err
	}
	if _, err := k.proxy.Toxics.AddToxicJson(bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("torture: sabotage %s: %w", k.proxy.Name, err)
	}
	return func() (int64, error) {
		defer meters.remove(s.ID)
		if err := k.proxy.Toxics.RemoveToxic(context.Background(), name); err != nil {
			return 0, fmt.Errorf("torture: heal %s: %w", k.proxy.Name, err)
		}
		return met.Load(), nil
	}, nil
}
