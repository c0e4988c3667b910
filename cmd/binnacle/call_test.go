package main_test

import (
	"net/http"
	"net/url"
	"strings"
)

// person is a participant to be: with a client id, they are a client of the bank.
type person struct{ name, client string }

// calls is a call of the host product, with its participants' ids by name.
type testCall struct {
	s   *server
	id  string
	ids map[string]string
}

// newCall makes clients, a call and its participants through the API, as a host product does.
func (s *server) newCall(title string, people ...person) *testCall {
	s.t.Helper()
	type participant struct {
		ID       string `json:"id,omitempty"`
		Name     string `json:"name"`
		Client   string `json:"client,omitempty"`
		Admitted bool   `json:"admitted"`
	}
	var body struct {
		Title        string        `json:"title"`
		Participants []participant `json:"participants"`
	}
	body.Title = title
	for _, p := range people {
		if p.client != "" {
			if status, raw := s.api("PUT", "/clients/"+p.client, map[string]string{"name": p.name, "email": p.client + "@example.com"}, nil); status >= 300 {
				s.t.Fatalf("put client: %d %s", status, raw)
			}
		}
		body.Participants = append(body.Participants, participant{Name: p.name, Client: p.client, Admitted: true})
	}
	var made struct {
		ID           string        `json:"id"`
		Participants []participant `json:"participants"`
	}
	if status, raw := s.api("POST", "/calls", body, &made); status != http.StatusCreated {
		s.t.Fatalf("create call: %d %s", status, raw)
	}
	c := &testCall{s: s, id: made.ID, ids: map[string]string{}}
	for _, p := range made.Participants {
		c.ids[p.Name] = p.ID
	}
	return c
}

// link makes a join link, which works once.
func (c *testCall) link(name string) string {
	c.s.t.Helper()
	var made struct{ URL string }
	if status, raw := c.s.api("POST", "/calls/"+c.id+"/participants/"+c.ids[name]+"/join-link", nil, &made); status >= 300 {
		c.s.t.Fatalf("join link of %s: %d %s", name, status, raw)
	}
	return made.URL
}

// origin is the server's address without a path.
func (s *server) origin() string {
	u, err := url.Parse(s.API)
	if err != nil {
		s.t.Fatal(err)
	}
	return u.Scheme + "://" + u.Host
}

// preset is what the API says of one.
type preset struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Address string  `json:"address"`
	Scope   string  `json:"scope"`
	Width   int     `json:"width"`
	Height  int     `json:"height"`
	Scale   float64 `json:"scale"`
}

func (s *server) presets() []preset {
	s.t.Helper()
	var list struct{ Items []preset }
	if status, raw := s.api("GET", "/presets", nil, &list); status != http.StatusOK {
		s.t.Fatalf("list presets: %d %s", status, raw)
	}
	return list.Items
}

func (s *server) preset(name string) preset {
	s.t.Helper()
	for _, p := range s.presets() {
		if strings.HasPrefix(p.Name, name) {
			return p
		}
	}
	s.t.Fatalf("there is no preset %q", name)
	return preset{}
}

// tallPreset gives the preset a viewport in which the whole page fits, so that nothing has to be scrolled to.
func (s *server) tallPreset(name string) string {
	s.t.Helper()
	p := s.preset(name)
	body := map[string]any{"name": p.Name, "address": p.Address, "scope": p.Scope, "width": 1280, "height": 2000, "scale": 1}
	if status, raw := s.api("PUT", "/presets/"+p.ID, body, nil); status != http.StatusOK {
		s.t.Fatalf("change preset: %d %s", status, raw)
	}
	return p.Name
}

// turn is the current turn, as the server told it.
func (e *eyes) turn() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state.Turn
}
