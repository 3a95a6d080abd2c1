package node

import (
	"net"
	"testing"
)

// TestTheDoorkeeper: an address that holds its share is refused until one of its connections is closed, once.
func TestTheDoorkeeper(t *testing.T) {
	inner, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := newDoorkeeper(inner, 2)
	defer d.Close()
	accepted := make(chan net.Conn)
	go func() {
		defer close(accepted)
		for {
			c, err := d.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	dial := func(from string) net.Conn {
		t.Helper()
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		c, err := dialer.Dial("tcp4", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	dial("127.0.0.1")
	first := <-accepted
	dial("127.0.0.1")
	<-accepted
	if _, err := dial("127.0.0.1").Read(make([]byte, 1)); err == nil {
		t.Error("a third connection is let in")
	}
	dial("127.0.0.2")
	if c := <-accepted; c.RemoteAddr().(*net.TCPAddr).IP.String() != "127.0.0.2" {
		t.Error("another address is not let in")
	}
	for range 3 {
		_ = first.Close() // more than once: counted once
	}
	dial("127.0.0.1")
	<-accepted
	if _, err := dial("127.0.0.1").Read(make([]byte, 1)); err == nil {
		t.Error("a connection that was closed three times made room for three")
	}
}
