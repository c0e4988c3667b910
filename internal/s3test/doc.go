// Package s3test runs the real S3 server of internal/s3dev for tests: every test gets its own, on a loopback port, over
// a folder of its own, and may kill it and start it again.
package s3test
