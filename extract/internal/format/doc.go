// Package format is the home of the readers, one package for each family of formats. What tests several of them at once stands here.
package format
