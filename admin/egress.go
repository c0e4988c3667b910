package admin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
)

// errInternalAddress says that a name leads to an address that a check must not reach.
var errInternalAddress = errors.New("address is internal")

// dial connects to address ("host:port"). An entry of resolve is used as it is; any other name is resolved, and each
// address of it is looked at in the moment of the connection, so that a name cannot change its mind in between.
func (c *Checker) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if fixed, ok := c.cfg.Resolve[address]; ok {
		return (&net.Dialer{}).DialContext(ctx, network, fixed)
	}
	dialer := &net.Dialer{Control: func(_, resolved string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(resolved)
		if err != nil {
			return fmt.Errorf("read resolved address: %w", err)
		}
		if !mayReach(at.Addr(), c.cfg.AllowPrivate) {
			return errInternalAddress
		}
		return nil
	}}
	return dialer.DialContext(ctx, network, address)
}

// mayReach says whether a check may connect to the address. Networks of the operator's own need private; what serves a
// cloud machine its secrets, and what is no unicast address, is out of reach always.
func mayReach(addr netip.Addr, private bool) bool {
	addr = addr.Unmap().WithZone("")
	if nat64 := netip.MustParsePrefix("64:ff9b::/96"); nat64.Contains(addr) { // RFC 6052: the last 32 bits are an IPv4 address
		wide := addr.As16()
		addr = netip.AddrFrom4([4]byte(wide[12:]))
	}
	for _, never := range []string{
		"0.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/128", "fe80::/10", "fec0::/10", "ff00::/8", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "fd00:ec2::254/128", "fd20:ce::254/128",
	} {
		if netip.MustParsePrefix(never).Contains(addr) {
			return false
		}
	}
	if private {
		return addr.IsValid()
	}
	for _, internal := range []string{
		"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15",
		"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "::1/128", "::/96", "fc00::/7", "2001:db8::/32", "3fff::/20",
	} {
		if netip.MustParsePrefix(internal).Contains(addr) {
			return false
		}
	}
	return addr.IsValid()
}
