package stream_test

import (
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"binnacle/stream"
)

var update = flag.Bool("update", false, "write the golden files")

// clientExamples are the messages of testdata/client, by file name. docs/PROTOCOL.md shows the same.
func clientExamples() map[string]stream.ClientMessage {
	return map[string]stream.ClientMessage{
		"hello":         stream.Hello{V: 1, Credential: "k1.eyJjIjoiMDFrYTdxIn0.Qm9va3M"},
		"input-mouse":   stream.Input{Turn: 3, Kind: "mouse", Type: "down", X: 412.5, Y: 96, Button: "left", Buttons: 1, Clicks: 1},
		"input-move":    stream.Input{Turn: 3, Kind: "mouse", Type: "move", X: 410, Y: 95.5},
		"input-wheel":   stream.Input{Turn: 3, Kind: "wheel", X: 412, Y: 300, DY: 120, Mods: 8},
		"input-key":     stream.Input{Turn: 3, Kind: "key", Type: "down", Key: "a", Code: "KeyA"},
		"input-text":    stream.Input{Turn: 3, Kind: "text", Text: "DE02 1203 0000 0000 2020 51"},
		"input-compose": stream.Input{Turn: 3, Kind: "compose", Text: "にほ", SelStart: 2, SelEnd: 2},
		"input-touch":   stream.Input{Turn: 3, Kind: "touch", Type: "start", Touches: []stream.Touch{{ID: 0, X: 120, Y: 340.25}}},
		"take_over":     stream.TakeOver{},
		"stop":          stream.Stop{},
		"leave":         stream.Leave{},
		"mark":          stream.Mark{ID: "7", Points: [][2]float64{{100, 840.5}, {104, 842}}, Done: true, Fade: true},
		"clear_marks":   stream.ClearMarks{},
		"pointer":       stream.Pointer{X: 310, Y: 1240.5, On: true},
		"answer":        stream.Answer{Dialog: 2, Accept: true, Text: "Savings"},
		"go":            stream.Go{Where: "back"},
		"ack":           stream.Ack{Seq: 118},
	}
}

// serverExamples are the messages of testdata/server, by file name.
func serverExamples() map[string]stream.ServerMessage {
	anna := stream.Participant{ID: "p1", Name: "Anna Berg", Colour: "#1a5fb4", Connected: true}
	omar := stream.Participant{ID: "p2", Name: "Omar Haddad", Colour: "#9c2f6b", Connected: true}
	annaSteers, omarLooks := anna, omar
	annaSteers.Role, omarLooks.Role = "navigator", "observer"
	const session = "01ka7q8m3v5x9r2t4w6y8z0b1c"
	return map[string]stream.ServerMessage{
		"call": stream.Call{ID: "c-2291", Title: "Opening an account", You: "p2", Admitted: true, Participants: []stream.Participant{anna, omar},
			Session: &stream.SessionRef{ID: session, Path: "/s/" + session + "/", Phase: "live", Preset: "Account application", StartedBy: "p1"}},
		"call-waiting": stream.Call{ID: "c-2291", You: "p3"},
		"state": stream.State{Session: session, Epoch: 1, Turn: 3, Phase: "live", You: "p2", Navigator: "p1", Participants: []stream.Participant{annaSteers, omarLooks},
			Preset: "Account application", Address: "https://bank.example/apply/address", Title: "Your address", Width: 1280, Height: 800,
			Strokes: []stream.Stroke{{ID: "p2.6", Participant: "p2", Colour: "#9c2f6b", Points: [][2]float64{{90, 410}, {220, 412}}, Done: true}},
			Dialog:  &stream.Dialog{ID: 2, Type: "prompt", Message: "Name this account", Default: "Savings", Origin: "https://bank.example"}, EndsAt: 1795372800000},
		"notice":        stream.Notice{Code: "navigator", Text: "Anna Berg is now the navigator", Participant: "p1", Level: "info"},
		"cursor":        stream.Cursor{X: 412.5, Y: 96, On: true},
		"laser":         stream.Laser{Participant: "p2", X: 310, Y: 1240.5, On: true},
		"stroke":        stream.Stroke{ID: "p2.7", Participant: "p2", Colour: "#9c2f6b", Points: [][2]float64{{100, 840.5}, {104, 842}}, Done: true, Fade: true},
		"marks_cleared": stream.MarksCleared{Participant: "p1"},
		"snapshot": stream.Snapshot{Epoch: 1, Body: []byte(`{"seq":41,"whole":true,"address":"https://bank.example/apply/address","title":"Your address","lang":"en",` +
			`"root":{"role":"RootWebArea","name":"Your address","children":[{"role":"heading","name":"Your address","level":1,"box":[160,120,420,40]},` +
			`{"role":"textbox","name":"Postcode","value":"SW1A 1AA","required":true,"invalid":true,"focused":true,"description":"Enter a postcode","box":[160,220,200,36]},` +
			`{"role":"textbox","name":"PIN","secret":true,"box":[160,280,200,36]},{"role":"checkbox","name":"I live here","checked":"true","box":[160,340,20,20]},` +
			`{"role":"button","name":"Continue","disabled":true,"box":[160,400,120,40]}]}}`)},
		"error": stream.Failure{Code: "no_tag", Message: "The page does not carry the co-browsing script tag.", Hint: "Add the script tag to the page's head or body; the settings page shows the line to copy."},
		"ended": stream.Ended{Code: "stopped", By: "p2", Text: "Omar Haddad stopped co-browsing"},
	}
}

func pictureExample() *stream.Picture {
	return &stream.Picture{Format: stream.PicturePNG, Epoch: 1, Seq: 118, Width: 1280, Height: 800, Scale: 1, ScrollX: 0, ScrollY: 640.5, Taken: 1795366800123.25,
		Data: []byte("\x89PNG\r\n\x1a\n")}
}

// golden compares got with the file, or writes it.
func golden(t *testing.T, got []byte, path ...string) {
	t.Helper()
	file := filepath.Join(append([]string{"testdata"}, path...)...)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(got)+"\n" {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}

func TestClientMessagesLookAsDocumented(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for name, m := range clientExamples() {
		seen[reflect.TypeOf(m)] = true
		b, err := stream.EncodeClient(m)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, b, "client", name+".json")
		if back, err := stream.DecodeClient(b); err != nil || !reflect.DeepEqual(back, m) {
			t.Errorf("%s came back as %+v, %v", name, back, err)
		}
	}
	if len(seen) != 11 {
		t.Errorf("examples of %d types, want all 11", len(seen))
	}
}

func TestServerMessagesLookAsDocumented(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for name, m := range serverExamples() {
		seen[reflect.TypeOf(m)] = true
		b, err := stream.EncodeServer(m)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, b, "server", name+".json")
		back, err := stream.DecodeServer(b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if again, err := stream.EncodeServer(back); err != nil || string(again) != string(b) || reflect.TypeOf(back) != reflect.TypeOf(m) {
			t.Errorf("%s came back as %T %s, %v", name, back, again, err)
		}
	}
	if len(seen) != 10 {
		t.Errorf("examples of %d types, want all 10", len(seen))
	}
}

// TestPictureHeaderLooksAsDocumented: one line of the file for each field.
func TestPictureHeaderLooksAsDocumented(t *testing.T) {
	p := pictureExample()
	h := p.Header()
	var lines []string
	for _, field := range [][2]int{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 8}, {8, 16}, {16, 18}, {18, 20}, {20, 28}, {28, 36}, {36, 44}, {44, 52}} {
		lines = append(lines, hex.EncodeToString(h[field[0]:field[1]]))
	}
	golden(t, []byte(strings.Join(lines, "\n")), "picture-header.hex")
	back, err := stream.DecodePicture(append(h[:], p.Data...))
	if err != nil || back.Header() != h || string(back.Data) != string(p.Data) {
		t.Errorf("picture came back as %+v, %v", back, err)
	}
}

// TestSnapshotOnTheSocketIsAsDocumented: the writer's own shape of a snapshot is EncodeServer's.
func TestSnapshotOnTheSocketIsAsDocumented(t *testing.T) {
	h := listen(t, stream.Config{})
	c, p := join(t, h, nil)
	p.SetSnapshot(serverExamples()["snapshot"].(stream.Snapshot))
	_, b, err := c.conn.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, b, "server", "snapshot.json")
}
