package stream

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

// Config is what all sockets of a server have in common. Zero times mean the defaults of limits.go.
type Config struct {
	// Origins are the pages that may open a socket: exact values of the Origin header, scheme://host[:port] in lower case.
	// With none, nobody may.
	Origins []string
	// Logger gets what nobody else is told: messages of ours that could not be sent. Nil: nothing is logged.
	Logger *slog.Logger

	HelloTimeout, PingInterval, PongTimeout, WriteTimeout, CloseTimeout time.Duration
}

// Validate tells everything that is wrong with the configuration.
func (c Config) Validate() error {
	var faults []error
	for _, origin := range c.Origins {
		u, err := url.Parse(origin)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || origin != u.Scheme+"://"+strings.ToLower(u.Host) {
			faults = append(faults, fmt.Errorf("origin %q: must be https://host or https://host:port, in lower case, with nothing after it", origin))
		}
	}
	for _, d := range []time.Duration{c.HelloTimeout, c.PingInterval, c.PongTimeout, c.WriteTimeout, c.CloseTimeout} {
		if d < 0 {
			faults = append(faults, fmt.Errorf("time-out %s: is negative", d))
		}
	}
	if full := c.withDefaults(); full.PongTimeout <= full.PingInterval {
		faults = append(faults, fmt.Errorf("pong time-out %s: must be longer than the ping interval %s", full.PongTimeout, full.PingInterval))
	}
	return errors.Join(faults...)
}

func (c Config) withDefaults() Config {
	for _, d := range []struct {
		value *time.Duration
		zero  time.Duration
	}{
		{&c.HelloTimeout, HelloTimeout}, {&c.PingInterval, PingInterval}, {&c.PongTimeout, PongTimeout},
		{&c.WriteTimeout, WriteTimeout}, {&c.CloseTimeout, CloseTimeout},
	} {
		if *d.value == 0 {
			*d.value = d.zero
		}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}
