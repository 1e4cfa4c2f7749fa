package sim_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"seatkeeper/backend/sim"
)

// specsDir finds Atlassian's OpenAPI files: SEATKEEPER_SPECS, or the folder beside the repository. They are not part of
// the repository, so the test is skipped without them, unless SEATKEEPER_REQUIRE_SPECS says that they must be there.
func specsDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SEATKEEPER_SPECS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "atlassian", "specs")
	}
	if _, err := os.Stat(filepath.Join(dir, "README.md")); err != nil {
		if os.Getenv("SEATKEEPER_REQUIRE_SPECS") != "" {
			t.Fatalf("Atlassian's OpenAPI files are required and not in %s: %v", dir, err)
		}
		t.Skipf("Atlassian's OpenAPI files are not in %s; set SEATKEEPER_SPECS to their folder", dir)
	}
	return dir
}

// specification is an OpenAPI document with its paths in the simulator's spelling.
type specification struct {
	name  string
	paths map[string]*openapi3.PathItem
}

// variable makes the names of path variables equal, which the documents choose differently.
var variable = regexp.MustCompile(`\{[^}]*\}`)

func load(t *testing.T, dir, file, prefix string, patch func(map[string]any)) specification {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	patch(raw)
	if data, err = json.Marshal(raw); err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	s := specification{file, map[string]*openapi3.PathItem{}}
	for path, item := range doc.Paths.Map() {
		s.paths[variable.ReplaceAllString(prefix+path, "{}")] = item
	}
	return s
}

// at walks into a decoded document.
func at(t *testing.T, v map[string]any, keys ...string) map[string]any {
	t.Helper()
	for _, k := range keys {
		next, ok := v[k].(map[string]any)
		if !ok {
			t.Fatalf("the document has no %q in %v", k, keys)
		}
		v = next
	}
	return v
}

// The exceptions below are the whole list of places where the simulator knowingly differs from the documents.

func patchAdmin(t *testing.T) func(map[string]any) {
	return func(doc map[string]any) {
		schema := func(keys ...string) map[string]any {
			return at(t, doc, append([]string{"components", "schemas"}, keys...)...)
		}
		// The keys of apps are an open set: Compass and Jira Product Discovery came after the document.
		delete(schema("Product", "properties", "key"), "enum")
		delete(schema("UserProductLastActive", "properties", "key"), "enum")
		// for_deletion was added in 2026.
		schema("Status")["enum"] = append(schema("Status")["enum"].([]any), "for_deletion")
		// A missing link is null in the answers that were seen; the document has no null.
		for _, name := range []string{"LinkPageModel", "LinkPageCursor"} {
			schema(name, "properties", "next")["nullable"] = true
			schema(name, "properties", "prev")["nullable"] = true
		}
		// The items of roles refer to the list of role ids, which makes it a list of lists; its own example is a plain list.
		for _, name := range []string{"MultiDirectoryUserRoleAssignment", "MultiDirectoryGroupRoleAssignment"} {
			schema(name, "properties", "roles")["items"] = map[string]any{"type": "string"}
		}
		schema("CursorNextPageModel", "properties", "next")["nullable"] = true
	}
}

// olderForms are the documented listings whose rows the undocumented searches return, with more fields.
var olderForms = map[string]string{
	"POST /admin/v2/orgs/{orgId}/directories/{directoryId}/users/search":  "/admin/v2/orgs/{orgId}/directories/{directoryId}/users",
	"POST /admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search": "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups",
}

func patchManage(t *testing.T) func(map[string]any) {
	return func(doc map[string]any) {
		// The list of tokens refers to a response where its schema is due, which no loader accepts.
		list := at(t, doc, "paths", "/users/{accountId}/manage/api-tokens", "get", "responses", "200", "content", "application/json", "schema")
		list["items"] = at(t, doc, "components", "responses", "ApiTokenResponse", "content", "application/json", "schema")
		// The pattern of an account id ends with a line break that no id has.
		id := at(t, doc, "components", "schemas", "AccountId")
		id["pattern"] = strings.TrimSpace(id["pattern"].(string))
		// A discriminator must be a string and "allowed" is a boolean; oneOf alone says the same.
		delete(at(t, doc, "components", "schemas", "Manageability.Rule.Simple"), "discriminator")
	}
}

func patchJira(t *testing.T) func(map[string]any) {
	return func(doc map[string]any) {
		// managedBy was added to found groups in 2026.
		at(t, doc, "components", "schemas", "FoundGroup", "properties")["managedBy"] = map[string]any{"type": "string"}
		// The 403 of the license count refers to a schema without any property; its own example is an error collection.
		schemas := at(t, doc, "components", "schemas")
		schemas["ErrorCollections"] = schemas["ErrorCollection"]
		// authorAccountId came with the privacy changes, which the document missed here; for the time see below.
		record := at(t, doc, "components", "schemas", "AuditRecordBean", "properties")
		record["authorAccountId"] = map[string]any{"type": "string"}
		delete(record["created"].(map[string]any), "format")
		// Jira's times have a zone without a colon, also in the documents' own examples.
		for _, name := range []string{"serverTime", "buildDate"} {
			delete(at(t, doc, "components", "schemas", "ServerInformation", "properties", name), "format")
		}
	}
}

// contract is a transport that compares each answer with the documents.
type contract struct {
	t     *testing.T
	w     *sim.World
	specs []specification
	// checked counts the validated answers by call and status; open are calls and statuses that no document covers.
	checked, open map[string]int
	names         *names
}

// RoundTrip implements http.RoundTripper.
func (c *contract) RoundTrip(r *http.Request) (*http.Response, error) {
	before := c.w.Journal()
	resp, err := c.w.Transport().RoundTrip(r)
	if err != nil {
		return nil, err
	}
	entries := c.w.Journal()
	entry := entries[len(before)]
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil {
		return nil, err
	}
	resp.Body = readCloser{bytes.NewReader(body.Bytes())}
	if entry.Template != "" {
		template := strings.TrimPrefix(entry.Template, "/ex/jira/{cloudId}")
		if err := c.check(r.Method, template, resp, body.Bytes()); err != nil {
			c.t.Errorf("%s %s answered %d: %v\n%.600s", r.Method, template, resp.StatusCode, err, body.Bytes())
		}
	}
	return resp, nil
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

func (c *contract) check(method, template string, resp *http.Response, body []byte) error {
	call := method + " " + template
	name := fmt.Sprintf("%s -> %d", call, resp.StatusCode)
	if older, ok := olderForms[call]; ok {
		method, template, name = http.MethodGet, older, name+" (as the older listing)"
	}
	if resp.StatusCode == http.StatusForbidden && bytes.Contains(body, []byte(`"forbidden.insufficientScope"`)) {
		// Keys with scopes came after the document of user management.
		c.open[name+" forbidden.insufficientScope"]++
		return nil
	}
	for _, s := range c.specs {
		item := s.paths[variable.ReplaceAllString(template, "{}")]
		if item == nil || item.GetOperation(method) == nil {
			continue
		}
		documented := item.GetOperation(method).Responses.Status(resp.StatusCode)
		if documented == nil || documented.Value == nil {
			c.open[name]++
			return nil
		}
		c.checked[name]++
		if media := documented.Value.Content.Get("application/json"); media != nil && resp.StatusCode == http.StatusOK && !strings.Contains(s.name, "jira") {
			c.names.note(call, media.Schema.Value, body)
		}
		return validate(documented.Value, resp.Header.Get("Content-Type"), body)
	}
	c.open[call]++
	return nil
}

func validate(r *openapi3.Response, contentType string, body []byte) error {
	kind, _, _ := mime.ParseMediaType(contentType)
	media := r.Content.Get("application/json")
	if media == nil || media.Schema == nil || kind == "text/plain" {
		return nil // a status without a described body
	}
	if kind != "application/json" {
		return fmt.Errorf("content type %q", contentType)
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	err := media.Schema.Value.VisitJSON(v, openapi3.MultiErrors(), openapi3.VisitAsResponse(), openapi3.EnableFormatValidation(), openapi3.DisableSchemaErrorDetails())
	var many openapi3.MultiError
	if errors.As(err, &many) && len(many) > 3 {
		return errors.Join(many[:3]...)
	}
	return err
}

// Every answer of every call that the documents cover has the documented shape.
func TestAnswersFitAtlassiansDocuments(t *testing.T) {
	dir := specsDir(t)
	specs := []specification{
		load(t, dir, "admin-organization.2025-07.swagger.v3.json", "/admin", patchAdmin(t)),
		load(t, dir, "user-management.2022-08.swagger.v3.json", "", patchManage(t)),
		load(t, dir, "jira-cloud-platform-v3.2025-07.swagger.v3.json", "", patchJira(t)),
	}
	checked, open, seen := map[string]int{}, map[string]int{}, &names{}
	for _, original := range []bool{false, true} {
		c := newClient(t, sim.Config{People: 400, Sites: 2, Seed: 11, Original: original})
		c.hc.Transport = &contract{t, c.w, specs, checked, open, seen}
		walk(c)
		walkRefusals(c)
	}
	seen.check(t)
	org, site := sim.Routes()
	for _, call := range slices.Concat(org, site) {
		asked := open[call] > 0 || checked[call+" -> 200 (as the older listing)"] > 0
		for _, status := range []int{200, 201, 204} {
			asked = asked || checked[fmt.Sprintf("%s -> %d", call, status)] > 0
		}
		if !asked {
			t.Errorf("%s is served and was not asked", call)
		}
	}
	t.Logf("%d calls and statuses validated", len(checked))
	var names []string
	for name := range open {
		names = append(names, name)
	}
	slices.Sort(names)
	t.Logf("not covered by the documents, so not validated:\n\t%s", strings.Join(names, "\n\t"))
	if len(checked) < 60 {
		t.Errorf("only %d calls and statuses were validated", len(checked))
	}
}
