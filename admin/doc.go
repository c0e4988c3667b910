// Package admin is the HTTP rim: the JSON API for integrators, admins and compliance staff, the participants' endpoints,
// the pages and assets, presets with their checks, API keys and the answers to health probes. It decides nothing about a
// session: session.Hub does, and audit.Log keeps the evidence. openapi.json describes the API; docs/API.md is the manual.
//
// One file holds one noun. New builds a Server from a Config; Settings and Checker can be used without one, as
// `binnacle check` and the hub do.
package admin
