package renderer_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"binnacle/renderer"
)

func TestAckedWaitsForAllEventsBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := renderer.NewOutbox()
		must(t, renderer.Acked(o, t.Context()))
		for range 3 {
			o.Put(renderer.Blocked{})
		}
		first, second, third := <-o.Events(), <-o.Events(), <-o.Events()
		done := make(chan error, 1)
		go func() { done <- renderer.Acked(o, t.Context()) }()
		for _, ev := range []renderer.Event{third, first, first, first} {
			ev.Ack(nil)
			synctest.Wait()
			select {
			case err := <-done:
				t.Fatalf("acked = %v before the second event was acknowledged", err)
			default:
			}
		}
		o.Put(renderer.Blocked{}) // comes later, and is not waited for
		second.Ack(nil)
		must(t, <-done)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := renderer.Acked(o, ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("acked = %v", err)
		}
	})
}

func TestAckWithErrorFailsEverythingFromThenOn(t *testing.T) {
	full := errors.New("disk full")
	o := renderer.NewOutbox()
	o.Put(renderer.Blocked{})
	o.Put(renderer.Blocked{})
	first, second := <-o.Events(), <-o.Events()
	second.Ack(full)
	if err := renderer.Acked(o, t.Context()); !errors.Is(err, full) {
		t.Errorf("acked = %v", err)
	}
	first.Ack(nil)
	if err := renderer.Acked(o, t.Context()); !errors.Is(err, full) {
		t.Errorf("acked = %v", err)
	}
}

func TestEventsAreBoundedAndGoneHasRoom(t *testing.T) {
	o := renderer.NewOutbox()
	for range renderer.MaxEvents {
		if !o.Put(renderer.Blocked{}) {
			t.Fatal("no room below the limit")
		}
	}
	if o.Put(renderer.Blocked{}) {
		t.Error("room above the limit")
	}
	o.Close(renderer.Gone{Reason: "full"})
	o.Close(renderer.Gone{Reason: "twice"})
	n := 0
	var last renderer.EventBody
	for ev := range o.Events() {
		n++
		last = ev.Body
	}
	if last != (renderer.Gone{Reason: "full"}) || n != renderer.MaxEvents+1 {
		t.Errorf("last of %d is %+v", n, last)
	}
}
