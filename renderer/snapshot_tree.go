package renderer

import (
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
)

// hidden stands for masked text in a longer one.
const hiddenText = "•••"

// snapshotBuilder turns the captured frames into one tree.
type snapshotBuilder struct {
	inner map[*framePart]map[cdp.BackendNodeID]*framePart // frames by the elements that hold them
	texts []string                                        // masked texts of all frames, longest first
	count int
	full  bool
}

func newSnapshotBuilder(parts []*framePart) *snapshotBuilder {
	b := &snapshotBuilder{inner: map[*framePart]map[cdp.BackendNodeID]*framePart{}}
	for _, f := range parts {
		if f.inside != nil {
			if b.inner[f.inside] == nil {
				b.inner[f.inside] = map[cdp.BackendNodeID]*framePart{}
			}
			b.inner[f.inside][f.owner] = f
		}
		b.texts = append(b.texts, f.doc.texts...)
	}
	slices.SortFunc(b.texts, func(x, y string) int { return len(y) - len(x) })
	b.texts = slices.Compact(b.texts)
	return b
}

func (b *snapshotBuilder) build(top *framePart) *Snapshot {
	s := &Snapshot{Whole: true, Address: top.doc.address, Title: b.clean(top.doc.title), Lang: shorten(top.doc.lang, maxAgentName)}
	s.Root = &Node{Role: "document", Name: s.Title}
	b.count = 1
	s.Root.Children = b.frame(top, 0, 0, 0)
	s.Truncated = b.full
	return s
}

// frame builds one document's nodes; x and y move its coordinates into the top page's.
func (b *snapshotBuilder) frame(f *framePart, x, y float64, depth int) []*Node {
	t := &axTree{b: b, f: f, x: x, y: y, depth: depth, nodes: make(map[accessibility.NodeID]*accessibility.Node, len(f.ax))}
	var root *accessibility.Node
	for _, n := range f.ax {
		t.nodes[n.NodeID] = n
		if root == nil && n.ParentID == "" {
			root = n
		}
	}
	if root == nil {
		return nil
	}
	return t.children(root, 0)
}

// clean cuts a text to its limit and takes masked texts out of it, wherever the page repeats them.
func (b *snapshotBuilder) clean(text string) string {
	for _, hide := range b.texts {
		text = strings.ReplaceAll(text, hide, hiddenText)
	}
	return shorten(text, MaxNodeText)
}

// axTree is the accessibility tree of one frame.
type axTree struct {
	b     *snapshotBuilder
	f     *framePart
	x, y  float64
	depth int // of frames
	nodes map[accessibility.NodeID]*accessibility.Node
}

const (
	maxTreeDepth  = 500 // of one frame's accessibility tree
	maxFrameDepth = 20
)

func (t *axTree) children(n *accessibility.Node, depth int) []*Node {
	if depth > maxTreeDepth {
		t.b.full = true
		return nil
	}
	var out []*Node
	for _, id := range n.ChildIDs {
		if child := t.nodes[id]; child != nil && !t.b.full {
			out = append(out, t.node(child, depth+1)...)
		}
	}
	return out
}

// node makes one node, or hands its children up if no person would name it.
func (t *axTree) node(n *accessibility.Node, depth int) []*Node {
	doc := t.f.doc
	at, inDOM := doc.index[n.BackendDOMNodeID]
	if inDOM && doc.blocked[at] {
		return t.block(at)
	}
	if inner := t.b.inner[t.f][n.BackendDOMNodeID]; inner != nil && inDOM {
		return t.innerFrame(n, at, inner)
	}
	role, keep := reduceRole(axString(n.Role), axString(n.Name) != "")
	if n.Ignored || keep == hoistNode {
		return t.children(n, depth)
	}
	if keep == dropNode {
		return nil
	}
	if t.b.count >= MaxSnapshotNodes {
		t.b.full = true
		return nil
	}
	t.b.count++
	node := &Node{Role: role}
	masked := inDOM && (doc.masked[at] || doc.marked[at])
	node.Secret = masked || (inDOM && doc.secret[at])
	t.describe(node, n, at, inDOM)
	if role == "text" && !masked && strings.TrimSpace(node.Name) == "" {
		t.b.count--
		return nil
	}
	if !node.Secret || !isField(role) { // what is masked below something else keeps its structure, not its words
		node.Children = t.children(n, depth)
	}
	simplify(node)
	return []*Node{node}
}

// block is the one node of a part that nobody may read.
func (t *axTree) block(at int) []*Node {
	if up := t.f.doc.parent[at]; up >= 0 && t.f.doc.blocked[up] {
		return nil // the node above stands for it
	}
	t.b.count++
	return []*Node{{Role: "group", Secret: true, Box: t.box(at)}}
}

func (t *axTree) innerFrame(n *accessibility.Node, at int, inner *framePart) []*Node {
	if t.depth >= maxFrameDepth || t.b.count >= MaxSnapshotNodes {
		t.b.full = true
		return nil
	}
	if doc := t.f.doc; doc.masked[at] || doc.marked[at] {
		t.b.count++
		return []*Node{{Role: "group", Secret: true, Box: t.box(at)}}
	}
	t.b.count++
	node := &Node{Role: "document", Name: t.b.clean(firstOf(axString(n.Name), inner.doc.title)), Box: t.box(at)}
	if node.Box != nil {
		d := inner.doc
		node.Children = t.b.frame(inner, node.Box[0]+d.insetX-d.scrollX, node.Box[1]+d.insetY-d.scrollY, t.depth+1)
	}
	return []*Node{node}
}

// describe fills in what the tree says, and leaves out what is masked.
func (t *axTree) describe(node *Node, n *accessibility.Node, at int, inDOM bool) {
	doc := t.f.doc
	if inDOM {
		node.Box = t.box(at)
	}
	node.Name = t.b.clean(axString(n.Name))
	node.Description = t.b.clean(axString(n.Description))
	if inDOM && (doc.masked[at] || (doc.marked[at] && !isField(node.Role)) || (doc.covers[at] && !isField(node.Role))) {
		node.Name, node.Description = "", "" // made of text that is masked, or of some below that is
	}
	states(node, n)
	if node.Secret {
		node.Checked, node.Selected, node.Expanded = "", false, ""
		return
	}
	if isField(node.Role) || node.Role == "slider" || node.Role == "progressbar" || node.Role == "meter" {
		node.Value = t.b.clean(axString(n.Value))
	}
}

// box is the node's place in page coordinates of the top page.
func (t *axTree) box(at int) *[4]float64 {
	b, ok := t.f.doc.box[at]
	if !ok {
		return nil
	}
	return &[4]float64{b[0] + t.x, b[1] + t.y, b[2], b[3]}
}

// simplify drops children that only say again what the name or value says.
func simplify(n *Node) {
	switch {
	case n.Role == "combobox" || n.Role == "listbox":
		n.Children = slices.DeleteFunc(n.Children, func(c *Node) bool { return c.Role == "text" })
		return
	case isField(n.Role) && n.Value != "":
		n.Children = nil
		return
	}
	if n.Name == "" || len(n.Children) == 0 {
		return
	}
	var said strings.Builder
	for _, c := range n.Children {
		if c.Role != "text" || len(c.Children) > 0 {
			return
		}
		said.WriteString(c.Name)
	}
	if strip(said.String()) == strip(n.Name) {
		n.Children = nil
	}
}

func strip(s string) string { return strings.Join(strings.Fields(s), "") }
