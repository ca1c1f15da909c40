// Package lease is the right to work on one job: until when it lasts (the fence), how far the work is, and every cause that ends it. It
// knows the words of the wire, but asks no site and does no work.
package lease
