package audit

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// csvColumns are the first line of a CSV log. New ones go to the end.
func csvColumns() []string {
	return []string{"time", "session", "seq", "kind", "participant", "participant id", "client", "turn", "cause", "page address",
		"page title", "frame address", "frame title", "element name", "label", "id", "field", "type", "role", "action", "partial",
		"length", "options", "files", "message", "detail"}
}

// WriteCSV writes the records as a table (RFC 4180, with a header line). Cells that a spreadsheet would take for a formula
// get a leading apostrophe. It stops at the first error of seq or w.
func WriteCSV(w io.Writer, seq iter.Seq2[Record, error]) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(csvColumns()); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	for rec, err := range seq {
		if err != nil {
			return err
		}
		row := csvRow(rec)
		for i := range row {
			row[i] = csvCell(row[i])
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("write record %d: %w", rec.Seq, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

func csvRow(r Record) []string {
	var by Person
	var page Page
	var frame Frame
	var el Element
	if r.By != nil {
		by = *r.By
	}
	if r.Page != nil {
		page = *r.Page
	}
	if r.Frame != nil {
		frame = *r.Frame
	}
	if r.Element != nil {
		el = *r.Element
	}
	length, partial := "", ""
	if r.Length != nil {
		length = strconv.Itoa(*r.Length)
	}
	if r.Partial {
		partial = "yes"
	}
	return []string{r.Time.UTC().Format(time.RFC3339Nano), r.Session, strconv.FormatUint(r.Seq, 10), string(r.Kind), by.Name, by.ID,
		by.Client, strconv.FormatUint(r.Turn, 10), string(r.Cause), page.Address, page.Title, frame.Address, frame.Title, el.Name,
		el.Label, el.ID, el.Field, el.Type, el.Role, string(r.Action), partial, length, strings.Join(r.Options, "; "),
		csvFiles(r.Files), r.Message, csvDetail(r.Detail)}
}

func csvFiles(files []File) string {
	var names []string
	for _, f := range files {
		names = append(names, fmt.Sprintf("%s (%d bytes)", f.Name, f.Bytes))
	}
	return strings.Join(names, "; ")
}

func csvDetail(d map[string]string) string {
	var parts []string
	for k, v := range d {
		parts = append(parts, k+"="+v)
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

// csvCell makes a cell harmless: spreadsheets run what begins with these characters, some of them also after spaces.
func csvCell(s string) string {
	if t := strings.TrimLeft(s, " "); t != "" && strings.IndexByte("=+-@\t\r\n", t[0]) >= 0 {
		return "'" + s
	}
	return s
}
