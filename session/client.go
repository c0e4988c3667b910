package session

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"binnacle/objects"
)

// Client is a customer as the host product knows them; participants of calls may be one.
type Client struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
}

// clientKey writes every byte of the id that is no letter, digit, "-" or "_" as "=" and two hex digits.
func clientKey(id string) string {
	var b strings.Builder
	for i := range len(id) {
		switch c := id[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02x", c)
		}
	}
	return "clients/" + b.String() + ".json"
}

func errUnknownClient() *Error {
	return &Error{Code: "client_unknown", Status: http.StatusNotFound, Message: "There is no such client.",
		Hint: "Create the client first."}
}

// PutClient creates or replaces a client.
func (h *Hub) PutClient(ctx context.Context, c Client) (Client, error) {
	id, err := cleanName("id", c.ID, MaxClientBytes, false)
	if err != nil {
		return Client{}, err
	}
	if id != c.ID || len(id) > MaxClientBytes {
		return Client{}, &Error{Code: "bad_id", Status: http.StatusUnprocessableEntity,
			Message: fmt.Sprintf("The id has space around it or is longer than %d bytes.", MaxClientBytes)}
	}
	if c.Name, err = cleanName("name", c.Name, MaxNameRunes, false); err != nil {
		return Client{}, err
	}
	if c.Email, err = cleanName("email", c.Email, MaxEmailBytes, true); err != nil {
		return Client{}, err
	}
	if at := strings.LastIndexByte(c.Email, '@'); c.Email != "" && (at < 1 || at == len(c.Email)-1 || strings.ContainsAny(c.Email, " \t")) {
		return Client{}, &Error{Code: "bad_email", Status: http.StatusUnprocessableEntity, Message: "The e-mail address is not one."}
	}
	body, err := json.Marshal(c)
	if err != nil {
		return Client{}, fmt.Errorf("put client: %w", err)
	}
	for {
		_, err := h.cfg.Store.PutIfAbsent(ctx, clientKey(id), body)
		if err == nil {
			return c, nil
		}
		if !errors.Is(err, objects.ErrExists) {
			return Client{}, fmt.Errorf("put client: %w", err)
		}
		old, etag, err := h.cfg.Store.Get(ctx, clientKey(id))
		if err == nil && string(old) == string(body) {
			return c, nil
		}
		if err == nil {
			_, err = h.cfg.Store.PutIfMatch(ctx, clientKey(id), body, etag)
		}
		switch {
		case err == nil:
			return c, nil
		case ctx.Err() != nil, !errors.Is(err, objects.ErrChanged) && !errors.Is(err, objects.ErrNotFound):
			return Client{}, fmt.Errorf("put client: %w", err)
		}
	}
}

// Client returns a client, or an *Error with code client_unknown.
func (h *Hub) Client(ctx context.Context, id string) (Client, error) {
	if id == "" || len(id) > MaxClientBytes {
		return Client{}, errUnknownClient()
	}
	return h.loadClient(ctx, clientKey(id))
}

func (h *Hub) loadClient(ctx context.Context, key string) (Client, error) {
	body, _, err := h.cfg.Store.Get(ctx, key)
	if errors.Is(err, objects.ErrNotFound) {
		return Client{}, errUnknownClient()
	}
	if err != nil {
		return Client{}, fmt.Errorf("load client: %w", err)
	}
	var c Client
	if err := json.Unmarshal(body, &c); err != nil {
		return Client{}, fmt.Errorf("load client: %w", err)
	}
	return c, nil
}

// Clients returns the clients whose id, name or e-mail address contains query, whatever the case, by name; at most MaxClients.
func (h *Hub) Clients(ctx context.Context, query string) ([]Client, error) {
	query = strings.ToLower(strings.TrimSpace(query))
	found := []Client{}
	for info, err := range h.cfg.Store.List(ctx, "clients/") {
		if err != nil {
			return nil, fmt.Errorf("list clients: %w", err)
		}
		c, err := h.loadClient(ctx, info.Key)
		if err != nil {
			if e := new(Error); errors.As(err, &e) {
				continue // deleted since it was listed
			}
			return nil, err
		}
		if strings.Contains(strings.ToLower(c.ID), query) || strings.Contains(strings.ToLower(c.Name), query) || strings.Contains(strings.ToLower(c.Email), query) {
			found = append(found, c)
		}
		if len(found) == MaxClients {
			break
		}
	}
	slices.SortFunc(found, func(a, b Client) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return found, nil
}
