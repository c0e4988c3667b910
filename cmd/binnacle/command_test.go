package main_test

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// runBinnacle runs a command to its end and returns what it said and its exit code.
func runBinnacle(t *testing.T, args ...string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(binary, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("run %v: %v", args, err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

func TestServeTellsAllFaultsAtOnce(t *testing.T) {
	out, code := runBinnacle(t, "serve", "--listen", "0.0.0.0:8480", "--resolve", "nonsense", "--trust-cert", "/no/such/file", "--idle", "1m", "--idle-warning", "2m",
		"--frame-ancestors", "https://call.example/path", "--allow-origin", "call.example", "--api-origin", "https://*.bank.example", "--api-origin", "https://ok.example",
		"--trusted-proxy", "10.0.0.0/99", "--trusted-proxy", "10.0.0.1,0.0.0.0/0", "--tls-cert", "a.pem", "--log-level", "loud")
	if code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	for _, flag := range []string{"--public-url", "--resolve", "--trust-cert", "--idle", "--frame-ancestors", "--allow-origin", "--api-origin", "--trusted-proxy", "--tls-cert", "--log-level"} {
		if !strings.Contains(out, flag+":") {
			t.Errorf("nothing is said of %s:\n%s", flag, out)
		}
	}
}

func TestEachWrongProxyIsNamed(t *testing.T) {
	out, code := runBinnacle(t, "serve", "--trusted-proxy", "proxy.bank.example,10.0.0.1,10.1.0.0/16,fd00::1,::/0,fe80::1%eth0,::ffff:10.0.0.0/104")
	if code != 2 || strings.Count(out, "--trusted-proxy:") != 4 {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	for _, wrong := range []string{`"proxy.bank.example"`, `"::/0" is everybody`, `"fe80::1%eth0"`, `"::ffff:10.0.0.0/104"`} {
		if !strings.Contains(out, wrong) {
			t.Errorf("%s is not named:\n%s", wrong, out)
		}
	}
}

func TestAPublicAddressMustBeHTTPS(t *testing.T) {
	out, code := runBinnacle(t, "serve", "--public-url", "http://cobrowse.bank.example")
	if code != 2 || !strings.Contains(out, "must be https") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestHelpAndUnknownCommands(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{nil, 2, "usage:"},
		{[]string{"help"}, 0, "binnacle verify"},
		{[]string{"serve", "-h"}, 0, "-public-url"},
		{[]string{"sail"}, 2, `no command "sail"`},
		{[]string{"serve", "extra"}, 2, "no arguments"},
		{[]string{"check"}, 2, "needs one address"},
		{[]string{"verify"}, 2, "needs one archive"},
		{[]string{"verify", t.TempDir()}, 2, "holds no archive"},
		{[]string{"version"}, 0, "binnacle"},
	} {
		out, code := runBinnacle(t, c.args...)
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("binnacle %v ended with %d, want %d and %q:\n%s", c.args, code, c.code, c.says, out)
		}
	}
}

func TestCheckSaysWhyAnAddressWouldNotCoBrowse(t *testing.T) {
	for address, code := range map[string]string{"http://bank.example/": "not_https", "https://no-such-host.invalid/": "unreachable", "https://127.0.0.1/": "unreachable", "bank": "bad_address"} {
		out, exit := runBinnacle(t, "check", address)
		if exit != 1 || !strings.Contains(out, code) {
			t.Errorf("check %s ended with %d, want 1 and %s:\n%s", address, exit, code, out)
		}
	}
}
