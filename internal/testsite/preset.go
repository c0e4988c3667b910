package testsite

// PresetSpec is an address of the site that an admin would offer for co-browsing, or, with a name that begins with
// "Will not start: ", one that must be refused, each for a reason of its own.
type PresetSpec struct {
	Name    string
	Address string
	Scope   string // exact, prefix, origin
}

// Presets returns the addresses for a demonstration, the working ones first.
func (s *Site) Presets() []PresetSpec {
	return []PresetSpec{
		{"Open a current account", s.URL("/open-account"), "prefix"},
		{"Mortgage enquiry (form in a frame)", s.URL("/mortgage"), "prefix"},
		{"Identity check (form of a partner)", s.URL("/identity"), "prefix"},
		{"Card limit (asks with alerts)", s.URL("/card-limit"), "prefix"},
		{"Will not start: no script tag", s.URL("/no-tag"), "prefix"},
		{"Will not start: plain http address", "http://" + BankHost + "/open-account", "prefix"},
		{"Will not start: unknown host", "https://no-such-host.test/", "origin"},
		{"Will not start: redirects elsewhere", s.URL("/moved"), "prefix"},
		{"Will not start: old version of the script tag", s.URL("/old-tag"), "prefix"},
		{"Will not start: certificate of somebody else", "https://" + StrangerHost + "/", "origin"},
	}
}
