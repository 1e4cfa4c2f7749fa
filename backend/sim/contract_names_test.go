package sim_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// names gathers which documented properties were really answered. Atlassian's admin documents demand nearly no property
// and allow any other, so that validation alone would let a misspelled name pass.
type names struct {
	documented, answered map[string]map[string]bool // by call
}

// neverAnswered are documented properties that the simulator does not send.
var neverAnswered = []string{
	"fields",                                                                                          // of policies and features, which workspaces are not given
	"scheduledDate", "migrationStartDateTime", "migrationEndDataTime", "atlassianAccountId", "ticket", // of a policy under way
}

func (n *names) note(call string, schema *openapi3.Schema, body []byte) {
	if n.documented == nil {
		n.documented, n.answered = map[string]map[string]bool{}, map[string]map[string]bool{}
	}
	if n.documented[call] == nil {
		n.documented[call], n.answered[call] = map[string]bool{}, map[string]bool{}
		propertiesOf(schema, n.documented[call], 0)
	}
	var v any
	if json.Unmarshal(body, &v) == nil {
		keysOf(v, n.answered[call])
	}
}

func propertiesOf(s *openapi3.Schema, into map[string]bool, depth int) {
	if s == nil || depth > 12 {
		return
	}
	for name, p := range s.Properties {
		into[name] = true
		propertiesOf(p.Value, into, depth+1)
	}
	if s.Items != nil {
		propertiesOf(s.Items.Value, into, depth+1)
	}
	for _, refs := range []openapi3.SchemaRefs{s.AllOf, s.AnyOf, s.OneOf} {
		for _, r := range refs {
			propertiesOf(r.Value, into, depth+1)
		}
	}
}

func keysOf(v any, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			into[k] = true
			keysOf(e, into)
		}
	case []any:
		for _, e := range v {
			keysOf(e, into)
		}
	}
}

// check fails the test for each documented property that no answer of the call had.
func (n *names) check(t *testing.T) {
	t.Helper()
	for call, documented := range n.documented {
		var missing []string
		for name := range documented {
			if !n.answered[call][name] && !slices.Contains(neverAnswered, name) {
				missing = append(missing, name)
			}
		}
		slices.Sort(missing)
		if len(missing) > 0 {
			t.Errorf("%s never answered the documented %s", call, strings.Join(missing, ", "))
		}
	}
}
