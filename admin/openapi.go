package admin

import (
	_ "embed"
	"net/http"
)

//go:embed openapi.json
var openAPI string

// OpenAPI returns the description of the API in JSON: the document that is served at /api/openapi.json.
func OpenAPI() string { return openAPI }

// serveOpenAPI answers GET /api/openapi.json.
func (s *Server) serveOpenAPI(w http.ResponseWriter, r *http.Request) error {
	newAsset([]byte(openAPI), "application/json; charset=utf-8").serve(w, r, cacheCheck)
	return nil
}
