// Package agent orchestrates: it leases jobs from WordPress sites, has each worked off (package pipeline) and sees to it that the
// outcome is delivered (package outbox), until it is told to stop. It puts its rooms together; none of them knows it.
//
// It holds no wire format (wpclient), no document reader (extract), no model SDK (llm). What it
// owns is the session with a site: what is asked of it, when, and what happens to the work
// when the right to it ends. The rest follows from three rules:
//
//   - Work stops before the lease can pass on. The fence of a lease is a monotonic timer set from
//     the send time of the last good beat (package lease).
//   - What was paid for is on disk before it counts as done (package journal): pages, model
//     answers, results. A finished result leaves through the outbox, never straight from memory.
//   - Only a signed answer of the site ends a job. Everything else is transient, and is waited out.
package agent
