package accounts

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Client is where a request comes from, as far as sign-ins care.
type Client struct {
	// Prefix is the network that failed sign-ins are counted for: the /24 of an IPv4 address, the
	// /64 of an IPv6 address, or "unknown".
	Prefix string
	// Local reports that the request was made on this machine, and through no unknown proxy.
	Local bool
	// Address and Agent are kept with a sign-in, for its user and for admins: the client's address as
	// text, empty when it is unknown, and its User-Agent as CleanAgent leaves it.
	Address, Agent string
}

const unknownPrefix = "unknown"

// maxHops bounds how many addresses of X-Forwarded-For are looked at, from the right.
const maxHops = 16

// ClientOf finds where a request comes from. X-Forwarded-For counts only as far as trusted proxies
// wrote it: its right-most address that is not itself a trusted proxy is the client's. What stands
// left of that the client may have made up.
func ClientOf(r *http.Request, trusted []netip.Prefix) Client {
	c := Client{Prefix: unknownPrefix, Agent: CleanAgent(r.UserAgent())}
	if addr, certain, ok := addressOf(r, trusted); ok {
		c.Prefix, c.Address = prefixOf(addr), addr.String()
		c.Local = certain && addr.IsLoopback()
	}
	return c
}

// addressOf finds the address of a request's client. It is not certain when something stands between
// that nobody here knows.
func addressOf(r *http.Request, trusted []netip.Prefix) (addr netip.Addr, certain, ok bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false, false
	}
	addr = plain(peer.Addr())
	if !isTrusted(addr, trusted) {
		return addr, !isForwarded(r.Header), true
	}
	for _, hop := range forwardedFor(r.Header) {
		next, ok := parseHop(hop)
		if !ok {
			return addr, false, true
		}
		addr = next
		if !isTrusted(addr, trusted) {
			break
		}
	}
	return addr, true, true
}

// isForwarded reports whether some proxy says that it stands between.
func isForwarded(h http.Header) bool {
	return h.Get("X-Forwarded-For") != "" || h.Get("Forwarded") != "" || h.Get("X-Real-Ip") != "" || h.Get("Via") != ""
}

// forwardedFor lists the addresses of all X-Forwarded-For lines from the right, at most maxHops.
func forwardedFor(h http.Header) []string {
	rest := strings.Join(h.Values("X-Forwarded-For"), ",")
	var hops []string
	for len(hops) < maxHops && rest != "" {
		comma := strings.LastIndexByte(rest, ',')
		hops = append(hops, strings.TrimSpace(rest[comma+1:]))
		rest = rest[:max(comma, 0)]
	}
	return hops
}

// parseHop reads an address with or without a port.
func parseHop(hop string) (netip.Addr, bool) {
	if withPort, err := netip.ParseAddrPort(hop); err == nil {
		return plain(withPort.Addr()), true
	}
	addr, err := netip.ParseAddr(strings.Trim(hop, "[]"))
	return plain(addr), err == nil
}

// plain strips what makes two spellings of one address: IPv4 within IPv6, and zones.
func plain(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }

func isTrusted(addr netip.Addr, trusted []netip.Prefix) bool {
	return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

func prefixOf(addr netip.Addr) string {
	bits := 64
	if addr.Is4() {
		bits = 24
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return unknownPrefix
	}
	return prefix.String()
}
