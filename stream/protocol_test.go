package stream_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"binnacle/stream"
)

const protocolPage = "../docs/PROTOCOL.md"

func page(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(protocolPage)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestProtocolPageShowsEveryMessage: the page's examples and the golden files are the same messages.
func TestProtocolPageShowsEveryMessage(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		missing[strings.TrimSpace(string(b))] = file
	}
	shown := map[string]bool{}
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(page(t), -1) {
		var one bytes.Buffer
		if err := json.Compact(&one, []byte(block[1])); err != nil {
			t.Errorf("example %s: %v", block[1], err)
		}
		if missing[one.String()] == "" {
			t.Errorf("example is no golden file:\n%s", one.String())
		}
		shown[one.String()] = true
	}
	for message, file := range missing {
		if !shown[message] {
			t.Errorf("%s is not on the page", file)
		}
	}
	for i, line := range strings.Fields(readFile(t, "testdata/picture-header.hex")) {
		if !strings.Contains(page(t), "`"+line+"`") {
			t.Errorf("line %d of the picture header, %s, is not on the page", i+1, line)
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestProtocolPageNamesEveryField: each JSON field of the messages and of the snapshot.
func TestProtocolPageNamesEveryField(t *testing.T) {
	text := page(t)
	named := func(where, tag string) {
		name := strings.Split(tag, ",")[0]
		if name != "" && name != "-" && !strings.Contains(text, "`"+name+"`") && !strings.Contains(text, `"`+name+`"`) {
			t.Errorf("field %q of %s is not on the page", name, where)
		}
	}
	for file, types := range map[string][]string{"wire.go": nil, "../renderer/page_types.go": {"Snapshot", "Node"}} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			body, ok := spec.Type.(*ast.StructType)
			if !ok || (types != nil && spec.Name.Name != types[0] && spec.Name.Name != types[1]) {
				return false
			}
			for _, field := range body.Fields.List {
				if field.Tag == nil {
					continue
				}
				tag, err := strconv.Unquote(field.Tag.Value)
				if err != nil {
					t.Fatal(err)
				}
				named(spec.Name.Name, reflect.StructTag(tag).Get("json"))
			}
			return false
		})
	}
}

// TestProtocolPageHasTheNumbers: every constant of limits.go is on the page, with its value.
func TestProtocolPageHasTheNumbers(t *testing.T) {
	values := map[string]any{
		"MaxMessageBytes": stream.MaxMessageBytes, "MaxTextBytes": stream.MaxTextBytes, "MaxKeyBytes": stream.MaxKeyBytes, "MaxCredentialBytes": stream.MaxCredentialBytes,
		"MaxMarkIDBytes": stream.MaxMarkIDBytes, "MaxMarkPoints": stream.MaxMarkPoints, "MaxCoordinate": int(stream.MaxCoordinate), "MaxTouches": stream.MaxTouches,
		"MaxDepth": stream.MaxDepth, "MaxFields": stream.MaxFields, "HelloTimeout": stream.HelloTimeout, "PingInterval": stream.PingInterval, "PongTimeout": stream.PongTimeout,
		"WriteTimeout": stream.WriteTimeout, "CloseTimeout": stream.CloseTimeout, "MaxPicturesInFlight": stream.MaxPicturesInFlight, "ControlQueue": stream.ControlQueue,
		"MaxLasers": stream.MaxLasers, "MaxSnapshotBytes": stream.MaxSnapshotBytes, "MaxServerMessageBytes": stream.MaxServerMessageBytes, "MaxPictureBytes": stream.MaxPictureBytes,
		"SocketBufferBytes": stream.SocketBufferBytes, "KeepBufferBytes": stream.KeepBufferBytes,
	}
	rates := map[string][2]int{
		"Moves": {stream.MovesPerSecond, stream.MovesBurst}, "Inputs": {stream.InputsPerSecond, stream.InputsBurst}, "Marks": {stream.MarksPerSecond, stream.MarksBurst},
		"Pointers": {stream.PointersPerSecond, stream.PointersBurst}, "Controls": {stream.ControlsPerSecond, stream.ControlsBurst},
		"Acks": {stream.AcksPerSecond, stream.AcksBurst}, "Pings": {stream.PingsPerSecond, stream.PingsBurst}, "Bytes": {stream.BytesPerSecond, stream.BytesBurst},
	}
	var rows []string
	text := page(t)
	for _, name := range constants(t, "limits.go") {
		kind, isRate := strings.CutSuffix(strings.TrimSuffix(name, "Burst"), "PerSecond")
		if rate, known := rates[kind]; known && (isRate || kind != name) {
			rows = append(rows, "| `"+kind+"PerSecond`, `"+kind+"Burst` | "+strconv.Itoa(rate[0])+" | "+strconv.Itoa(rate[1])+" | ")
			continue
		}
		value, known := values[name]
		if !known {
			t.Errorf("limit %s is not in this test", name)
		}
		b, _ := json.Marshal(value)
		number := string(b)
		if d, ok := value.(interface{ String() string }); ok {
			number = d.String()
		}
		rows = append(rows, "| `"+name+"` | "+number+" | ")
	}
	for _, name := range constants(t, "fault.go") {
		if !strings.HasPrefix(name, "Code") {
			t.Errorf("constant %s of fault.go is no code", name)
		}
	}
	for _, code := range regexp.MustCompile(`Code\w+\s+= "(\w+)"`).FindAllStringSubmatch(readFile(t, "fault.go"), -1) {
		rows = append(rows, "| `"+code[1]+"` | ")
	}
	for _, row := range rows {
		if !strings.Contains(text, row) {
			t.Errorf("the page does not say: %s", row)
		}
	}
}

// constants returns the names of a file's exported constants.
func constants(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, decl := range parsed.Decls {
		if group, ok := decl.(*ast.GenDecl); ok && group.Tok == token.CONST {
			for _, spec := range group.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if name.IsExported() {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}

// TestProtocolPageLinksLead: each #link of the page has its heading.
func TestProtocolPageLinksLead(t *testing.T) {
	text := page(t)
	headings := map[string]bool{}
	for _, h := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(text, -1) {
		headings[strings.ReplaceAll(strings.ToLower(h[1]), " ", "-")] = true
	}
	for _, link := range regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(text, -1) {
		if !headings[link[1]] {
			t.Errorf("link #%s has no heading", link[1])
		}
	}
}
