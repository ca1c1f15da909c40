// Package bench is what measurements share: what processes cost, what a site was asked, the real agent as a process,
// samples, and the pages in docs/ that they write.
package bench
