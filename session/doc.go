// Package session owns calls and their co-browsing sessions: who is in, who navigates, what is recorded. It is the only
// package that sees the page, the participants' sockets and the evidence together.
package session
