package stream_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"binnacle/stream"
)

func TestClientMessagesThatTheProtocolDoesNotHaveAreRefused(t *testing.T) {
	for _, test := range []struct{ code, message string }{
		{stream.CodeNotJSON, ``},
		{stream.CodeNotJSON, `null`},
		{stream.CodeNotJSON, `[]`},
		{stream.CodeNotJSON, `"stop"`},
		{stream.CodeNotJSON, `{"t":"stop"`},
		{stream.CodeNotJSON, `{"t":"stop",}`},
		{stream.CodeNotJSON, `{"t":"pointer","on":true,"x":NaN,"y":0}`},
		{stream.CodeNotJSON, `{"t":"pointer","on":true,"x":Infinity,"y":0}`},
		{stream.CodeNotJSON, `{"t":"pointer","on":true,"x":01,"y":0}`},
		{stream.CodeNotJSON, `{t:"stop"}`},
		{stream.CodeNotUTF8, "{\"t\":\"stop\xff\"}"},
		{stream.CodeTrailing, `{"t":"stop"}{}`},
		{stream.CodeTrailing, `{"t":"stop"} x`},
		{stream.CodeTooDeep, `{"t":"mark","id":"a","points":[[[0]]]}`},
		{stream.CodeTooDeep, strings.Repeat("[", 30000)},
		{stream.CodeUnknownType, `{}`},
		{stream.CodeUnknownType, `{"t":"state"}`},
		{stream.CodeUnknownType, `{"t":"STOP"}`},
		{stream.CodeUnknownType, `{"t":1}`},
		{stream.CodeUnknownType, `{"T":"stop"}`},
		{stream.CodeUnknownField, `{"t":"stop","x":1}`},
		{stream.CodeUnknownField, `{` + manyFields() + `"t":"stop"}`},
		{stream.CodeUnknownField, `{"t":"ack","seq":1,"Seq":2}`},
		{stream.CodeUnknownField, `{"t":"input","turn":1,"kind":"touch","type":"start","touches":[{"id":1,"x":1,"y":1,"force":1}]}`},
		{stream.CodeDuplicateField, `{"t":"ack","seq":1,"seq":2}`},
		{stream.CodeDuplicateField, `{"t":"ack","seq":1,"s\u0065q":2}`},
		{stream.CodeDuplicateField, `{"t":"stop","t":"leave"}`},
		{stream.CodeMissingField, `{"t":"hello","v":1}`},
		{stream.CodeMissingField, `{"t":"hello","credential":"c"}`},
		{stream.CodeMissingField, `{"t":"ack"}`},
		{stream.CodeMissingField, `{"t":"go"}`},
		{stream.CodeMissingField, `{"t":"answer","accept":true}`},
		{stream.CodeMissingField, `{"t":"mark","points":[[0,0]]}`},
		{stream.CodeMissingField, `{"t":"mark","id":"a"}`},
		{stream.CodeMissingField, `{"t":"pointer","x":1,"y":1}`},
		{stream.CodeMissingField, `{"t":"pointer","on":true,"x":1}`},
		{stream.CodeMissingField, `{"t":"input","kind":"text","text":"a"}`},
		{stream.CodeMissingField, `{"t":"input","turn":1}`},
		{stream.CodeMissingField, `{"t":"input","turn":1,"kind":"mouse","x":1,"y":1}`},
		{stream.CodeMissingField, `{"t":"input","turn":1,"kind":"text","text":""}`},
		{stream.CodeMissingField, `{"t":"input","turn":1,"kind":"touch"}`},
		{stream.CodeMissingField, `{"t":"input","turn":1,"kind":"mouse","type":"down","x":1,"y":1}`},
		{stream.CodeMissingField, `{"t":"input","turn":1,"kind":"key","type":"down"}`},
		{stream.CodeWrongType, `{"t":"ack","seq":"1"}`},
		{stream.CodeWrongType, `{"t":"ack","seq":null}`},
		{stream.CodeWrongType, `{"t":"hello","v":1,"credential":7}`},
		{stream.CodeWrongType, `{"t":"hello","v":true,"credential":"c"}`},
		{stream.CodeWrongType, `{"t":"pointer","on":1}`},
		{stream.CodeWrongType, `{"t":"pointer","on":null}`},
		{stream.CodeWrongType, `{"t":"mark","id":"a","points":{}}`},
		{stream.CodeWrongType, `{"t":"mark","id":"a","points":[1,2]}`},
		{stream.CodeWrongType, `{"t":"mark","id":"a","points":[[1]]}`},
		{stream.CodeWrongType, `{"t":"mark","id":"a","points":[[1,2,3]]}`},
		{stream.CodeWrongType, `{"t":"mark","id":"a","points":[[1,null]]}`},
		{stream.CodeWrongType, `{"t":"mark","id":"a","points":[null]}`},
		{stream.CodeWrongType, `{"t":"mark","id":"a","points":[["1",2]]}`},
		{stream.CodeWrongType, `{"t":"mark","id":"a","points":[[1,1e999]]}`},
		{stream.CodeWrongType, `{"t":"input","turn":1,"kind":"touch","type":"start","touches":[1]}`},
		{stream.CodeWrongType, `{"t":"input","turn":1,"kind":"touch","type":"start","touches":[null]}`},
		{stream.CodeOutOfRange, `{"t":"ack","seq":-1}`},
		{stream.CodeOutOfRange, `{"t":"ack","seq":1.5}`},
		{stream.CodeOutOfRange, `{"t":"ack","seq":18446744073709551616}`},
		{stream.CodeOutOfRange, `{"t":"hello","v":1.5,"credential":"c"}`},
		{stream.CodeOutOfRange, `{"t":"hello","v":-1,"credential":"c"}`},
		{stream.CodeOutOfRange, `{"t":"pointer","on":true,"x":1000001,"y":0}`},
		{stream.CodeOutOfRange, `{"t":"pointer","on":true,"x":0,"y":-1e999}`},
		{stream.CodeOutOfRange, `{"t":"mark","id":"a","points":[[0,-1000000.1]]}`},
		{stream.CodeOutOfRange, `{"t":"input","turn":1,"kind":"mouse","type":"move","x":1,"y":1,"buttons":32}`},
		{stream.CodeOutOfRange, `{"t":"input","turn":1,"kind":"mouse","type":"move","x":1,"y":1,"clicks":4}`},
		{stream.CodeOutOfRange, `{"t":"input","turn":1,"kind":"mouse","type":"move","x":1,"y":1,"mods":16}`},
		{stream.CodeOutOfRange, `{"t":"input","turn":1,"kind":"key","type":"down","key":"a","location":4}`},
		{stream.CodeOutOfRange, `{"t":"input","turn":1,"kind":"compose","text":"a","selStart":-1}`},
		{stream.CodeOutOfRange, `{"t":"input","turn":1,"kind":"wheel","x":0,"y":0,"dy":2e6}`},
		{stream.CodeBadValue, `{"t":"go","where":"https://evil.example"}`},
		{stream.CodeBadValue, `{"t":"input","turn":1,"kind":"shake"}`},
		{stream.CodeBadValue, `{"t":"input","turn":1,"kind":"key","type":"move","key":"a"}`},
		{stream.CodeBadValue, `{"t":"input","turn":1,"kind":"mouse","type":"start","x":1,"y":1}`},
		{stream.CodeBadValue, `{"t":"input","turn":1,"kind":"mouse","type":"down","button":"fire","x":1,"y":1}`},
		{stream.CodeBadValue, `{"t":"input","turn":1,"kind":"touch","type":"move","touches":[{"id":1,"x":1,"y":1},{"id":1,"x":2,"y":2}]}`},
		{stream.CodeBadValue, `{"t":"mark","id":"a.b","points":[[0,0]]}`},
		{stream.CodeBadValue, `{"t":"mark","id":"","points":[[0,0]]}`},
		{stream.CodeUnknownField, `{"t":"input","turn":1,"kind":"text","type":"down","text":"a"}`},
		{stream.CodeVersion, `{"t":"hello","v":2,"credential":"c"}`},
		{stream.CodeVersion, `{"t":"hello","v":0,"token":"c"}`},
	} {
		m, err := stream.DecodeClient([]byte(test.message))
		var fault *stream.Fault
		if m != nil || !errors.As(err, &fault) || fault.Code != test.code {
			t.Errorf("%.90s: %v, %v, want fault %s", test.message, m, err, test.code)
		}
	}
}

func manyFields() string {
	var b strings.Builder
	for i := range stream.MaxFields + 1 {
		fmt.Fprintf(&b, `"f%d":1,`, i)
	}
	return b.String()
}

func TestFaultRepeatsNothingOfTheMessage(t *testing.T) {
	for _, message := range []string{
		`{"t":"hunter2"}`, `{"t":"stop","hunter2":1}`, `{"t":"input","turn":1,"kind":"hunter2"}`, `{"t":"mark","id":"hunter2!","points":[]}`, `{"t":"stop"} hunter2`,
	} {
		if _, err := stream.DecodeClient([]byte(message)); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", message, err)
		}
	}
}

func TestClientMessagesMayHaveWhiteSpaceAndAnyOrder(t *testing.T) {
	got, err := stream.DecodeClient([]byte(" {\n \"points\" : [ [ 1 , -2.5e1 ] ] , \"id\":\t\"a\" , \"t\" : \"mark\" } \n"))
	if want := (stream.Mark{ID: "a", Points: [][2]float64{{1, -25}}}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = stream.DecodeClient([]byte(`{"t":"input","turn":1,"kind":"touch","type":"start","touches":[ { "id" : -7 , "x":1,"y":2 } , {"y":4,"id":1,"x":3}]}`))
	if want := (stream.Input{Turn: 1, Kind: "touch", Type: "start", Touches: []stream.Touch{{ID: -7, X: 1, Y: 2}, {ID: 1, X: 3, Y: 4}}}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestServerMessagesMayHaveNewFieldsButNoNewTypes(t *testing.T) {
	got, err := stream.DecodeServer([]byte(`{"t":"cursor","x":1,"y":2,"on":true,"shape":"hand"}`))
	if got != any(stream.Cursor{X: 1, Y: 2, On: true}) || err != nil {
		t.Errorf("cursor = %v, %v", got, err)
	}
	for code, message := range map[string]string{
		stream.CodeUnknownType: `{"t":"confetti"}`, stream.CodeNotJSON: `{"t":"cursor"} x`, stream.CodeWrongType: `{"t":"cursor","x":"1"}`,
		stream.CodeTooLarge: strings.Repeat(" ", stream.MaxServerMessageBytes+1),
	} {
		var fault *stream.Fault
		if _, err := stream.DecodeServer([]byte(message)); !errors.As(err, &fault) || fault.Code != code {
			t.Errorf("%.30s: %v, want %s", message, err, code)
		}
	}
}

func TestServerMessagesHaveNoNullLists(t *testing.T) {
	strokes := []stream.Stroke{{ID: "a", Points: [][2]float64{{1, 2}}}, {ID: "b"}, {ID: "c"}}
	for _, m := range []stream.ServerMessage{stream.Call{Session: &stream.SessionRef{}}, stream.State{Dialog: &stream.Dialog{}, Strokes: strokes}, stream.Stroke{}} {
		if b, err := stream.EncodeServer(m); err != nil || strings.Contains(string(b), "null") {
			t.Errorf("%s, %v", b, err)
		}
	}
	if strokes[1].Points != nil {
		t.Error("EncodeServer changed the caller's list")
	}
}

func TestEncodingAMistakeIsAnError(t *testing.T) {
	for _, m := range []stream.ServerMessage{nil, stream.Cursor{X: math.NaN()}, stream.Snapshot{Body: []byte("{")}} {
		if b, err := stream.EncodeServer(m); err == nil {
			t.Errorf("%v became %s", m, b)
		}
	}
	if b, err := stream.EncodeClient(nil); err == nil {
		t.Errorf("nil became %s", b)
	}
}

func TestPictureThatIsNotOneIsRefused(t *testing.T) {
	good := (&stream.Picture{Format: stream.PictureJPEG, Scale: 1}).Header()
	change := func(at int, to ...byte) []byte {
		b := good
		copy(b[at:], to)
		return b[:]
	}
	if _, err := stream.DecodePicture(good[:]); err != nil {
		t.Errorf("good picture: %v", err)
	}
	for name, b := range map[string][]byte{
		"short": good[:stream.PictureHeaderBytes-1], "empty": nil, "version": change(0, 2), "kind": change(1, 2), "format": change(2, 3), "flags": change(3, 1),
		"NaN scale": change(20, 0x7f, 0xf8, 1), "infinite time": change(44, 0x7f, 0xf0), "too long": make([]byte, stream.MaxPictureBytes+1),
	} {
		if name == "too long" {
			copy(b, good[:])
		}
		if p, err := stream.DecodePicture(b); err == nil {
			t.Errorf("%s was read as %+v", name, p)
		}
	}
}

func FuzzDecodeClient(f *testing.F) {
	for _, m := range clientExamples() {
		b, err := stream.EncodeClient(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := stream.DecodeClient(b)
		if err != nil {
			if fault := new(stream.Fault); !errors.As(err, &fault) || fault.Code == "" || fault.Message == "" {
				t.Fatalf("error without a code: %v", err)
			}
			return
		}
		plain := reflect.New(reflect.TypeOf(m)) // what encoding/json reads, which is less strict
		if err := json.Unmarshal(b, plain.Interface()); err != nil || !sameClient(plain.Elem().Interface().(stream.ClientMessage), m) {
			t.Fatalf("%s is %+v, encoding/json says %+v, %v", b, m, plain.Elem(), err)
		}
		again, err := stream.EncodeClient(m)
		if err != nil {
			t.Fatalf("%+v does not encode: %v", m, err)
		}
		if len(again) > stream.MaxMessageBytes { // escapes may make it longer
			return
		}
		if back, err := stream.DecodeClient(again); err != nil || !sameClient(back, m) {
			t.Fatalf("%s became %s: %+v, %v", b, again, back, err)
		}
	})
}

// sameClient compares what is sent: an empty list is not.
func sameClient(a, b stream.ClientMessage) bool {
	norm := strings.NewReplacer("[]stream.Touch{}", "[]stream.Touch(nil)", "[][2]float64{}", "[][2]float64(nil)")
	return norm.Replace(fmt.Sprintf("%#v", a)) == norm.Replace(fmt.Sprintf("%#v", b))
}

func FuzzDecodeServer(f *testing.F) {
	for _, m := range serverExamples() {
		b, err := stream.EncodeServer(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := stream.DecodeServer(b)
		if err != nil {
			return
		}
		once, err := stream.EncodeServer(m)
		if err != nil {
			t.Fatalf("%+v does not encode: %v", m, err)
		}
		back, err := stream.DecodeServer(once)
		if err != nil {
			t.Fatalf("%s does not decode: %v", once, err)
		}
		if twice, err := stream.EncodeServer(back); err != nil || string(twice) != string(once) {
			t.Fatalf("%s became %s, %v", once, twice, err)
		}
	})
}

func FuzzDecodePicture(f *testing.F) {
	p := pictureExample()
	h := p.Header()
	f.Add(append(h[:], p.Data...))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := stream.DecodePicture(b)
		if err != nil {
			return
		}
		h := p.Header()
		if string(append(h[:], p.Data...)) != string(b) {
			t.Fatalf("%x became %x", b, h)
		}
	})
}
