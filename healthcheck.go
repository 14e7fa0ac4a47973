package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// askTimeout is longer than the probes of readiness may take.
const askTimeout = 4 * time.Second

// askReady asks the instance that listens on addr for /readyz.
func askReady(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(addr)+"/readyz", nil)
	if err != nil {
		return err
	}
	// Past any proxy of the environment: this asks the machine itself.
	answer, err := new(http.Transport).RoundTrip(request)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		err = errors.New(answer.Status)
	}
	return errors.Join(err, answer.Body.Close())
}

// reachable is an address of this machine for one to listen on, which may stand for every interface.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "", err == nil && ip.IsUnspecified() && ip.Is4():
		host = "127.0.0.1"
	case err == nil && ip.IsUnspecified():
		host = "::1"
	}
	return net.JoinHostPort(host, port)
}
