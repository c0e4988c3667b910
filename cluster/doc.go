// Package cluster is the directory of sessions: which node owns which session, since which epoch. It is a map in one
// process (Local) or objects in a store that all nodes share (Objects); it never compares the clocks of two nodes.
package cluster
