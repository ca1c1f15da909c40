package zipx

import (
	"slices"
	"testing"
)

func TestRels(t *testing.T) {
	f := Parts(map[string][]byte{"ppt/slides/_rels/slide1.xml.rels": []byte(`<Relationships>` +
		`<Relationship Id="r3" Type="http://x/image" Target="../media/b.png"/>` +
		`<Relationship Id="r1" Type="http://x/image" Target="/ppt/media/a.png"/>` +
		`<Relationship Id="r0" Type="http://x/image" Target="http://elsewhere/c.png" TargetMode="External"/>` +
		`<Relationship Id="r2" Type="http://x/comments" Target="c.xml"/></Relationships>`)}, 1<<20)
	rels := f.Rels("ppt/slides/slide1.xml")
	if got := rels.Targets("image"); !slices.Equal(got, []string{"ppt/media/a.png", "ppt/media/b.png"}) {
		t.Errorf("pictures: %q", got)
	}
	if got, want := rels.Sorted(), []Rel{{"image", "ppt/media/a.png"}, {"comments", "ppt/slides/c.xml"}, {"image", "ppt/media/b.png"}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := rels.Part("image", "usual"); got != "ppt/media/a.png" {
		t.Errorf("first picture: %q", got)
	}
	if got := rels.Part("styles", "usual"); got != "usual" {
		t.Errorf("a part without a relationship: %q", got)
	}
	if got := f.Rels("other.xml"); len(got) != 0 {
		t.Errorf("a part without relationships: %v", got)
	}
}
