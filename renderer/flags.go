package renderer

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// disabledFeatures of Chrome, and why:
//   - IsolateSandboxedIframes: else a sandboxed srcdoc frame runs page script before the agent (measured 2026-11-22).
//   - BackForwardCache, Prerender2, SpeculationRulesPrefetchFuture, LoadingPredictorPrefetch, PreloadingHeuristicsMLModel: each shows or
//     fetches documents that did not pass the gate as a navigation.
//   - the rest talks to Google or to the local network, or shows things that no frame has.
const disabledFeatures = "IsolateSandboxedIframes,BackForwardCache,Prerender2,SpeculationRulesPrefetchFuture,LoadingPredictorPrefetch," +
	"PreloadingHeuristicsMLModel,Translate,OptimizationHints,OptimizationGuideModelDownloading,MediaRouter,DialMediaRouteProvider," +
	"AutofillServerCommunication,CertificateTransparencyComponentUpdater,InterestFeedContentSuggestions,GlobalMediaControls," +
	"PrivateNetworkAccessPermissionPrompt,FedCm"

// flags is our own list: chromedp's defaults turn popup blocking and IPC flood protection off. Those stay on here, and so does the
// sandbox.
func (r *Renderer) flags(o *Options) []string {
	f := []string{
		"--headless",
		"--remote-debugging-pipe",
		"--site-per-process", // off by default in headless-shell; iframes of other sites get processes of their own
		"--disable-features=" + disabledFeatures,
		"--disable-back-forward-cache",
		"--window-size=" + strconv.Itoa(o.Width) + "," + strconv.Itoa(o.Height),
		"--force-device-scale-factor=" + strconv.FormatFloat(o.Scale, 'g', -1, 64), // an emulated scale does not sharpen (measured)
		"--lang=" + o.Language,
		"--accept-lang=" + acceptLanguage(o.Language),
		"--no-first-run", "--no-default-browser-check", "--disable-default-apps", "--disable-extensions",
		"--disable-component-extensions-with-background-pages", "--disable-search-engine-choice-screen",
		"--disable-gpu", "--mute-audio", "--password-store=basic",
		"--deny-permission-prompts", "--disable-notifications",
		"--disable-crashpad-for-testing", "--disable-breakpad", "--disable-crash-reporter",
		// Nothing goes out that the page did not ask for.
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-domain-reliability",
		"--disable-client-side-phishing-detection", "--metrics-recording-only", "--no-pings", "--disable-field-trial-config",
		"--dns-prefetch-disable", "--disable-quic", "--no-proxy-server",
		"--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--webrtc-ip-handling-policy=disable_non_proxied_udp",
		// The page is always in front of people.
		"--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
	}
	if r.cfg.InsecureNoSandbox {
		f = append(f, "--no-sandbox")
	}
	if smallSharedMemory() {
		f = append(f, "--disable-dev-shm-usage")
	}
	if rules := resolverRules(r.cfg.Resolve); rules != "" {
		f = append(f, "--host-resolver-rules="+rules)
	}
	if pins := certPins(r.cfg.TrustCerts); pins != "" {
		f = append(f, "--ignore-certificate-errors-spki-list="+pins)
	}
	return f
}

// acceptLanguage is "de-CH,de" for "de-CH"; Chrome adds the weights.
func acceptLanguage(tag string) string {
	if base, _, ok := strings.Cut(tag, "-"); ok {
		return tag + "," + base
	}
	return tag
}

// resolverRules are Chrome's --host-resolver-rules, in a fixed order.
func resolverRules(resolve map[string]string) string {
	var rules []string
	for from, to := range resolve {
		rules = append(rules, fmt.Sprintf("MAP %s %s", from, to))
	}
	slices.Sort(rules)
	return strings.Join(rules, ",")
}

// certPins are the base64 SHA-256 hashes of the certificates' public keys.
func certPins(certs []*x509.Certificate) string {
	var pins []string
	for _, c := range certs {
		sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
		pins = append(pins, base64.StdEncoding.EncodeToString(sum[:]))
	}
	slices.Sort(pins)
	return strings.Join(slices.Compact(pins), ",")
}

// smallSharedMemory: containers often give /dev/shm 64 MB, and Chrome crashes when it is full.
func smallSharedMemory() bool {
	const enough = 512 << 20
	var st syscall.Statfs_t
	return syscall.Statfs("/dev/shm", &st) != nil || uint64(st.Bsize)*st.Blocks < enough
}
