// Package wpclient speaks to one WordPress site with the ai-doc-pipeline plugin: docs/protocol.md is its contract, and
// nothing else in the agent knows that wire.
//
// Discover finds a site's REST root, Join trades a one-time token for a key, and a Client made by New leases, beats,
// reports and downloads with that key. Every request is signed anew for each attempt and every answer is verified
// against the very request it answers before a byte of it is trusted.
//
// Nothing is retried here, but Discover. Each failure is an *Error whose Kind says what a caller may conclude from it.
// The rule behind the kinds: only an answer signed by the site can end a job, a lease or a result. Whatever else comes
// back, a proxy's page, a firewall's 403, half an answer, is Transient, and the caller asks again.
//
// A Client is safe for concurrent use.
package wpclient
