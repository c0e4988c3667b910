package admin_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"binnacle/admin"
)

// description reads openapi.json.
func description(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData([]byte(admin.OpenAPI()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// described fails the test when an answer, or a request that was accepted, is not as openapi.json says. It returns the
// operation.
func described(t *testing.T, router routers.Router, req *http.Request, sent string, got answer) (operation string) {
	t.Helper()
	again := req.Clone(t.Context())
	again.Body = io.NopCloser(strings.NewReader(sent))
	again.URL.Scheme, again.URL.Host = "", ""
	route, params, err := router.FindRoute(again)
	if err != nil {
		var wrong *routers.RouteError
		if errors.As(err, &wrong) && (got.status == 404 || got.status == 405 || got.status == 301 || got.status == 204) {
			return "" // what may happen at any address needs no description
		}
		t.Fatalf("%s %s is not described: %v", req.Method, req.URL.Path, err)
	}
	input := &openapi3filter.RequestValidationInput{Request: again, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true}}
	if got.status < 400 {
		if err := openapi3filter.ValidateRequest(t.Context(), input); err != nil {
			t.Errorf("%s %s was accepted, but is not described: %v", req.Method, req.URL.Path, err)
		}
	}
	output := &openapi3filter.ResponseValidationInput{RequestValidationInput: input, Status: got.status, Header: got.header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true, ExcludeResponseBody: len(got.body) == 0 || !isJSON(got)}}
	output.SetBodyBytes(got.body)
	if err := openapi3filter.ValidateResponse(context.WithoutCancel(t.Context()), output); err != nil {
		t.Errorf("%s %s: answer %d is not as described: %v\n%.2000s", req.Method, req.URL.Path, got.status, err, got.body)
	}
	if len(got.body) > 0 && got.status != http.StatusNotModified && !isJSON(got) {
		kind, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
		if res := route.Operation.Responses.Status(got.status); res == nil || res.Value.Content.Get(kind) == nil {
			t.Errorf("%s %s: content type %q is not described", req.Method, req.URL.Path, kind)
		}
	}
	return route.Operation.OperationID
}

func isJSON(a answer) bool {
	return strings.HasPrefix(a.header.Get("Content-Type"), "application/json")
}

func TestDescriptionIsValidWithItsExamples(t *testing.T) {
	if err := description(t).Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
}

func TestEveryRouteIsDescribedAndNothingElse(t *testing.T) {
	w := newWorld(t)
	doc := description(t)
	plain := strings.NewReplacer("{$}", "", "...}", "}")
	served := map[string]admin.Route{}
	for _, route := range w.server.Routes() {
		served[route.Method+" "+plain.Replace(route.Pattern)] = route
	}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			route, ok := served[method+" "+path]
			if !ok {
				t.Errorf("%s %s is described, but not served", method, path)
				continue
			}
			delete(served, method+" "+path)
			if route.Scope != "" && !strings.Contains(operation.Description, "`"+route.Scope+"`") {
				t.Errorf("%s %s: the description does not name the scope %s", method, path, route.Scope)
			}
			if operation.Security == nil || (route.Scope != "") != securedBy(*operation.Security, "apiKey") {
				t.Errorf("%s %s: the description's security does not fit the scope %q", method, path, route.Scope)
			}
		}
	}
	for name := range served {
		t.Errorf("%s is served, but not described", name)
	}
}

func securedBy(all openapi3.SecurityRequirements, scheme string) bool {
	for _, one := range all {
		if _, ok := one[scheme]; ok {
			return true
		}
	}
	return false
}
