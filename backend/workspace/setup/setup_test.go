package setup

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
)

// place is a workspace of these tests: sources with the revision of their local copy, and settings that survive a
// restart.
type place struct {
	settings map[string]string
	sources  []domain.Source
	revision map[string]int64
	domains  map[string][]domain.Domain
	reach    error
	local    []netip.Addr
	version  string
}

func newPlace() *place {
	return &place{settings: map[string]string{}, revision: map[string]int64{}, domains: map[string][]domain.Domain{}, version: "1.0.0"}
}

func (p *place) Setting(_ context.Context, key string) (string, error) {
	if v, ok := p.settings[key]; ok {
		return v, nil
	}
	return "", domain.Errorf(domain.NotFound, "no setting")
}

func (p *place) SetSetting(_ context.Context, key, value string) error {
	p.settings[key] = value
	return nil
}

// start is one start of the program.
func (p *place) start(t *testing.T) *Guide {
	t.Helper()
	g := New(Options{
		Settings: p, Version: p.version,
		Sources: func(context.Context) ([]domain.Source, error) { return p.sources, nil },
		Freshness: func(_ context.Context, id string) (domain.Freshness, error) {
			return domain.Freshness{Revision: p.revision[id]}, nil
		},
		Domains: func(_ context.Context, id string) ([]domain.Domain, error) { return p.domains[id], nil },
		Reach:   func(_ context.Context, site string) (string, error) { return strings.ToLower(site), p.reach },
		Local:   func() []netip.Addr { return p.local },
	})
	if err := g.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	return g
}

func (p *place) connect(id string, kind domain.SourceKind) {
	p.sources = append(p.sources, domain.Source{ID: id, Kind: kind, Name: id, Settings: map[string]string{"org_id": "org-1"}})
}

func state(t *testing.T, g *Guide) State {
	t.Helper()
	s, err := g.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// line writes a state as one line: each step with the first letter of its state (open, done, skipped, waiting), and the
// next one.
func line(s State) string {
	var b strings.Builder
	for _, p := range s.Steps {
		b.WriteString(string(p.State)[:1])
	}
	return fmt.Sprintf("%s next=%s appears=%v welcome=%v", b.String(), s.Next, s.Appears, s.Welcome)
}

func expect(t *testing.T, g *Guide, what, want string) {
	t.Helper()
	if got := line(state(t, g)); got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheWholeWay goes from nothing to Done and restarts the program between all steps: what was decided is kept.
func TestTheWholeWay(t *testing.T) {
	p := newPlace()
	expect(t, p.start(t), "first start", "ooowww next=allowlist appears=true welcome=false")
	must(t, p.start(t).Skip(t.Context(), StepAllowlist))
	expect(t, p.start(t), "allowlist skipped", "soowww next=organization appears=true welcome=false")
	p.connect("acme", domain.KindAtlassianOrg)
	expect(t, p.start(t), "organization connected, its sync runs", "sdoooo next=site appears=true welcome=false")
	must(t, p.start(t).Skip(t.Context(), StepSite))
	expect(t, p.start(t), "site skipped", "sdsooo next=domains appears=true welcome=false")
	must(t, p.start(t).Look(t.Context(), StepDomains))
	expect(t, p.start(t), "domains looked at", "sdsdoo next=sync appears=true welcome=false")
	p.revision["acme"] = 3
	expect(t, p.start(t), "synced", "sdsddo next=done appears=false welcome=false")
	must(t, p.start(t).Finish(t.Context()))
	expect(t, p.start(t), "finished", "sdsddd next=done appears=false welcome=false")
	p.connect("site", domain.KindJiraCloud)
	expect(t, p.start(t), "a skipped step that was done later is done; a second source does not bring the page back",
		"sdddoo next=sync appears=false welcome=false")
}

func TestAllSkipped(t *testing.T) {
	p := newPlace()
	for _, step := range []Step{StepAllowlist, StepOrganization, StepSite, StepDomains} {
		must(t, p.start(t).Skip(t.Context(), step))
	}
	expect(t, p.start(t), "nothing is connected", "ssssww next=organization appears=true welcome=false")
	if err := p.start(t).Finish(t.Context()); domain.CodeOf(err) != domain.Conflict {
		t.Errorf("finish without a source: %v", err)
	}
	p.connect("site", domain.KindJiraCloud)
	expect(t, p.start(t), "a site alone is enough", "ssdsoo next=sync appears=true welcome=false")
	p.sources[0].Paused = true
	expect(t, p.start(t), "a paused source is not waited for", "ssdsdo next=done appears=false welcome=false")
}

func TestOnlyWhatMayBeSkippedIsSkipped(t *testing.T) {
	g := newPlace().start(t)
	for _, step := range []Step{StepSync, StepDone, "other", ""} {
		if err := g.Skip(t.Context(), step); domain.CodeOf(err) != domain.Invalid {
			t.Errorf("skip %q: %v", step, err)
		}
	}
	for _, step := range []Step{StepOrganization, StepSync, "other"} {
		if err := g.Look(t.Context(), step); domain.CodeOf(err) != domain.Invalid {
			t.Errorf("look %q: %v", step, err)
		}
	}
	for _, s := range Steps {
		if s.Title == "" || s.Why == "" || strings.Contains(s.Why, "\n") {
			t.Errorf("step %s does not say in one line why", s.Step)
		}
		if s.Link.URL != "" && !slices.ContainsFunc([]string{"admin", "id", "support"}, func(h string) bool {
			return s.Link.URL == "https://"+h+".atlassian.com" || strings.HasPrefix(s.Link.URL, "https://"+h+".atlassian.com/")
		}) {
			t.Errorf("step %s links to %s", s.Step, s.Link.URL)
		}
	}
}

func TestWelcomeAfterAnUpgrade(t *testing.T) {
	p := newPlace()
	expect(t, p.start(t), "fresh", "ooowww next=allowlist appears=true welcome=false")
	p.version = "1.1.0"
	expect(t, p.start(t), "an upgrade before anything is set up welcomes nobody", "ooowww next=allowlist appears=true welcome=false")
	p.connect("acme", domain.KindAtlassianOrg)
	p.revision["acme"] = 1
	must(t, p.start(t).Finish(t.Context()))
	expect(t, p.start(t), "same version", "odoodd next=allowlist appears=false welcome=false")
	p.version = "2.0.0"
	g := p.start(t)
	expect(t, g, "upgraded", "odoodd next=allowlist appears=false welcome=true")
	if s := state(t, g); s.Previous != "1.1.0" || s.Version != "2.0.0" {
		t.Errorf("from %q to %q", s.Previous, s.Version)
	}
	must(t, g.Welcomed(t.Context()))
	expect(t, p.start(t), "welcomed once", "odoodd next=allowlist appears=false welcome=false")
}

func TestSetUpOfAVersionWithoutARecord(t *testing.T) {
	for name, record := range map[string]string{"none": "", "unreadable": `{"version":`} {
		p := newPlace()
		p.connect("acme", domain.KindAtlassianOrg)
		if record != "" {
			p.settings[setting] = record
		}
		expect(t, p.start(t), name, "odoooo next=allowlist appears=false welcome=true")
	}
}

func TestDemoAsksNothing(t *testing.T) {
	p := newPlace()
	g := New(Options{Settings: p, Demo: true, Version: "1", Sources: func(context.Context) ([]domain.Source, error) { return nil, nil }})
	must(t, g.Begin(t.Context()))
	if s := state(t, g); s.Appears || s.Welcome || len(p.settings) != 0 {
		t.Errorf("demo: %+v, settings %v", s, p.settings)
	}
}

func TestAllowlist(t *testing.T) {
	blocked := func(said string) error {
		return &domain.Error{Code: domain.Forbidden, Reason: "ip_allowlist", Message: "This computer's IP address is not on the site's allowlist.",
			Err: fmt.Errorf("status 403: %s", said)} //nolint:err113 // what a server said
	}
	addr := netip.MustParseAddr
	cases := map[string]struct {
		reach     error
		local     []netip.Addr
		verdict   Verdict
		addresses []string
		known     string
	}{
		"answers":            {nil, nil, VerdictAllowed, nil, ""},
		"wants to be signed": {domain.Errorf(domain.AuthFailed, "no"), nil, VerdictAllowed, nil, ""},
		"blocked, the answer names the address": {
			blocked("The IP address 203.0.113.7 has been rejected because it is not on the allowed list."), []netip.Addr{addr("198.51.100.1")},
			VerdictBlocked, []string{"203.0.113.7"}, "Atlassian saw",
		},
		"blocked, a v6 address is named": {blocked("address 2001:db8::17 rejected"), nil, VerdictBlocked, []string{"2001:db8::17"}, "Atlassian saw"},
		"blocked, this machine has a public address": {
			blocked("not on the allowed list"),
			[]netip.Addr{addr("127.0.0.1"), addr("10.0.0.7"), addr("fe80::1"), addr("100.64.3.3"), addr("198.51.100.1"), addr("198.51.100.1")},
			VerdictBlocked, []string{"198.51.100.1"}, "itself",
		},
		"blocked behind a router": {blocked("not on the allowed list"), []netip.Addr{addr("192.168.1.4"), addr("fd00::4")}, VerdictBlocked, nil, "cannot be told"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := newPlace()
			p.reach, p.local = c.reach, c.local
			a, err := p.start(t).Check(t.Context(), "https://ACME.atlassian.net")
			if err != nil {
				t.Fatal(err)
			}
			if a.Verdict != c.verdict || !slices.Equal(a.Addresses, c.addresses) || !strings.Contains(a.Known, c.known) || a.Message == "" {
				t.Errorf("got %+v", a)
			}
			s := state(t, p.start(t)) // a restart later
			if s.Allowlist == nil || s.Allowlist.Site != "https://acme.atlassian.net" || s.Allowlist.Verdict != c.verdict {
				t.Errorf("kept %+v", s.Allowlist)
			}
			want := StateDone
			if c.verdict == VerdictBlocked {
				want = StateOpen
			}
			if s.Steps[0].State != want {
				t.Errorf("the step is %s, want %s", s.Steps[0].State, want)
			}
		})
	}
	p := newPlace()
	p.reach = &domain.Error{Code: domain.Unreachable, Message: "There is no such host."}
	if _, err := p.start(t).Check(t.Context(), "x"); domain.CodeOf(err) != domain.Unreachable {
		t.Errorf("no network: %v", err)
	}
	if s := state(t, p.start(t)); s.Allowlist != nil {
		t.Error("an answer that did not come was kept")
	}
}

func TestDomains(t *testing.T) {
	p := newPlace()
	p.connect("acme", domain.KindAtlassianOrg)
	p.connect("site", domain.KindJiraCloud)
	p.domains["acme"] = []domain.Domain{{Name: "acme.example", Verified: true}, {Name: "old.example"}}
	g := p.start(t)
	list, err := g.Domains(t.Context())
	if err != nil || len(list) != 1 || list[0].Synced || len(list[0].Domains) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	p.revision["acme"] = 1
	if list, _ = g.Domains(t.Context()); !list[0].Synced {
		t.Error("a complete sync is not told")
	}
	if link := state(t, g).Steps[1].Link.URL; link != "https://admin.atlassian.com/o/org-1/overview" {
		t.Errorf("link to the organization: %s", link)
	}
	p.sources[0].Settings = map[string]string{"org_id": "../x?y"}
	if link := state(t, g).Steps[1].Link.URL; link != "https://admin.atlassian.com" {
		t.Errorf("link with a strange id: %s", link)
	}
}
