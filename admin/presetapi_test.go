package admin_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"binnacle/admin"
)

// presetList is the answer of GET /presets.
type presetList struct {
	Items []admin.Preset
	Next  string
}

func newCheckedWorld(t *testing.T) *world {
	_, cfg := newBank(t)
	return newWorld(t, func(c *admin.Config) { c.Checker = admin.NewChecker(cfg) })
}

func TestAdminAddsAPresetAndItIsCheckedAtOnce(t *testing.T) {
	w := newCheckedWorld(t)
	var made admin.Preset
	got := w.ask(t, "POST", "/api/v1/presets", map[string]any{"name": " Apply ", "address": "HTTPS://Example.com/apply#top"}).into(t, 201, &made)
	if made.Name != "Apply" || made.Address != "https://example.com/apply" || made.Scope != "origin" || made.Check == nil || !made.Check.OK {
		t.Errorf("preset = %s, want it tidy and checked", got.body)
	}
	if got.header.Get("ETag") != `"1"` || got.header.Get("Location") != "/api/v1/presets/"+made.ID {
		t.Errorf("headers = %v, want the ETag and where it is", got.header)
	}
	w.ask(t, "POST", "/api/v1/presets", map[string]any{"name": "None", "address": "https://example.com/none"}).into(t, 201, &made)
	if made.Check == nil || made.Check.OK || codes(*made.Check) != "no_tag" {
		t.Errorf("check = %+v, want no_tag", made.Check)
	}
	var list presetList
	w.ask(t, "GET", "/api/v1/presets", nil).into(t, 200, &list)
	if len(list.Items) != 2 || list.Items[0].Name != "Apply" || list.Items[1].Check == nil || list.Items[1].Check.OK {
		t.Errorf("list = %+v, want both by name with their checks", list)
	}
}

func TestPlainHTTPAddressIsKeptAndSaidToBeNotHTTPS(t *testing.T) {
	w := newCheckedWorld(t)
	var made admin.Preset
	w.ask(t, "POST", "/api/v1/presets", map[string]any{"name": "Plain", "address": "http://example.com/"}).into(t, 201, &made)
	if codes(*made.Check) != "not_https" {
		t.Errorf("check = %+v, want not_https", made.Check)
	}
}

func TestPresetIsCheckedAgainWhenItChangesAndOnDemand(t *testing.T) {
	w := newCheckedWorld(t)
	var p admin.Preset
	w.ask(t, "POST", "/api/v1/presets", map[string]any{"name": "Apply", "address": "https://example.com/none"}).into(t, 201, &p)
	path := "/api/v1/presets/" + p.ID
	w.ask(t, "PUT", path, map[string]any{"name": "Apply", "address": "https://example.com/apply", "scope": "prefix", "width": 1024}, with("If-Match", `"1"`)).into(t, 200, &p)
	if p.Version != "2" || !p.Check.OK || p.Width != 1024 || p.Scope != "prefix" {
		t.Errorf("preset = %+v, want version 2, ok", p)
	}
	before := p.Check.At
	w.ask(t, "POST", path+"/check", nil).into(t, 200, &p)
	if !p.Check.At.After(before) || p.Version != "2" {
		t.Errorf("checked at %v, version %s: want a later check of the same version", p.Check.At, p.Version)
	}
	var report admin.Report
	w.ask(t, "POST", "/api/v1/check", map[string]any{"address": "https://example.com/old"}).into(t, 200, &report)
	if codes(report) != "old_version" {
		t.Errorf("report = %+v, want old_version", report)
	}
}

func TestSecondAdminIsToldThatThePresetChanged(t *testing.T) {
	w := newCheckedWorld(t)
	p := w.addPreset(t, "Apply", "https://example.com/apply")
	path := "/api/v1/presets/" + p.ID
	change := map[string]any{"name": "Apply now", "address": p.Address}
	w.ask(t, "PUT", path, change, with("If-Match", `"1"`)).into(t, 200, nil)
	w.ask(t, "PUT", path, change, with("If-Match", `"1"`)).fails(t, 412, "version_changed")
	w.ask(t, "DELETE", path, nil, with("If-Match", `"1"`)).fails(t, 412, "version_changed")
	w.ask(t, "PUT", path, change, with("If-Match", "1")).fails(t, 422, "invalid")
	w.ask(t, "PUT", path, change, with("If-Match", "*")).into(t, 200, nil)
	w.ask(t, "DELETE", path, nil, with("If-Match", `"3"`)).into(t, 204, nil)
	w.ask(t, "GET", path, nil).fails(t, 404, "not_found")
	w.ask(t, "DELETE", path, nil).fails(t, 404, "not_found")
	w.ask(t, "POST", path+"/check", nil).fails(t, 404, "not_found")
}

func TestNameOfAPresetIsUnique(t *testing.T) {
	w := newCheckedWorld(t)
	w.addPreset(t, "Apply", "https://example.com/apply")
	other := w.addPreset(t, "Other", "https://example.com/apply")
	w.ask(t, "POST", "/api/v1/presets", map[string]any{"name": "APPLY", "address": "https://example.com/"}).fails(t, 409, "name_taken")
	w.ask(t, "PUT", "/api/v1/presets/"+other.ID, map[string]any{"name": "apply", "address": "https://example.com/"}).fails(t, 409, "name_taken")
	w.ask(t, "PUT", "/api/v1/presets/"+other.ID, map[string]any{"name": "OTHER", "address": "https://example.com/apply"}).into(t, 200, nil)
}

func TestAllFaultsOfAPresetAreToldAtOnce(t *testing.T) {
	w := newWorld(t)
	f := w.ask(t, "POST", "/api/v1/presets", map[string]any{"name": strings.Repeat("x", 81), "address": "https://u:geheim@example.com/", "scope": "all", "width": 5, "height": 9999, "scale": 0.5}).fails(t, 422, "invalid")
	if got := f.fieldCodes(); got != "name:out_of_range address:bad_address scope:bad_value width:out_of_range height:out_of_range scale:out_of_range" {
		t.Errorf("fields = %s", got)
	}
	f = w.ask(t, "POST", "/api/v1/presets", `{"name":7,"address":[],"colour":"red","width":"wide"}`).fails(t, 422, "invalid")
	if got := f.fieldCodes(); got != "name:wrong_type address:wrong_type width:wrong_type colour:unknown" {
		t.Errorf("fields = %s", got)
	}
	if strings.Contains(fmt.Sprint(f), "geheim") || strings.Contains(w.output.String(), "geheim") {
		t.Error("a password of an address was repeated")
	}
}

func TestListsComeInPages(t *testing.T) {
	w := newWorld(t)
	for i := range 7 {
		w.addPreset(t, fmt.Sprintf("Page %d", i), "https://example.com/")
	}
	var names []string
	for after, pages := "", 0; ; pages++ {
		var list presetList
		w.ask(t, "GET", "/api/v1/presets?limit=3&after="+after, nil).into(t, 200, &list)
		for _, p := range list.Items {
			names = append(names, p.Name)
		}
		if after = list.Next; after == "" {
			if pages != 2 {
				t.Errorf("%d pages, want 3", pages+1)
			}
			break
		}
		w.addPreset(t, fmt.Sprintf("A page before %d", pages), "https://example.com/")
	}
	if got := strings.Join(names, ","); got != "Page 0,Page 1,Page 2,Page 3,Page 4,Page 5,Page 6" {
		t.Errorf("names = %s, want each once though others were added", got)
	}
	for _, query := range []string{"limit=0", "limit=501", "limit=x", "after=%21"} {
		w.ask(t, "GET", "/api/v1/presets?"+query, nil).fails(t, 422, "invalid")
	}
}

func TestChangesAtTheSameTimeAllCount(t *testing.T) {
	w := newWorld(t)
	other := admin.NewSettings(settingsStore(w)) // another node
	var wg sync.WaitGroup
	for i := range 10 {
		for n, s := range []*admin.Settings{w.settings, other} {
			wg.Go(func() {
				if _, err := s.Add(t.Context(), admin.PresetFields{Name: fmt.Sprintf("%d from node %d", i, n), Address: "https://example.com/"}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if all, err := w.settings.List(t.Context()); err != nil || len(all) != 20 {
		t.Errorf("%d presets, %v: want 20", len(all), err)
	}
}

func TestSettingsHaveLimits(t *testing.T) {
	w := newWorld(t)
	w.fill(t, admin.MaxPresets, admin.MaxKeys)
	w.ask(t, "POST", "/api/v1/presets", map[string]any{"name": "One more", "address": "https://example.com/"}).fails(t, 409, "too_many")
	w.ask(t, "POST", "/api/v1/keys", map[string]any{"name": "One more", "scopes": []string{"calls:read"}}).fails(t, 409, "too_many")
}

func TestSettingsOfANewerProgramAreNotTouched(t *testing.T) {
	w := newWorld(t)
	store := settingsStore(w)
	_, etag, err := store.Get(t.Context(), admin.SettingsKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.PutIfMatch(t.Context(), admin.SettingsKey, []byte(`{"v":2,"presets":[],"keys":[]}`), etag); err != nil {
		t.Fatal(err)
	}
	if _, err := w.settings.Add(t.Context(), admin.PresetFields{Name: "x", Address: "https://example.com/"}); err == nil || !strings.Contains(err.Error(), "version 2") {
		t.Errorf("error = %v, want the version named", err)
	}
	w.ask(t, "GET", "/api/v1/presets", nil).fails(t, 500, "internal")
}

func TestEditorCopiesTheScriptTagOfAVersion(t *testing.T) {
	w := newWorld(t)
	var list struct {
		Items []struct {
			Version, URL, Integrity, Line string
			Recommended, Supported        bool
		}
	}
	w.ask(t, "GET", "/api/v1/script-tag", nil).into(t, 200, &list)
	if len(list.Items) < 2 || !list.Items[0].Recommended || list.Items[1].Recommended || list.Items[1].Supported {
		t.Fatalf("versions = %+v, want the recommended one first and old ones after it", list.Items)
	}
	v := list.Items[0]
	if want := `<script src="` + publicURL + "/tag/" + v.Version + `/binnacle.js" integrity="` + v.Integrity + `" crossorigin="anonymous" async></script>`; v.Line != want || v.URL != publicURL+"/tag/"+v.Version+"/binnacle.js" {
		t.Errorf("line = %s, want %s", v.Line, want)
	}
}

func TestCheckThatNobodyWaitsForSaysNothingAboutThePage(t *testing.T) {
	w := newCheckedWorld(t)
	p := w.addPreset(t, "Slow", "https://example.com/slow")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	req := httptest.NewRequestWithContext(ctx, "POST", "/api/v1/presets/"+p.ID+"/check", nil)
	as(w.key)(req)
	w.server.ServeHTTP(httptest.NewRecorder(), req)
	var now admin.Preset
	w.ask(t, "GET", "/api/v1/presets/"+p.ID, nil).into(t, 200, &now)
	if now.Check != nil {
		t.Errorf("check = %+v, want none", now.Check)
	}
	if log := w.output.String(); strings.Contains(log, "level=ERROR") || !strings.Contains(log, "status=499") {
		t.Errorf("log:\n%s\nwant no error, for nothing is wrong here", log)
	}
}
