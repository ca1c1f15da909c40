package zipx

// WalkPart visits every element of a part.
func WalkPart(f *File, name string, visit func(*Node)) error {
	root, err := f.Tree(name)
	if root != nil {
		root.Walk(func(n *Node) bool { visit(n); return true })
	}
	return err
}

// Paragraphs are the paragraphs and headings below n, without those inside one another.
func Paragraphs(n *Node) []*Node {
	var out []*Node
	n.Walk(func(k *Node) bool {
		if k.Name == "p" || k.Name == "h" {
			out = append(out, k)
			return false
		}
		return true
	})
	return out
}
