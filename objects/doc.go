// Package objects is one small interface over S3-compatible storage or a directory: whole objects, conditional
// writes, listing by prefix. It is what Binnacle keeps evidence, settings and the directory of sessions in.
package objects
