package zipx

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Node is one element of a small tree. Text nodes have Name "".
type Node struct {
	Name string // local name
	Attr []xml.Attr
	Text string
	Kids []*Node
}

// maxNodes bounds what is held at a time, with text and attributes counted: some 100 MiB. Parts that may honestly be longer are read child by child.
const maxNodes = 1 << 20

// A child that Each hands over has hardly ever more than cutNodes nodes, which take some 50 MiB. One that has is handed over in pieces: a
// long table between two of its rows, and anything at all at mostNodes.
const (
	cutNodes  = 500_000
	mostNodes = 750_000
	// nodeBytes is how many bytes of text count as a node.
	nodeBytes = 100
)

// Get returns an attribute by local name.
func (n *Node) Get(local string) string {
	for _, a := range n.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// Child returns the first child of that name, following the path; nil when absent.
func (n *Node) Child(path ...string) *Node {
	for _, name := range path {
		if n == nil {
			return nil
		}
		var next *Node
		for _, k := range n.Kids {
			if k.Name == name {
				next = k
				break
			}
		}
		n = next
	}
	return n
}

// Val returns attribute val of the child at path, "" when absent.
func (n *Node) Val(path ...string) string {
	if n == nil {
		return ""
	}
	if c := n.Child(path...); c != nil {
		return c.Get("val")
	}
	return ""
}

// Walk visits n and everything below while visit returns true.
func (n *Node) Walk(visit func(*Node) bool) {
	if !visit(n) {
		return
	}
	for _, k := range n.Kids {
		k.Walk(visit)
	}
}

// Content is all text below n.
func (n *Node) Content() string {
	var b strings.Builder
	n.Walk(func(k *Node) bool { b.WriteString(k.Text); return true })
	return b.String()
}

// Tree reads a whole part as one tree; what came before an error is returned with it, of a part of more than a million nodes ErrBudget. The root
// has no name, and no part gives nil.
func (f *File) Tree(name string) (*Node, error) {
	r, err := f.Reader(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	root := &Node{}
	err = (&builder{stack: []*Node{root}}).build(r)
	f.cut = f.cut || IsBudget(err)
	return root, err
}

// Cut tells whether Tree has given a part without its end because of a limit.
func (f *File) Cut() bool { return f.cut }

// Each streams XML and hands each complete child of the elements named parent to visit, so that
// memory is bounded by one child and not by the part. A child of very many nodes comes in pieces: the element again, with the kids that
// follow and without those that came before.
func Each(r io.Reader, parent string, visit func(*Node) error) error {
	_, err := EachOf(r, func(stack []*Node) bool {
		if stack[len(stack)-1].Name != parent {
			return false
		}
		for _, s := range stack[:len(stack)-1] {
			if s.Name == parent {
				return false
			}
		}
		return true
	}, visit)
	return err
}

// Each hands the children of a part's outermost element to visit, one after the other, as the function Each does. Pieces of one child are the same
// node. No part is ErrMissing.
func (f *File) Each(name string, visit func(*Node) error) error {
	r, err := f.Reader(name)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = EachOf(r, func(stack []*Node) bool { return len(stack) == 2 }, visit)
	return err
}

// EachOf is Each for the children of elements that parent is told of, with those they stand in from the outermost on. It gives the tree
// without these children, as far as the part could be read.
func EachOf(r io.Reader, parent func(stack []*Node) bool, visit func(*Node) error) (*Node, error) {
	root := &Node{}
	err := (&builder{stack: []*Node{root}, parent: parent, visit: visit}).build(r)
	return root, err
}

// builder grows a tree; with parent and visit it hands out the children of some elements.
type builder struct {
	stack  []*Node
	parent func(stack []*Node) bool
	visit  func(*Node) error
	child  int // the place of such a child in the stack, 0 outside of one
	count  int // nodes that are held of it
	around int // nodes that are held of what stands around such children
	names  map[string]string
}

func (b *builder) build(r io.Reader) error {
	b.names = map[string]string{}
	return Tokens(r, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			return b.start(t)
		case xml.EndElement:
			return b.end(t.Name.Local)
		case xml.CharData:
			if len(t) > 0 && !b.between() {
				top := b.stack[len(b.stack)-1]
				top.Kids = append(top.Kids, &Node{Text: string(t)})
				b.add(1 + len(t)/nodeBytes)
			}
		}
		return nil
	})
}

// between says that what comes next stands between children that are handed out: text there is white space, in any amount.
func (b *builder) between() bool { return b.parent != nil && b.child == 0 && b.parent(b.stack) }

func (b *builder) start(t xml.StartElement) error {
	switch {
	case b.child > 0 && b.count > mostNodes:
		if err := b.handOver(); err != nil {
			return err
		}
	case b.around > maxNodes:
		return fmt.Errorf("tree: %w", ErrBudget)
	}
	n := &Node{Name: b.name(t.Name.Local)}
	if len(t.Attr) > 0 {
		n.Attr = append([]xml.Attr(nil), t.Attr...)
	}
	top := b.stack[len(b.stack)-1]
	if b.between() {
		b.child = len(b.stack)
	}
	b.add(1 + len(t.Attr))
	top.Kids = append(top.Kids, n)
	b.stack = append(b.stack, n)
	return nil
}

// add counts nodes.
func (b *builder) add(n int) {
	if b.child > 0 {
		b.count += n
	} else {
		b.around += n
	}
}

// name gives equal names one place in memory.
func (b *builder) name(s string) string {
	if n, ok := b.names[s]; ok {
		return n
	}
	if len(b.names) < 1000 {
		s = strings.Clone(s)
		b.names[s] = s
	}
	return s
}

func (b *builder) end(name string) error {
	i := len(b.stack) - 1
	for i > 0 && b.stack[i].Name != name {
		i--
	}
	if i == 0 {
		return nil
	}
	n := b.stack[i]
	b.stack = b.stack[:i]
	switch {
	case b.child == 0 || i > b.child+1 || i == b.child+1 && b.count <= cutNodes:
		return nil
	case i == b.child+1:
		return b.handOver()
	}
	// The child, or something around it, has ended.
	if i < b.child {
		b.child = 0
		return nil
	}
	p := b.stack[i-1]
	p.Kids = p.Kids[:len(p.Kids)-1]
	b.child, b.count = 0, 0
	return b.visit(n)
}

// handOver gives away what there is of a child, and keeps what is still open of it.
func (b *builder) handOver() error {
	if err := b.visit(b.stack[b.child]); err != nil {
		return err
	}
	for i := b.child; i < len(b.stack); i++ {
		b.stack[i].Kids = nil
		if i+1 < len(b.stack) {
			b.stack[i].Kids = []*Node{b.stack[i+1]}
		}
	}
	b.count = 0
	return nil
}
