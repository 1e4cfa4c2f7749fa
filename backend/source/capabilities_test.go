package source_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
	_ "seatkeeper/backend/source/jiradc"
)

// interfaces names, for each capability that is a call of its own, how a source shows that it has it.
var interfaces = map[domain.Capability]func(any) bool{
	domain.CanSuspend:        is[source.Suspender],
	domain.CanEditGroups:     is[source.GroupEditor],
	domain.CanRemove:         is[source.DirectoryRemover],
	domain.CanInvite:         is[source.Inviter],
	domain.CanDeactivate:     is[source.Lifecycler],
	domain.CanDeleteAccounts: is[source.Lifecycler],
	domain.CanEditProfiles:   is[source.ProfileEditor],
	domain.CanChangeEmails:   is[source.ProfileEditor],
	domain.CanRevokeTokens:   is[source.TokenRevoker],
	domain.CanEditAccess:     is[source.AccessEditor],
	domain.CanEditAdmins:     is[source.AdminEditor],
	domain.CanCreateGroups:   func(x any) bool { return is[source.GroupCreator](x) && is[source.GroupReader](x) },
	domain.CanEditGrants:     is[source.GrantEditor],
	domain.CanReadEvents:     is[source.EventReader],
	domain.CanReadPolicies:   is[source.PolicyReader],
	domain.CanReadLicenses:   is[source.SeatReader],
	domain.CanReadKeys:       is[source.KeyReader],
}

func is[T any](x any) bool { _, ok := x.(T); return ok }

// TestCapabilities writes the table of what each kind of source can do from what the kinds declare, and holds it in
// testdata/capabilities.md.
func TestCapabilities(t *testing.T) {
	var kinds []source.Kind
	for _, k := range []domain.SourceKind{domain.KindAtlassianOrg, domain.KindJiraCloud, domain.KindJiraDC} {
		kind, ok := source.Kinds.Get(string(k))
		if !ok {
			t.Fatalf("%s is not registered", k)
		}
		kinds = append(kinds, kind)
	}
	var out bytes.Buffer
	out.WriteString("# What each kind of source can do\n\nWritten by a test from what the kinds declare; do not edit. Where a kind cannot do something, the\nwindow shows it disabled with the reason. A key or token may allow less: the connection test says what.\n\n|  |")
	for _, k := range kinds {
		fmt.Fprintf(&out, " %s |", k.Title)
	}
	out.WriteString("\n|---|" + strings.Repeat("---|", len(kinds)) + "\n")
	notes, numbers := []string{}, map[string]int{}
	for _, c := range domain.Capabilities() {
		if c.Title() == "" {
			t.Errorf("%s has no title", c)
		}
		fmt.Fprintf(&out, "| %s |", c.Title())
		for _, k := range kinds {
			s := declared(k, c)
			word, note := "yes", k.Needs[c]
			if !s.Supported {
				word, note = "no", s.Reason
			}
			if note == "" {
				out.WriteString(" yes |")
				continue
			}
			if numbers[note] == 0 {
				notes = append(notes, note)
				numbers[note] = len(notes)
			}
			fmt.Fprintf(&out, " %s [%d] |", word, numbers[note])
		}
		out.WriteString("\n")
	}
	out.WriteString("\n")
	for i, n := range notes {
		fmt.Fprintf(&out, "%d. %s\n", i+1, n)
	}
	golden(t, "capabilities.md", out.Bytes())
}

func declared(k source.Kind, c domain.Capability) domain.Support {
	for _, s := range k.Supports {
		if s.Capability == c {
			return s
		}
	}
	return domain.Support{Capability: c, Reason: "Seatkeeper does not do this with " + k.Title + "."}
}

// A kind declares each capability at most once, with a reason where it lacks it, and declares what its connection really offers.
func TestCapabilitiesAreTrue(t *testing.T) {
	known := map[domain.Capability]bool{}
	for _, c := range domain.Capabilities() {
		known[c] = true
	}
	for kind, values := range map[domain.SourceKind]map[string]string{
		domain.KindAtlassianOrg: {"org_id": "a1b2c3d4", "api_key": "ATCTT3x-long-enough"},
		domain.KindJiraCloud:    {"site_url": "https://acme.atlassian.net", "email": "mia@acme.example", "api_token": "ATATT3x-long-enough"},
		domain.KindJiraDC:       {"base_url": "https://jira.acme.example", "token": "long-enough-token"},
	} {
		k, _ := source.Kinds.Get(string(kind))
		secrets := map[string]domain.Secret{}
		for name, v := range values {
			secrets[name] = domain.NewSecret(v)
		}
		opened, err := k.Open(source.Config{Source: domain.Source{Kind: kind, Settings: values}, Secrets: secrets})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[domain.Capability]bool{}
		for _, s := range k.Supports {
			if seen[s.Capability] || !known[s.Capability] || s.Supported == (s.Reason != "") {
				t.Errorf("%s: %+v", kind, s)
			}
			seen[s.Capability] = true
			if has, checked := interfaces[s.Capability]; checked && has(opened) != s.Supported {
				t.Errorf("%s declares %s as %v; its connection says otherwise", kind, s.Capability, s.Supported)
			}
		}
		opened.Close()
	}
}
