package services

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// reserved are the UDP ports that say which TCP ports this program was given.
var reserved struct {
	sync.Mutex
	ports []net.PacketConn
}

// FreePort returns a loopback port of TCP on which nothing listens, and which no other program that asks here gets as
// long as this one runs: a server may be started on it late, or again. The same port of UDP, which nobody uses, is taken
// as the sign of that; the system gives it back when this program ends, however it does. The port lies below the range
// from which Linux and macOS take the ports of outgoing connections, so that a server that was stopped can have its port
// again even under load.
func FreePort() (int, error) {
	const low, high, tries = 20000, 32000, 200
	for range tries {
		port := low + rand.IntN(high-low)
		addr := fmt.Sprintf("127.0.0.1:%d", port)
		sign, err := net.ListenPacket("udp", addr)
		if err != nil {
			continue
		}
		l, err := net.Listen("tcp", addr)
		if err != nil {
			_ = sign.Close() // nothing was sent
			continue
		}
		reserved.Lock()
		defer reserved.Unlock()
		reserved.ports = append(reserved.ports, sign)
		return port, l.Close()
	}
	return 0, fmt.Errorf("services: no free port between %d and %d", low, high)
}
