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

// maxNodes bounds one tree.
const maxNodes = 4 << 20

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

// Tree reads a whole part as one tree; what came before an error is returned with it. The root has no name, and no part gives nil.
func (f *File) Tree(name string) (*Node, error) {
	r, err := f.Reader(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	root := &Node{}
	err = build(r, root, nil)
	return root, err
}

// Each streams XML and hands each complete child of the elements named parent to visit, so that
// memory is bounded by one child and not by the part.
func Each(r io.Reader, parent string, visit func(*Node) error) error {
	return build(r, &Node{}, func(stack []*Node, n *Node) (bool, error) {
		if stack[len(stack)-1].Name != parent {
			return false, nil
		}
		for _, s := range stack[:len(stack)-1] {
			if s.Name == parent {
				return false, nil
			}
		}
		return true, visit(n)
	})
}

// build grows the tree; done is asked at each end tag whether the child is dealt with and can go.
func build(r io.Reader, root *Node, done func(stack []*Node, n *Node) (bool, error)) error {
	stack := []*Node{root}
	count := 0
	return Tokens(r, func(t xml.Token) error {
		top := stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if count++; count > maxNodes {
				return fmt.Errorf("tree: %w", ErrBudget)
			}
			n := &Node{Name: t.Name.Local}
			if len(t.Attr) > 0 {
				n.Attr = append([]xml.Attr(nil), t.Attr...)
			}
			top.Kids = append(top.Kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			i := len(stack) - 1
			for i > 0 && stack[i].Name != t.Name.Local {
				i--
			}
			if i == 0 {
				return nil
			}
			n := stack[i]
			stack = stack[:i]
			if done != nil {
				gone, err := done(stack, n)
				if err != nil {
					return err
				}
				if gone {
					p := stack[len(stack)-1]
					p.Kids = p.Kids[:len(p.Kids)-1]
					count = 0
				}
			}
		case xml.CharData:
			if len(t) > 0 {
				top.Kids = append(top.Kids, &Node{Text: string(t)})
			}
		}
		return nil
	})
}
