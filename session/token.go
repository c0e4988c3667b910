package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"binnacle/objects"
)

// joinToken is what the store keeps of a token, under the token's SHA-256: whoever reads the store cannot join with it.
type joinToken struct {
	Call        string    `json:"call"`
	Participant string    `json:"participant"`
	Expires     time.Time `json:"expires"`
}

// Joined says who joined where.
type Joined struct {
	CallID      string
	Title       string // of the call
	Participant Participant
	Expires     time.Time // of the credential
}

func tokenKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "join/" + hex.EncodeToString(sum[:])
}

// JoinToken returns a token that lets one person join the call as that participant, once, until it expires; ttl zero means
// ten minutes. It is random (256 bits) and not kept.
func (h *Hub) JoinToken(ctx context.Context, callID, participantID string, ttl time.Duration) (token string, expires time.Time, err error) {
	if ttl <= 0 {
		ttl = tokenLife
	}
	c, err := h.Call(ctx, callID)
	if err != nil {
		return "", time.Time{}, err
	}
	if _, ok := c.Participant(participantID); !ok {
		return "", time.Time{}, errUnknownParticipant()
	}
	random := make([]byte, 32)
	rand.Read(random)
	token = base64.RawURLEncoding.EncodeToString(random)
	expires = time.Now().Add(min(ttl, maxTokenLife)).UTC().Truncate(time.Second)
	body, err := json.Marshal(joinToken{Call: callID, Participant: participantID, Expires: expires})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("make join token: %w", err)
	}
	if _, err := h.cfg.Store.PutIfAbsent(ctx, tokenKey(token)+".json", body); err != nil {
		return "", time.Time{}, fmt.Errorf("make join token: %w", err)
	}
	return token, expires, nil
}

// Join exchanges a token for a credential. It returns an *Error with code token_invalid, token_used or token_expired. Of
// several exchanges at once, on any server, one succeeds.
func (h *Hub) Join(ctx context.Context, token string) (credential string, j Joined, err error) {
	invalid := &Error{Code: "token_invalid", Status: http.StatusUnauthorized, Message: "This link is not valid.", Hint: "Ask for a new link to the call."}
	if len(token) < 20 || len(token) > 100 {
		return "", Joined{}, invalid
	}
	key := tokenKey(token)
	body, _, err := h.cfg.Store.Get(ctx, key+".json")
	if errors.Is(err, objects.ErrNotFound) {
		return "", Joined{}, invalid
	}
	if err != nil {
		return "", Joined{}, fmt.Errorf("exchange join token: %w", err)
	}
	var t joinToken
	if err := json.Unmarshal(body, &t); err != nil {
		return "", Joined{}, fmt.Errorf("exchange join token: %w", err)
	}
	if !time.Now().Before(t.Expires) {
		return "", Joined{}, &Error{Code: "token_expired", Status: http.StatusGone, Message: "This link has expired.", Hint: "Ask for a new link to the call."}
	}
	c, err := h.Call(ctx, t.Call)
	if e := new(Error); errors.As(err, &e) {
		return "", Joined{}, invalid
	}
	if err != nil {
		return "", Joined{}, err
	}
	p, ok := c.Participant(t.Participant)
	if !ok {
		return "", Joined{}, invalid
	}
	switch _, err := h.cfg.Store.PutIfAbsent(ctx, key+".used", []byte("{}")); {
	case errors.Is(err, objects.ErrExists):
		return "", Joined{}, &Error{Code: "token_used", Status: http.StatusGone, Message: "This link was used already.", Hint: "Ask for a new link to the call."}
	case err != nil:
		return "", Joined{}, fmt.Errorf("exchange join token: %w", err)
	}
	credential, expires, err := h.sign(t.Call, t.Participant)
	if err != nil {
		return "", Joined{}, err
	}
	return credential, Joined{CallID: c.ID, Title: c.Title, Participant: p, Expires: expires}, nil
}
