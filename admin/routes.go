package admin

import "net/http"

// Route is one method and pattern of net/http's ServeMux. Scope is the scope that an API key needs, "" where none is asked.
type Route struct {
	Method  string
	Pattern string
	Scope   string
}

type route struct {
	Route
	handle func(http.ResponseWriter, *http.Request) error
}

// Routes returns every route of the server.
func (s *Server) Routes() []Route {
	var list []Route
	for _, rt := range s.routes() {
		list = append(list, rt.Route)
	}
	return list
}

func (s *Server) routes() []route {
	open := func(method, pattern string, handle func(http.ResponseWriter, *http.Request) error) route {
		return route{Route: Route{Method: method, Pattern: pattern}, handle: handle}
	}
	api := func(method, pattern, scope string, handle func(http.ResponseWriter, *http.Request) error) route {
		return route{Route: Route{Method: method, Pattern: "/api/v1" + pattern, Scope: scope}, handle: handle}
	}
	routes := []route{
		open("GET", "/assets/{file...}", s.serveAsset),
		open("GET", "/tag/{version}/binnacle.js", s.serveTag),
		open("GET", "/config.json", s.serveConfig),
		open("GET", "/api/openapi.json", s.serveOpenAPI),
		open("GET", "/healthz", s.serveHealth),
		open("GET", "/readyz", s.serveReady),

		open("POST", "/join", s.join),
		open("GET", "/c/{call}/presets", s.callPresets),
		open("POST", "/c/{call}/session", s.callStart),
		open("GET", "/c/{call}/ws", s.callSocket),
		open("GET", "/s/{session}/ws", s.sessionSocket),

		api("GET", "/presets", ScopePresetsRead, s.listPresets),
		api("POST", "/presets", ScopePresetsWrite, s.addPreset),
		api("GET", "/presets/{preset}", ScopePresetsRead, s.getPreset),
		api("PUT", "/presets/{preset}", ScopePresetsWrite, s.changePreset),
		api("DELETE", "/presets/{preset}", ScopePresetsWrite, s.removePreset),
		api("POST", "/presets/{preset}/check", ScopePresetsWrite, s.checkPreset),
		api("POST", "/check", ScopePresetsWrite, s.checkAddress),
		api("GET", "/script-tag", ScopePresetsRead, s.scriptTag),

		api("GET", "/clients", ScopeRecordsRead, s.listClients),
		api("POST", "/clients", ScopeClientsWrite, s.addClient),
		api("GET", "/clients/{client}", ScopeRecordsRead, s.getClient),
		api("PUT", "/clients/{client}", ScopeClientsWrite, s.putClient),
		api("GET", "/clients/{client}/activities", ScopeRecordsRead, s.listActivities),

		api("POST", "/calls", ScopeCallsWrite, s.addCall),
		api("GET", "/calls/{call}", ScopeCallsRead, s.getCall),
		api("POST", "/calls/{call}/participants", ScopeCallsWrite, s.addParticipant),
		api("PATCH", "/calls/{call}/participants/{participant}", ScopeCallsWrite, s.admitParticipant),
		api("DELETE", "/calls/{call}/participants/{participant}", ScopeCallsWrite, s.removeParticipant),
		api("POST", "/calls/{call}/participants/{participant}/join-link", ScopeCallsWrite, s.joinLink),
		api("POST", "/calls/{call}/session", ScopeCallsWrite, s.startSession),
		api("DELETE", "/calls/{call}/session", ScopeCallsWrite, s.stopSession),
		api("GET", "/sessions/{session}", ScopeCallsRead, s.getSession),

		api("GET", "/records/{session}", ScopeRecordsRead, s.getRecord),
		api("GET", "/records/{session}/timeline", ScopeRecordsRead, s.timeline),
		api("GET", "/records/{session}/log", ScopeRecordsRead, s.downloadLog),

		api("GET", "/keys", ScopeKeysWrite, s.listKeys),
		api("POST", "/keys", ScopeKeysWrite, s.addKey),
		api("DELETE", "/keys/{key}", ScopeKeysWrite, s.removeKey),
	}
	for pattern, name := range pageFiles() {
		routes = append(routes, open("GET", pattern, s.servePage(name)))
	}
	return routes
}
