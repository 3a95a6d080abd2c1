package node

import (
	"net"
	"net/netip"
	"sync"
)

// lanFromOne is how many connections one phone may hold at once; a browser opens six.
const lanFromOne = 24

// doorkeeper is a listener that lets each address hold so many connections, so
// that one device cannot keep all others out. The HTTP server's own limit counts a
// connection down twice when it shuts down while that connection closes.
type doorkeeper struct {
	net.Listener
	most int

	mu   sync.Mutex
	from map[netip.Addr]int
}

func newDoorkeeper(ln net.Listener, most int) *doorkeeper {
	return &doorkeeper{Listener: ln, most: most, from: map[netip.Addr]int{}}
}

// Accept waits for a connection of an address that may still have one. Others are
// closed at once.
func (d *doorkeeper) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		tcp, ok := c.RemoteAddr().(*net.TCPAddr)
		if !ok {
			return c, nil
		}
		ip := tcp.AddrPort().Addr().Unmap()
		if d.enter(ip) {
			return &guest{Conn: c, leave: sync.OnceFunc(func() { d.leave(ip) })}, nil
		}
		_ = c.Close() // it is refused; how it closes does not matter
	}
}

func (d *doorkeeper) enter(ip netip.Addr) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.from[ip] >= d.most {
		return false
	}
	d.from[ip]++
	return true
}

func (d *doorkeeper) leave(ip netip.Addr) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.from[ip]--; d.from[ip] == 0 {
		delete(d.from, ip)
	}
}

// guest is a connection that is counted until it is closed, however often that is.
type guest struct {
	net.Conn
	leave func()
}

func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}
