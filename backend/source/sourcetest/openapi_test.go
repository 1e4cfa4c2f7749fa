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
	load(t, operations, filepath.Join(dir, "jira-cloud-platform-v3.2025-07.swagger.v3.json"), "")
	load(t, operations, filepath.Join(dir, "jira-dc-10.0.swagger.v3.json"), "/rest")

	requests := record(t)
	if len(requests) < 60 {
		t.Fatalf("only %d requests were made", len(requests))
	}
	missing := map[string]bool{}
	covered := map[string]bool{}
	for _, r := range requests {
		name, operation := find(operations, r)
		if operation == nil {
			missing[name] = true
			continue
		}
		covered[name] = true
		checkQuery(t, name, operation, r.url.Query())
		checkBody(t, name, operation, r)
	}
	got, want := slices.Sorted(maps.Keys(missing)), slices.Sorted(slices.Values(uncovered))
	if !slices.Equal(got, want) {
		t.Errorf("not covered by the documents:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	t.Logf("%d requests; covered: %s", len(requests), strings.Join(slices.Sorted(maps.Keys(covered)), ", "))
	t.Logf("not covered: %s", strings.Join(got, ", "))
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
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		t.Fatal(err)
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

// record makes every call that the sources can make.
func record(t *testing.T) (all []sent) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 230, ExpandGroups: 2, DataCenters: 1})
		old := sim.New(sim.Config{People: 230, DataCenters: 1, DataCenter: sim.DataCenterConfig{NoUserList: true, PickerLimit: 20}})
		rec := &recording{next: w.Transport()}
		id, key := w.Organization()
		site := w.Sites()[0]
		for _, cfg := range []source.Config{
			{
				Source:  domain.Source{Kind: domain.KindAtlassianOrg, Settings: map[string]string{"org_id": id, "my_account": site.Email}},
				Secrets: map[string]domain.Secret{"api_key": domain.NewSecret(key)},
			},
			{
				Source:  domain.Source{Kind: domain.KindJiraCloud, Settings: map[string]string{"site_url": site.URL, "email": site.Email}},
				Secrets: map[string]domain.Secret{"api_token": domain.NewSecret(site.Token)},
			},
		} {
			cfg.Network.Transport = rec
			kind, _ := source.Kinds.Get(string(cfg.Source.Kind))
			src, err := kind.Open(cfg)
			if err != nil {
				t.Fatal(err)
			}
			callAll(t, w, src)
			src.Close()
		}
		for _, world := range []*sim.World{w, old} {
			callDataCenter(t, rec, world)
		}
		all = rec.list
	})
	return all
}

// callDataCenter makes every call that a Data Center source can make.
func callDataCenter(t *testing.T, rec *recording, w *sim.World) {
	t.Helper()
	rec.next = w.Transport()
	at := w.DataCenters()[0]
	kind, _ := source.Kinds.Get(string(domain.KindJiraDC))
	src, err := kind.Open(source.Config{
		Source:  domain.Source{Kind: domain.KindJiraDC, Settings: map[string]string{"base_url": at.URL}},
		Secrets: map[string]domain.Secret{"token": domain.NewSecret(at.Token)}, Network: source.Network{Transport: rec},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if r := src.Test(t.Context()); !r.OK {
		t.Errorf("%+v", r.Findings)
	}
	if _, err := sourcetest.Collect(t.Context(), src); err != nil {
		t.Error(err)
	}
	person := w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool { return u.Active && !u.ReadOnly && !u.Admin })[0]
	w.SetDataCenterMember(0, person.Key, "contractors", false)
	_, err1 := src.(source.UserReader).ReadUsers(t.Context(), []string{person.Key, "gone"})
	_, err2 := src.(source.Suspender).Suspend(t.Context(), "", person.Key)
	_, err3 := src.(source.Suspender).Restore(t.Context(), "", person.Key)
	_, err4 := src.(source.GroupEditor).AddMember(t.Context(), "", "contractors", person.Key)
	_, err5 := src.(source.GroupEditor).RemoveMember(t.Context(), "", "contractors", person.Key)
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		t.Error(err)
	}
}

func callAll(t *testing.T, w *sim.World, src source.Source) {
	t.Helper()
	if r := src.Test(t.Context()); !r.OK {
		t.Errorf("%+v", r.Findings)
	}
	if _, err := sourcetest.Collect(t.Context(), src); err != nil {
		t.Error(err)
	}
	dir := w.DirectoryIDs()[0]
	person := w.People(1, func(p sim.PersonState) bool { return p.Status == "active" && !p.OrgAdmin && len(p.Groups) > 0 })[0]
	group := ""
	for _, g := range w.Groups() {
		if !g.Synced && !g.Admins && !g.Default && !w.MemberOf(person.AccountID, g.ID) {
			group = g.ID
		}
	}
	steps := []error{}
	if r, ok := src.(source.UserReader); ok {
		_, err := r.ReadUsers(t.Context(), []string{person.AccountID, "557058:gone"})
		steps = append(steps, err)
	}
	if s, ok := src.(source.Suspender); ok {
		_, err := s.Suspend(t.Context(), dir, person.AccountID)
		_, err2 := s.Restore(t.Context(), dir, person.AccountID)
		steps = append(steps, err, err2)
	}
	if g, ok := src.(source.GroupEditor); ok {
		_, err := g.AddMember(t.Context(), dir, group, person.AccountID)
		_, err2 := g.RemoveMember(t.Context(), dir, group, person.AccountID)
		steps = append(steps, err, err2)
	}
	for _, err := range steps {
		if err != nil {
			t.Error(err)
		}
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
	if err := media.Schema.Value.VisitJSON(value); err != nil {
		t.Errorf("%s: %s: %v", name, r.body, err)
	}
	if object, ok := value.(map[string]any); ok {
		for member := range object {
			if len(media.Schema.Value.Properties) > 0 && media.Schema.Value.Properties[member] == nil {
				t.Errorf("%s: %q in the body is not in the document", name, member)
			}
		}
	}
}
