package admin_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"binnacle/objects"
)

func TestRepeatedRequestMakesNothingNew(t *testing.T) {
	w := newWorld(t)
	call := map[string]any{"title": "Advice", "participants": []map[string]any{{"name": "Ada Adviser"}}}
	key := with("Idempotency-Key", "order-66")
	var first, second, other struct{ ID string }
	w.ask(t, "POST", "/api/v1/calls", call, key).into(t, 201, &first)
	w.ask(t, "POST", "/api/v1/calls", call, key).into(t, 201, &second)
	w.ask(t, "POST", "/api/v1/calls", call, with("Idempotency-Key", "order-67")).into(t, 201, &other)
	if first.ID != second.ID || other.ID == first.ID {
		t.Errorf("calls = %s, %s, %s: want the first two to be one", first.ID, second.ID, other.ID)
	}
	w.ask(t, "POST", "/api/v1/calls", map[string]any{"title": "Other"}, key).fails(t, 422, "idempotency_reused")
	w.ask(t, "POST", "/api/v1/calls", call, with("Idempotency-Key", strings.Repeat("x", 201))).fails(t, 422, "invalid")

	var p1, p2 struct{ ID string }
	path := "/api/v1/calls/" + first.ID + "/participants"
	w.ask(t, "POST", path, map[string]any{"name": "Gus"}, key).into(t, 201, &p1)
	w.ask(t, "POST", path, map[string]any{"name": "Gus"}, key).into(t, 201, &p2)
	if p1.ID != p2.ID {
		t.Errorf("participants = %s, %s: want one", p1.ID, p2.ID)
	}
}

func TestRequestThatFailedMayBeRepeated(t *testing.T) {
	w := newWorld(t)
	key := with("Idempotency-Key", "again")
	body := map[string]any{"participants": []map[string]any{{"name": "Carla", "client": "C-9"}}}
	w.ask(t, "POST", "/api/v1/calls", body, key).fails(t, 404, "client_unknown")
	w.ask(t, "PUT", "/api/v1/clients/C-9", map[string]any{"name": "Carla"}).into(t, 200, nil)
	w.ask(t, "POST", "/api/v1/calls", body, key).into(t, 201, nil)
}

func TestSameRequestAtTheSameTimeMakesOneThing(t *testing.T) {
	w := newWorld(t)
	var mu sync.Mutex
	ids, late := map[string]bool{}, 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got := w.ask(t, "POST", "/api/v1/calls", map[string]any{"title": "Advice"}, with("Idempotency-Key", "race"))
			mu.Lock()
			defer mu.Unlock()
			var made struct{ ID string }
			switch {
			case got.status == 201 && json.Unmarshal(got.body, &made) == nil:
				ids[made.ID] = true
			case got.status == 409:
				late++
			default:
				t.Errorf("status %d: %s", got.status, got.body)
			}
		})
	}
	wg.Wait()
	if len(ids) != 1 {
		t.Errorf("%d calls (%d were told to wait), want 1", len(ids), late)
	}
}

func TestOldRequestsAreForgotten(t *testing.T) {
	w := newWorld(t)
	store := objects.Sub(w.store, "requests")
	old := "once/" + time.Now().UTC().AddDate(0, 0, -5).Format(time.DateOnly) + "/x.json"
	if _, err := store.PutIfAbsent(t.Context(), old, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	w.ask(t, "POST", "/api/v1/calls", map[string]any{}, with("Idempotency-Key", "new")).into(t, 201, nil)
	if _, _, err := store.Get(t.Context(), old); err == nil {
		t.Error("a note of five days ago is still there")
	}
}
