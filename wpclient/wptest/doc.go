// Package wptest is a fake site: an HTTP server in the test's own process that speaks docs/protocol.md, so that tests
// drive the real client over a real connection.
//
// It verifies requests and signs answers with code of its own, keeps jobs with epochs and lease tokens as the plugin
// does, refuses unknown and missing fields, and can misbehave on demand (see Fault).
package wptest
