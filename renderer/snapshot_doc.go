package renderer

import (
	"errors"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/domsnapshot"
)

// docPart is one document of a DOMSnapshot, made ready for questions by backend node id.
type docPart struct {
	strings          []string
	index            map[cdp.BackendNodeID]int
	backend          []cdp.BackendNodeID
	parent           []int64
	box              map[int][4]float64  // in the document's own coordinates
	frames           map[int]int64       // iframe element -> document index of the same process
	closed           []cdp.BackendNodeID // one node in each closed shadow root
	masked           []bool              // under data-binnacle-mask, or a secret control's inside
	marked           []bool              // carries data-binnacle-mask itself
	blocked          []bool              // carries data-binnacle-block or is below
	secret           []bool              // a control whose value nobody may read
	covers           []bool              // has something masked below
	texts            []string            // masked texts and secret values, to be found wherever the page repeats them
	address, title   string
	lang             string
	scrollX, scrollY float64
	insetX, insetY   float64
}

var errSnapshotShape = errors.New("DOMSnapshot has columns of different lengths")

func newDocPart(d *domsnapshot.DocumentSnapshot, strings []string) (*docPart, error) {
	n := d.Nodes
	if n == nil || d.Layout == nil {
		return nil, errSnapshotShape
	}
	size := len(n.BackendNodeID)
	if len(n.ParentIndex) != size || len(n.NodeType) != size || len(n.NodeName) != size || len(n.NodeValue) != size || len(n.Attributes) != size ||
		len(d.Layout.Bounds) != len(d.Layout.NodeIndex) {
		return nil, errSnapshotShape
	}
	p := &docPart{
		strings: strings, index: make(map[cdp.BackendNodeID]int, size), backend: n.BackendNodeID, parent: n.ParentIndex,
		box: make(map[int][4]float64, len(d.Layout.NodeIndex)), frames: map[int]int64{},
		masked: make([]bool, size), marked: make([]bool, size), blocked: make([]bool, size), secret: make([]bool, size), covers: make([]bool, size),
		scrollX: d.ScrollOffsetX, scrollY: d.ScrollOffsetY,
	}
	p.address, p.title = plainAddress(p.text(d.DocumentURL)), p.text(d.Title)
	for i, id := range n.BackendNodeID {
		p.index[id] = i
	}
	for i, node := range d.Layout.NodeIndex {
		if b := d.Layout.Bounds[i]; len(b) == 4 {
			if _, have := p.box[int(node)]; !have {
				p.box[int(node)] = [4]float64{b[0], b[1], b[2], b[3]}
			}
		}
	}
	if c := n.ContentDocumentIndex; c != nil && len(c.Index) == len(c.Value) {
		for i, node := range c.Index {
			p.frames[int(node)] = c.Value[i]
		}
	}
	p.findRoots(n)
	p.findSecrets(n)
	return p, nil
}

func (p *docPart) text(i domsnapshot.StringIndex) string {
	if i < 0 || int(i) >= len(p.strings) {
		return ""
	}
	return p.strings[i]
}

// findRoots picks one node of each closed shadow root. DOMSnapshot leaves the roots themselves out, and writes the type on the nodes
// in them; a root within a closed root is told by its host, which has a dash in its name as a rule (the agent asks about others).
func (p *docPart) findRoots(n *domsnapshot.NodeTreeSnapshot) {
	types := n.ShadowRootType
	if types == nil || len(types.Index) != len(types.Value) {
		return
	}
	in := make(map[int64]bool)
	for i, node := range types.Index {
		if int(node) < len(p.backend) && p.text(types.Value[i]) == "closed" {
			in[node] = true
		}
	}
	done := make(map[int64]bool)
	for i, node := range types.Index {
		if !in[node] || p.text(types.Value[i]) != "closed" {
			continue
		}
		host := p.parent[node]
		if host < 0 || int(host) >= len(p.backend) || done[host] || (in[host] && !strings.Contains(p.text(n.NodeName[host]), "-")) {
			continue
		}
		done[host] = true
		p.closed = append(p.closed, p.backend[node])
	}
}

// findSecrets goes through the nodes in document order, parents first.
func (p *docPart) findSecrets(n *domsnapshot.NodeTreeSnapshot) {
	const element, text = 1, 3
	for i := range p.backend {
		if up := p.parent[i]; up >= 0 && int(up) < i {
			p.masked[i] = p.masked[up] || p.marked[up] || p.secret[up]
			p.blocked[i] = p.blocked[up]
		}
		switch n.NodeType[i] {
		case element:
			p.element(i, p.text(n.NodeName[i]), n.Attributes[i])
		case text:
			if p.masked[i] || p.blocked[i] {
				p.hide(p.text(n.NodeValue[i]))
			}
		}
	}
	for _, values := range []*domsnapshot.RareStringData{n.InputValue, n.TextValue} {
		if values == nil || len(values.Index) != len(values.Value) {
			continue
		}
		for i, node := range values.Index {
			if int(node) < len(p.secret) && (p.secret[node] || p.masked[node] || p.blocked[node]) {
				p.hide(p.text(values.Value[i]))
			}
		}
	}
	for i := len(p.parent) - 1; i >= 0; i-- {
		if up := p.parent[i]; up >= 0 && int(up) < i && (p.covers[i] || p.masked[i] || p.marked[i] || p.blocked[i]) {
			p.covers[up] = true
		}
	}
}

func (p *docPart) element(i int, name string, attributes domsnapshot.ArrayOfStrings) {
	kind, isInput := "", strings.EqualFold(name, "INPUT")
	for a := 0; a+1 < len(attributes); a += 2 {
		value := p.text(domsnapshot.StringIndex(attributes[a+1]))
		switch p.text(domsnapshot.StringIndex(attributes[a])) {
		case "data-binnacle-mask":
			p.marked[i] = true
		case "data-binnacle-block":
			p.blocked[i] = true
		case "type":
			kind = value
		case "autocomplete":
			p.secret[i] = p.secret[i] || secretAutocomplete(value)
		case "lang":
			if strings.EqualFold(name, "HTML") {
				p.lang = value
			}
		}
	}
	if isInput && strings.EqualFold(kind, "password") {
		p.secret[i] = true
	}
}

// secretAutocomplete tells whether an autocomplete attribute names something that nobody else may read; agent_control.js has
// the same rule.
func secretAutocomplete(value string) bool {
	for _, word := range strings.Fields(strings.ToLower(value)) {
		if strings.HasPrefix(word, "cc-") || word == "one-time-code" || word == "current-password" || word == "new-password" {
			return true
		}
	}
	return false
}

// hide remembers a masked text. Shorter ones are too common to be looked for elsewhere.
func (p *docPart) hide(text string) {
	const least = 4
	if text = strings.Join(strings.Fields(text), " "); len(text) >= least {
		p.texts = append(p.texts, text)
	}
}
