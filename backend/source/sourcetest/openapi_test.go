package sourcetest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/getkin/kin-openapi/openapi3"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	_ "seatkeeper/backend/source/atlassianorg"
	_ "seatkeeper/backend/source/jiracloud"
	_ "seatkeeper/backend/source/jiradc"
	"seatkeeper/backend/source/sourcetest"
)

// uncovered are the calls that Atlassian's documents at hand do not know: they are older than these calls.
var uncovered = []string{
	"GET /_edge/tenant_info",
	"GET /rest/api/2/user/list", // in versions from 10.3 on; the document is of 10.0
	"GET /admin/api-access/v1/orgs/{}/api-keys",
	"GET /admin/v2/orgs/{}/directories/{}/groups/count",
	"GET /admin/v2/orgs/{}/directories/{}/users/count",
	"POST /admin/v2/orgs/{}/directories/{}/groups/search",
	"POST /admin/v2/orgs/{}/directories/{}/groups/{}/memberships",
	"DELETE /admin/v2/orgs/{}/directories/{}/groups/{}/memberships/{}",
	"POST /admin/v2/orgs/{}/directories/{}/users/search",
	"POST /admin/v2/orgs/{}/directories/{}/users/{}/restore",
	"POST /admin/v2/orgs/{}/directories/{}/users/{}/suspend",
	"DELETE /admin/v2/orgs/{}/directories/{}/groups/{}",
	"DELETE /admin/v2/orgs/{}/directories/{}/users/{}",
	"GET /admin/api-access/v1/orgs/{}/api-tokens",
	"POST /admin/v1/orgs/{}/users/{}/role-assignments/assign",
	"POST /admin/v1/orgs/{}/users/{}/role-assignments/revoke",
	"POST /admin/v2/orgs/{}/directories/{}/groups",
	"POST /admin/v2/orgs/{}/directories/{}/groups/{}/role-assignments/assign",
	"POST /admin/v2/orgs/{}/directories/{}/groups/{}/role-assignments/revoke",
	"POST /admin/v2/orgs/{}/users/invite",
	"POST /gateway/api/graphql",
	"POST /users/{}/manage/lifecycle/cancel-delete",
	"POST /users/{}/manage/lifecycle/delete",
}

// undeclared are parameters that the document of Data Center lacks although every Jira takes them, and one that it misplaces.
var undeclared = map[string][]string{
	"GET /rest/api/2/user":         {"expand"},
	"GET /rest/api/2/group/member": {"groupname"}, // declared as a part of the path, which has no place for it
}

// TestRequestsMatchAtlassiansDocuments makes every call of all kinds and holds each request against the OpenAPI documents.
func TestRequestsMatchAtlassiansDocuments(t *testing.T) {
	dir := specsDir(t)
	operations := map[string]*openapi3.Operation{}
	load(t, operations, filepath.Join(dir, "admin-organization.2025-07.swagger.v3.json"), "/admin")
	load(t, operations, filepath.Join(dir, "user-management.2022-08.swagger.v3.json"), "")
	load(t, operations, filepath.Join(dir, "jira-cloud-platform-v3.2025-07.swagger.v3.json"), "")
	load(t, operations, filepath.Join(dir, "jira-dc-10.0.swagger.v3.json"), "/rest")

	requests := record(t)
	if len(requests) < 60 {
		t.Fatalf("only %d requests were made", len(requests))
	}
	missing := map[string]bool{}
	covered := map[string]bool{}
	validated := 0
	for _, r := range requests {
		name, operation := find(operations, r)
		if operation == nil {
			missing[name] = true
			continue
		}
		covered[name] = true
		validated++
		checkQuery(t, name, operation, r.url.Query())
		checkBody(t, name, operation, r)
	}
	got, want := slices.Sorted(maps.Keys(missing)), slices.Sorted(slices.Values(uncovered))
	if !slices.Equal(got, want) {
		t.Errorf("not covered by the documents:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	t.Logf("%d requests of %d calls validated, of %d requests", validated, len(covered), len(requests))
	t.Logf("%d calls not covered by any document:\n\t%s", len(got), strings.Join(got, "\n\t"))
}

func specsDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SEATKEEPER_SPECS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "atlassian", "specs")
	}
	if _, err := os.Stat(filepath.Join(dir, "README.md")); err != nil {
		if os.Getenv("SEATKEEPER_REQUIRE_SPECS") != "" {
			t.Fatalf("Atlassian's OpenAPI files are required and not in %s: %v", dir, err)
		}
		t.Skipf("Atlassian's OpenAPI files are not in %s; set SEATKEEPER_SPECS to their folder", dir)
	}
	return dir
}

var variable = regexp.MustCompile(`\{[^}]*\}`)

func load(t *testing.T, into map[string]*openapi3.Operation, file, prefix string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var raw struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	var whole map[string]any
	if err := errors.Join(json.Unmarshal(data, &raw), json.Unmarshal(data, &whole)); err != nil {
		t.Fatal(err)
	}
	// Requests are held against the documents here, answers in the simulator's own test; some documents break in their answers.
	for path, methods := range raw.Paths {
		for method := range methods {
			if operation, ok := whole["paths"].(map[string]any)[path].(map[string]any)[method].(map[string]any); ok {
				operation["responses"] = map[string]any{}
			}
		}
	}
	if data, err = json.Marshal(whole); err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			into[method+" "+variable.ReplaceAllString(prefix+path, "{}")] = operation
		}
	}
}

// sent is one recorded request.
type sent struct {
	method string
	url    *url.URL
	body   []byte
	kind   string
}

type recording struct {
	mu   sync.Mutex
	list []sent
	next http.RoundTripper
}

func (r *recording) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	r.mu.Lock()
	r.list = append(r.list, sent{req.Method, req.URL, body, req.Header.Get("Content-Type")})
	r.mu.Unlock()
	return r.next.RoundTrip(req)
}

// record makes every call that the sources and the clients can make.
func record(t *testing.T) (all []sent) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 230, ExpandGroups: 2, DataCenters: 1})
		old := sim.New(sim.Config{People: 230, DataCenters: 1, DataCenter: sim.DataCenterConfig{NoUserList: true, PickerLimit: 20}})
		rec := &recording{}
		id, key := w.Organization()
		site := w.Sites()[0]
		for _, x := range []struct {
			w        *sim.World
			kind     domain.SourceKind
			settings map[string]string
			secret   string
			value    string
			person   string
		}{
			{w, domain.KindAtlassianOrg, map[string]string{"org_id": id, "my_account": site.Email}, "api_key", key, w.Operator()},
			{w, domain.KindJiraCloud, map[string]string{"site_url": site.URL, "email": site.Email}, "api_token", site.Token, w.Operator()},
			{w, domain.KindJiraDC, map[string]string{"base_url": w.DataCenters()[0].URL}, "token", w.DataCenters()[0].Token, w.DataCenters()[0].Operator},
			{old, domain.KindJiraDC, map[string]string{"base_url": old.DataCenters()[0].URL}, "token", old.DataCenters()[0].Token, old.DataCenters()[0].Operator},
		} {
			rec.next = x.w.Transport()
			read(t, x.kind, source.Config{
				Source:  domain.Source{Kind: x.kind, Settings: x.settings},
				Secrets: map[string]domain.Secret{x.secret: domain.NewSecret(x.value)}, Network: source.Network{Transport: rec},
			}, x.person)
		}
		every := sim.New(sim.Config{People: 230, DataCenters: 1})
		rec.next = every.Transport()
		callNeeded(t, every, rec)
		all = rec.list
	})
	return all
}

// read makes every call by which a source tests its connection and reads.
func read(t *testing.T, kind domain.SourceKind, cfg source.Config, person string) {
	t.Helper()
	k, _ := source.Kinds.Get(string(kind))
	src, err := k.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if r := src.Test(t.Context()); !r.OK {
		t.Errorf("%+v", r.Findings)
	}
	_, err = sourcetest.Collect(t.Context(), src)
	if reader, ok := src.(source.UserReader); ok {
		_, err2 := reader.ReadUsers(t.Context(), []string{person, "gone"})
		err = errors.Join(err, err2)
	}
	if err != nil {
		t.Error(err)
	}
}

// find gives the operation of a request; of several templates that fit the one with the fewest variables is meant.
func find(operations map[string]*openapi3.Operation, r sent) (string, *openapi3.Operation) {
	path := strings.TrimPrefix(r.url.EscapedPath(), "/jira") // the context path of the simulated instances
	parts := strings.Split(path, "/")
	fits := func(template string) bool {
		want := strings.Split(template, "/")
		if len(want) != len(parts) {
			return false
		}
		for i := range want {
			if want[i] != "{}" && want[i] != parts[i] {
				return false
			}
		}
		return true
	}
	best := ""
	for name := range operations {
		method, template, _ := strings.Cut(name, " ")
		if method == r.method && fits(template) && (best == "" || strings.Count(name, "{}") < strings.Count(best, "{}")) {
			best = name
		}
	}
	for _, name := range uncovered { // ".../users/count" must not pass for ".../users/{}"
		method, template, _ := strings.Cut(name, " ")
		if method == r.method && fits(template) && (best == "" || strings.Count(name, "{}") < strings.Count(best, "{}")) {
			return name, nil
		}
	}
	if best != "" {
		return best, operations[best]
	}
	return r.method + " " + path, nil
}

// checkQuery wants every parameter declared and of the right type, and the required ones given.
func checkQuery(t *testing.T, name string, operation *openapi3.Operation, query url.Values) {
	t.Helper()
	declared := map[string]*openapi3.Parameter{}
	for _, p := range operation.Parameters {
		if p.Value.In != openapi3.ParameterInQuery {
			continue
		}
		declared[p.Value.Name] = p.Value
		if p.Value.Required && !query.Has(p.Value.Name) {
			t.Errorf("%s: the required parameter %s is missing", name, p.Value.Name)
		}
	}
	for key, values := range query {
		p := declared[key]
		if p == nil && slices.Contains(undeclared[name], key) {
			continue
		}
		if p == nil {
			t.Errorf("%s: the parameter %s is not in the document", name, key)
			continue
		}
		for _, v := range values {
			var typed any = v
			if s := p.Schema.Value; s.Type.Is("integer") || s.Type.Is("number") || s.Type.Is("boolean") {
				if err := json.Unmarshal([]byte(v), &typed); err != nil {
					t.Errorf("%s: %s=%s: %v", name, key, v, err)
				}
			} else if s.Type.Is("array") {
				typed = []any{v}
			}
			if err := p.Schema.Value.VisitJSON(typed); err != nil {
				t.Errorf("%s: %s=%s: %v", name, key, v, err)
			}
		}
	}
}

// checkBody holds the body against its schema; a POST always has one.
func checkBody(t *testing.T, name string, operation *openapi3.Operation, r sent) {
	t.Helper()
	if r.method == http.MethodPost && (len(r.body) == 0 || r.kind != "application/json") {
		t.Errorf("%s: a POST without a JSON body", name)
	}
	if operation.RequestBody == nil {
		if len(r.body) > 0 && string(r.body) != "{}" {
			t.Errorf("%s: a body where the document has none: %s", name, r.body)
		}
		return
	}
	media := operation.RequestBody.Value.Content.Get("application/json")
	if media == nil || media.Schema == nil {
		t.Errorf("%s: the document has no JSON body", name)
		return
	}
	var value any
	if err := json.Unmarshal(r.body, &value); err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	schema := media.Schema.Value
	if r.method == http.MethodPatch { // the document names the whole account; what is not sent stays as it is
		schema = optional(schema)
	}
	if err := schema.VisitJSON(value); err != nil {
		t.Errorf("%s: %s: %v", name, r.body, err)
	}
	if object, ok := value.(map[string]any); ok {
		for member := range object {
			if len(schema.Properties) > 0 && schema.Properties[member] == nil {
				t.Errorf("%s: %q in the body is not in the document", name, member)
			}
		}
	}
}

// optional is the schema with nothing required.
func optional(s *openapi3.Schema) *openapi3.Schema {
	out := *s
	out.Required, out.AllOf = nil, nil
	for _, part := range s.AllOf {
		out.AllOf = append(out.AllOf, &openapi3.SchemaRef{Value: optional(part.Value)})
	}
	return &out
}
