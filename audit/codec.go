package audit

import (
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// codec packs lines into segments and unpacks them. Packing is deterministic: one level, one thread, nothing of the time.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newCodec() (*codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(true))
	if err != nil {
		return nil, fmt.Errorf("make zstd encoder: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(MaxSegmentBytes))
	if err != nil {
		return nil, fmt.Errorf("make zstd decoder: %w", err)
	}
	return &codec{enc, dec}, nil
}

// close frees both. The codec must not be used afterwards.
func (c *codec) close() {
	_ = c.enc.Close()
	c.dec.Close()
}

func (c *codec) pack(lines []byte) []byte { return c.enc.EncodeAll(lines, nil) }

func (c *codec) unpack(segment []byte) ([]byte, error) {
	lines, err := c.dec.DecodeAll(segment, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack segment: %w", err)
	}
	return lines, nil
}
