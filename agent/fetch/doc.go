// Package fetch spools a document to a private file on disk: from the site's file route, a URL or S3.
//
// A source is an Opener; Fetch does the rest for all of them: a byte cap and a sha256 while the bytes pass, resuming
// of broken transfers, an idle timeout, fsync and rename, and one typed Error for whatever goes wrong. The name the
// document had at its upload never touches the disk.
package fetch
