package session

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"binnacle/objects"
)

// A credential is "v1." payload "." HMAC-SHA256 of all before it, both base64url. It says who may use a call's sockets.
const credentialPrefix = "v1."

type credentialPayload struct {
	Call        string `json:"c"`
	Participant string `json:"p"`
	Expires     int64  `json:"e"` // Unix seconds
}

const keyObject = "keys/credentials.json"

type credentialKey struct {
	Key []byte `json:"key"`
}

func errCredential() *Error {
	return &Error{Code: "credential", Status: http.StatusUnauthorized, Message: "You are not signed in to this call any more.",
		Hint: "Ask for a new link to the call."}
}

// loadKey returns the key that all servers of one store sign with; the first makes it.
func loadKey(ctx context.Context, s objects.Store) ([]byte, error) {
	fresh := make([]byte, 32)
	rand.Read(fresh)
	body, err := json.Marshal(credentialKey{Key: fresh})
	if err != nil {
		return nil, fmt.Errorf("make the credentials' key: %w", err)
	}
	switch _, err := s.PutIfAbsent(ctx, keyObject, body); {
	case err == nil:
		return fresh, nil
	case !errors.Is(err, objects.ErrExists):
		return nil, fmt.Errorf("make the credentials' key: %w", err)
	}
	body, _, err = s.Get(ctx, keyObject)
	if err != nil {
		return nil, fmt.Errorf("load the credentials' key: %w", err)
	}
	var k credentialKey
	if err := json.Unmarshal(body, &k); err != nil {
		return nil, errors.New("load the credentials' key: object " + keyObject + " is damaged")
	}
	if len(k.Key) < 32 {
		return nil, errors.New("load the credentials' key: object " + keyObject + " holds a key that is too short")
	}
	return k.Key, nil
}

func (h *Hub) mac(signed string) []byte {
	m := hmac.New(sha256.New, h.key)
	m.Write([]byte(signed))
	return m.Sum(nil)
}

func (h *Hub) sign(call, participant string) (credential string, expires time.Time, err error) {
	expires = time.Now().Add(credentialLife).UTC().Truncate(time.Second)
	payload, err := json.Marshal(credentialPayload{Call: call, Participant: participant, Expires: expires.Unix()})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign credential: %w", err)
	}
	signed := credentialPrefix + base64.RawURLEncoding.EncodeToString(payload)
	return signed + "." + base64.RawURLEncoding.EncodeToString(h.mac(signed)), expires, nil
}

// Authenticate tells who holds the credential. It returns an *Error with code credential when it is not ours, has expired,
// or when the participant was removed from the call. It blocks while the call is looked up.
func (h *Hub) Authenticate(credential string) (callID, participantID string, err error) {
	ctx, cancel := context.WithTimeout(h.ctx, storeTime)
	defer cancel()
	c, p, err := h.authenticate(ctx, credential)
	return c.ID, p.ID, err
}

func (h *Hub) authenticate(ctx context.Context, credential string) (Call, Participant, error) {
	p, ok := h.open(credential)
	if !ok {
		return Call{}, Participant{}, errCredential()
	}
	c, err := h.Call(ctx, p.Call)
	if e := new(Error); errors.As(err, &e) {
		return Call{}, Participant{}, errCredential()
	}
	if err != nil {
		return Call{}, Participant{}, err
	}
	who, ok := c.Participant(p.Participant)
	if !ok {
		return Call{}, Participant{}, errCredential()
	}
	return c, who, nil
}

// open checks a credential by itself: signature and time.
func (h *Hub) open(credential string) (credentialPayload, bool) {
	var p credentialPayload
	end := strings.LastIndexByte(credential, '.')
	if end < len(credentialPrefix) || !strings.HasPrefix(credential, credentialPrefix) || len(credential) > 1024 {
		return p, false
	}
	mac, err := base64.RawURLEncoding.DecodeString(credential[end+1:])
	if err != nil || !hmac.Equal(mac, h.mac(credential[:end])) {
		return p, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(credential[len(credentialPrefix):end])
	if err != nil || json.Unmarshal(payload, &p) != nil || time.Now().Unix() >= p.Expires {
		return p, false
	}
	return p, true
}
