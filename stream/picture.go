package stream

import (
	"encoding/binary"
	"errors"
	"math"
	"sync"

	"github.com/gorilla/websocket"
)

// PictureHeaderBytes is the length of the header before a picture's data.
const PictureHeaderBytes = 52

// PictureFormat says how a picture's data is encoded.
type PictureFormat uint8

const (
	PicturePNG  PictureFormat = 1
	PictureJPEG PictureFormat = 2
)

// Picture is one picture of the page on the wire: a binary message of a fixed header (big endian) and the encoded data.
//
//	offset  0 version (1) · 1 kind (1 = whole picture) · 2 format · 3 flags (0)
//	        4 epoch uint32 · 8 seq uint64 · 16 width uint16 · 18 height uint16 (device pixels) · 20 scale float64
//	       28 scrollX float64 · 36 scrollY float64 (CSS pixels) · 44 taken float64 (Unix ms) · 52 data
//
// A Picture is shared by all participants: after the first SetPicture neither it nor Data is changed. Do not copy one.
type Picture struct {
	Format           PictureFormat
	Epoch            uint32
	Seq              uint64
	Width, Height    uint16
	Scale            float64
	ScrollX, ScrollY float64
	Taken            float64
	Data             []byte

	once    sync.Once
	shared  *websocket.PreparedMessage
	failure error
}

// message returns the picture as a WebSocket frame, which is made once for all participants.
func (p *Picture) message() (*websocket.PreparedMessage, error) {
	p.once.Do(func() {
		h := p.Header()
		p.shared, p.failure = websocket.NewPreparedMessage(websocket.BinaryMessage, append(h[:], p.Data...))
	})
	return p.shared, p.failure
}

var errPicture = errors.New("not a picture of this protocol version")

// Header returns the header; the message is Header followed by Data.
func (p *Picture) Header() [PictureHeaderBytes]byte {
	var h [PictureHeaderBytes]byte
	h[0], h[1], h[2] = ProtocolVersion, 1, byte(p.Format)
	binary.BigEndian.PutUint32(h[4:], p.Epoch)
	binary.BigEndian.PutUint64(h[8:], p.Seq)
	binary.BigEndian.PutUint16(h[16:], p.Width)
	binary.BigEndian.PutUint16(h[18:], p.Height)
	for i, f := range []float64{p.Scale, p.ScrollX, p.ScrollY, p.Taken} {
		binary.BigEndian.PutUint64(h[20+8*i:], math.Float64bits(f))
	}
	return h
}

// DecodePicture reads a picture message; Data aliases msg.
func DecodePicture(msg []byte) (*Picture, error) {
	if len(msg) < PictureHeaderBytes || len(msg) > MaxPictureBytes || msg[0] != ProtocolVersion || msg[1] != 1 || msg[3] != 0 {
		return nil, errPicture
	}
	p := &Picture{Format: PictureFormat(msg[2]), Epoch: binary.BigEndian.Uint32(msg[4:]), Seq: binary.BigEndian.Uint64(msg[8:]),
		Width: binary.BigEndian.Uint16(msg[16:]), Height: binary.BigEndian.Uint16(msg[18:]), Data: msg[PictureHeaderBytes:]}
	if p.Format != PicturePNG && p.Format != PictureJPEG {
		return nil, errPicture
	}
	for i, f := range []*float64{&p.Scale, &p.ScrollX, &p.ScrollY, &p.Taken} {
		*f = math.Float64frombits(binary.BigEndian.Uint64(msg[20+8*i:]))
		if math.IsNaN(*f) || math.IsInf(*f, 0) {
			return nil, errPicture
		}
	}
	return p, nil
}
