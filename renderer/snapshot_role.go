package renderer

import (
	"strconv"

	"github.com/chromedp/cdproto/accessibility"
)

type fate int

const (
	keepNode  fate = iota
	hoistNode      // its children stand in its place
	dropNode       // with all below
)

// reduceRole says what becomes of a node with Chrome's role. Chrome writes ARIA roles in lower case and its own ones with a capital;
// of those only the ones a person would name are kept.
func reduceRole(role string, named bool) (string, fate) {
	switch role {
	case "StaticText":
		return "text", keepNode
	case "InlineTextBox", "LineBreak", "ListMarker", "ScrollBar":
		return "", dropNode
	case "", "generic", "none", "presentation", "strong", "emphasis", "code", "mark", "time", "subscript", "superscript",
		"insertion", "deletion", "rowgroup", "caption", "legend", "sectionheader", "sectionfooter":
		return "", hoistNode
	case "DescriptionList":
		return "list", keepNode
	case "DescriptionListTerm":
		return "term", keepNode
	case "DescriptionListDetail":
		return "definition", keepNode
	case "Details":
		return "group", keepNode
	case "DisclosureTriangle", "DisclosureTriangleGrouped", "PopUpButton":
		return "button", keepNode
	case "Date", "DateTime", "InputTime", "ColorWell", "TextField", "TextFieldWithComboBox":
		return "textbox", keepNode
	case "image", "img", "graphics-document", "graphics-symbol", "SvgRoot", "Canvas":
		if !named {
			return "", hoistNode // decoration
		}
		return "image", keepNode
	case "Video", "Audio":
		return "group", keepNode
	case "paragraph":
		return "paragraph", keepNode
	case "region", "section", "form", "group":
		if !named {
			return "", hoistNode
		}
		return role, keepNode
	}
	if role[0] >= 'A' && role[0] <= 'Z' {
		return "", hoistNode
	}
	return role, keepNode
}

// isField tells whether the role holds what people enter or choose.
func isField(role string) bool {
	switch role {
	case "textbox", "searchbox", "combobox", "listbox", "spinbutton", "checkbox", "radio", "switch", "slider":
		return true
	}
	return false
}

// states copies the properties that snapshots have.
func states(node *Node, n *accessibility.Node) {
	for _, p := range n.Properties {
		v := axString(p.Value)
		switch p.Name {
		case accessibility.PropertyNameLevel:
			if node.Role == "heading" {
				node.Level, _ = strconv.Atoi(v)
			}
		case accessibility.PropertyNameChecked, accessibility.PropertyNamePressed:
			node.Checked = v
		case accessibility.PropertyNameExpanded:
			node.Expanded = v
		case accessibility.PropertyNameSelected:
			node.Selected = v == "true"
		case accessibility.PropertyNameDisabled:
			node.Disabled = v == "true"
		case accessibility.PropertyNameRequired:
			node.Required = v == "true"
		case accessibility.PropertyNameInvalid:
			node.Invalid = v != "" && v != "false"
		case accessibility.PropertyNameFocused:
			node.Focused = v == "true"
		}
	}
}

// axString is a value of the accessibility tree as text: a string without its quotes, anything else as JSON writes it.
func axString(v *accessibility.Value) string {
	if v == nil || len(v.Value) == 0 {
		return ""
	}
	if v.Value[0] != '"' {
		return string(v.Value)
	}
	var s string
	if decode(v.Value, &s) != nil {
		return ""
	}
	return s
}
