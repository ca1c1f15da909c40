// Package agent orchestrates: it leases jobs from WordPress sites, runs each through an ordered
// list of steps (download, extract, summarise, store, report) and delivers the outcome.
//
// It holds no wire format (wpclient), no document reader (extract), no model SDK (llm). What it
// owns is the life of a lease: who may work on a job, until when, and what happens to the work
// when that right ends. Three rules carry the rest:
//
//   - Work stops before the lease can pass on. The fence of a lease is a monotonic timer set from
//     the send time of the last good beat (package lease).
//   - What was paid for is on disk before it counts as done (package journal): pages, model
//     answers, results. A finished result leaves through the outbox, never straight from memory.
//   - Only a signed answer of the site ends a job. Everything else is weather, and is waited out.
package agent
