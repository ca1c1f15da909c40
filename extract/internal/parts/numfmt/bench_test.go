package numfmt

import "testing"

func BenchmarkFormat(b *testing.B) {
	for b.Loop() {
		Format(1234.567, "#,##0.00_);[Red](#,##0.00)", false)
	}
}
