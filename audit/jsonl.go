package audit

import (
	"bufio"
	"fmt"
	"io"
	"iter"
)

// WriteJSONL writes the records' lines as they are archived, byte for byte, so that their chain can be checked. It stops
// at the first error of seq or w.
func WriteJSONL(w io.Writer, seq iter.Seq2[Record, error]) error {
	out := bufio.NewWriter(w)
	for rec, err := range seq {
		if err != nil {
			return err
		}
		line, err := rec.Line()
		if err == nil {
			_, err = out.Write(append(line, '\n'))
		}
		if err != nil {
			return fmt.Errorf("write record %d: %w", rec.Seq, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	return nil
}
