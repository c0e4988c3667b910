package session_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// codes are what this package says, by the type that carries it: Notice, Failure, Ended, ending, Error. Errors that sockets are
// told count as Failure, too.
type codes map[string]map[string]bool

func (c codes) add(kind, code string) {
	if c[kind] == nil {
		c[kind] = map[string]bool{}
	}
	c[kind][code] = true
}

// sentCodes reads the package's own source.
func sentCodes(t *testing.T) codes {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found, refusals := codes{}, map[string]bool{} // names of functions whose error refuses a socket
	errorsOf := map[string][]string{}             // by function
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			function := ""
			if f, ok := decl.(*ast.FuncDecl); ok {
				function = f.Name.Name
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CompositeLit:
					kind, code := literal(n)
					if code != "" {
						found.add(kind, code)
						errorsOf[function] = append(errorsOf[function], code)
					}
					if code != "" && kind == "Error" && name == "marks.go" {
						found.add("Failure", code)
					}
				case *ast.CallExpr:
					if called(n) == "refuse" {
						refused(n.Args, found, refusals)
					}
				}
				return true
			})
		}
	}
	for function := range refusals {
		for _, code := range errorsOf[function] {
			found.add("Failure", code)
		}
	}
	return found
}

// literal returns the type and the code of T{…, Code: "x"} or T{…, code: "x"}.
func literal(n *ast.CompositeLit) (kind, code string) {
	switch typ := n.Type.(type) {
	case *ast.Ident:
		kind = typ.Name
	case *ast.SelectorExpr:
		kind = typ.Sel.Name
	}
	for _, e := range n.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, isName := pair.Key.(*ast.Ident)
		value, isText := pair.Value.(*ast.BasicLit)
		if isName && isText && strings.EqualFold(key.Name, "code") {
			code, _ = strconv.Unquote(value.Value)
		}
	}
	return kind, code
}

func called(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// refused notes what refuse is called with.
func refused(args []ast.Expr, found codes, functions map[string]bool) {
	for _, arg := range args {
		switch a := arg.(type) {
		case *ast.UnaryExpr:
			if lit, ok := a.X.(*ast.CompositeLit); ok {
				_, code := literal(lit)
				found.add("Failure", code)
			}
		case *ast.CallExpr:
			functions[called(a)] = true
		}
	}
}

// tableCodes are the codes in the first column of the page's table whose head begins so.
func tableCodes(t *testing.T, page, head string) map[string]bool {
	t.Helper()
	_, table, ok := strings.Cut(page, "\n| "+head+" |")
	if !ok {
		t.Fatalf("no table of %s", head)
	}
	table, _, _ = strings.Cut(table, "\n\n")
	all := map[string]bool{}
	for _, row := range strings.Split(table, "\n")[2:] {
		first, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
		for _, code := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(first, -1) {
			all[code[1]] = true
		}
	}
	return all
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestEveryCodeIsOnItsPage: docs/PROTOCOL.md and stream/wire.go name exactly the codes that sessions send, and docs/API.md or
// docs/PROTOCOL.md each code of an error.
func TestEveryCodeIsOnItsPage(t *testing.T) {
	sent := sentCodes(t)
	maps.Copy(sent["Ended"], sent["ending"])
	page, wire := read(t, "../docs/PROTOCOL.md"), read(t, "../stream/wire.go")
	for kind, where := range map[string]struct{ head, from, to string }{
		"Notice":  {"notice", "// Notice tells", "type Notice"},
		"Failure": {"error", "// Failure answers", "type Failure"},
		"Ended":   {"end", "// stopped, idle", "\n"},
	} {
		want, got := slices.Sorted(maps.Keys(sent[kind])), slices.Sorted(maps.Keys(tableCodes(t, page, where.head)))
		if len(want) < 5 || !slices.Equal(got, want) {
			t.Errorf("the page's table of %ss has\n%v, sessions send\n%v", where.head, got, want)
		}
		_, comment, _ := strings.Cut(wire, where.from)
		comment, _, _ = strings.Cut(comment, where.to)
		for _, code := range want {
			if !regexp.MustCompile(`\b` + code + `\b`).MatchString(where.from + comment) {
				t.Errorf("wire.go does not name %s as a code of %s", code, kind)
			}
		}
	}
	both := page + read(t, "../docs/API.md")
	for code := range sent["Error"] {
		if !strings.Contains(both, "`"+code+"`") {
			t.Errorf("the error %s is on no page", code)
		}
	}
}
