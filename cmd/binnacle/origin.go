package main

import (
	"net/netip"
	"strings"

	"binnacle/admin"
)

// readOrigins returns the origins of a flag, as browsers send them.
func readOrigins(from list, flag string, f *faults) list {
	var all list
	for _, text := range from {
		origin, err := admin.ReadOrigin(text)
		if err != nil {
			f.add(flag, "%q %v", text, err)
			continue
		}
		all = append(all, origin)
	}
	return all
}

// readProxies returns the networks that --trusted-proxy names.
func readProxies(from list, f *faults) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range from {
		network, err := netip.ParsePrefix(text)
		if addr, errAddr := netip.ParseAddr(text); errAddr == nil && addr.Zone() == "" {
			addr = addr.Unmap()
			network, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		switch {
		case err != nil, network.Addr().Is4In6(): // 10.0.0.0/8 is meant, and must be written so
			f.add("trusted-proxy", "%q is not an address or a network such as 10.0.0.0/8", text)
		case network.Bits() == 0:
			f.add("trusted-proxy", "%q is everybody: anyone could choose the address that limits count", text)
		default:
			all = append(all, network.Masked())
		}
	}
	return all
}

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
