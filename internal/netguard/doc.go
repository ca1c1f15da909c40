// Package netguard decides where connections may go: after DNS, for the very address that is about to be dialled. A name
// that resolves differently a second time gains nothing.
//
// There are two policies. Public is for what a site names (documents that lie elsewhere): the internet at large. Dialer is
// for what the operator named (the site itself): private networks too, but this machine only where it was meant, and
// never an address at which a network or a cloud keeps its own secrets.
package netguard
