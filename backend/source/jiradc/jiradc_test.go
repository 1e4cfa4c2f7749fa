package jiradc

import (
	"encoding/pem"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/sourcetest"
)

func openOn(t *testing.T, w *sim.World, change func(*source.Config)) *instance {
	t.Helper()
	cfg := configFor(w)
	if change != nil {
		change(&cfg)
	}
	s, err := open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestForm(t *testing.T) {
	t.Parallel()
	kind, _ := source.Kinds.Get(string(domain.KindJiraDC))
	good := map[string]string{fieldBase: "https://jira.example.com/jira", fieldToken: "MDEyMzQ1Njc4OTAxOrn5", fieldCA: ""}
	if err := form.Check(kind.Fields, good); err != nil {
		t.Error(err)
	}
	for field, values := range map[string][]string{
		fieldBase:  {""},
		fieldToken: {"", "short", "with blank in it", "new\r\nline-in-it"},
		fieldCA:    {"ca.pem", "/does/not/exist.pem", t.TempDir()},
	} {
		for _, v := range values {
			bad := map[string]string{}
			maps.Copy(bad, good)
			bad[field] = v
			if err := form.Check(kind.Fields, bad); domain.AsError(err).Code != domain.Invalid || domain.AsError(err).Field != field {
				t.Errorf("%s = %q: %v", field, v, err)
			}
		}
	}
}

// TestDestination is the place that the token is bound to: scheme, host, port and context path.
func TestDestination(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"https://jira.example.com": "https://jira.example.com", "https://JIRA.Example.com/": "https://jira.example.com",
		"https://example.com:443/jira": "https://example.com/jira",
		"https://example.com:8443/a/b": "https://example.com:8443/a/b", "https://jira": "https://jira", "https://10.1.2.3:8443": "https://10.1.2.3:8443",
		"https://[fd00::1]:8443/jira": "https://[fd00::1]:8443/jira", "https://127.0.0.1:8443": "https://127.0.0.1:8443",
	} {
		if got, err := destination(map[string]string{fieldBase: typed}, source.Network{}); got != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	if got, err := destination(map[string]string{fieldBase: " https://example.com/jira/ "}, source.Network{}); got != "https://example.com/jira" {
		t.Errorf("with blanks around: %q, %v", got, err)
	}
	if got, err := destination(map[string]string{fieldBase: "http://127.0.0.1:8080/jira"}, source.Network{AllowLoopback: true}); got != "http://127.0.0.1:8080/jira" {
		t.Errorf("a simulator: %q, %v", got, err)
	}
	hostile := []string{
		"http://jira.example.com", "http://127.0.0.1:8080/jira", "http://localhost:8080", "jira.example.com", "//jira.example.com", "ftp://jira.example.com", "file:///etc/passwd",
		"https://user@jira.example.com", "https://user:pw@jira.example.com", "https://jira.example.com@evil.example", "https://jira.example.com?x=1", "https://jira.example.com#x",
		`https:\\jira.example.com`, `https://evil.example\@jira.example.com`, "https://jira.example.com/..", "https://jira.example.com/a/../b", "https://jira.example.com//",
		"https://jira.example.com/%2e%2e", "https://jira.example.com:0", "https://jira.example.com:70000", "https://jira.example.com:443:443", "https://.example.com", "https://a..b",
		"https://-a.example", "https://jira_x.example.com", "https://jira.example.com.", "https://jirа.example.com", "https://xn--jir-8cd.example.com", "https://jira。example.com",
		"https://jira.example.com\r\nHost: evil", "https://ji ra.example.com", "https://127.1", "https://0x7f000001", "https://2130706433", "https://1.2.3.4.5", "https://[::1", "https://[zz]",
		"https://acme.atlassian.net", "https://api.atlassian.com", "https://jira.example.com/browse/X-1", "https://jira.example.com/secure/Dashboard.jspa", "https://example.com/jira/rest/api/2", "",
	}
	for _, typed := range hostile {
		if got, err := destination(map[string]string{fieldBase: typed}, source.Network{}); err == nil || domain.AsError(err).Field != fieldBase || domain.AsError(err).Hint == "" {
			t.Errorf("%q: passed as %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"http://jira.example.com:80", "http://localhost:8080", "http://127.0.0.1"} {
		if got, err := destination(map[string]string{fieldBase: typed}, source.Network{AllowLoopback: true}); err == nil {
			t.Errorf("%q passes with a simulator as %q", typed, got)
		}
	}
}

// TestAuthorityFile: each way in which the file can be wrong has its own sentence.
func TestAuthorityFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	w := sim.New(sim.Config{DataCenters: 1})
	_, authority, err := w.ServeDataCenterTLS(t.Context(), 0, sim.TLSOptions{})
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind, text string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: []byte(text)}))
	}
	if roots, err := readCA(write("good.pem", "A comment\n"+authority)); err != nil || roots == nil {
		t.Error(err)
	}
	said := map[string]bool{}
	cases := map[string]string{
		"relative.pem": "full path", filepath.Join(dir, "none.pem"): "no such file", dir: "folder",
		write("text.pem", "hello"):                               "no certificate",
		write("key.pem", authority+block("EC PRIVATE KEY", "x")): "private key",
		write("broken.pem", block("CERTIFICATE", "rubbish")):     "cannot be read",
		write("large.pem", authority+strings.Repeat("x", maxCA)): "too large",
		write("other.pem", block("X509 CRL", "x")):               "no certificate",
	}
	if runtime.GOOS != "windows" && os.Geteuid() != 0 {
		locked := write("locked.pem", authority)
		if err := os.Chmod(locked, 0); err != nil {
			t.Fatal(err)
		}
		cases[locked] = "may not be read"
	}
	for path, words := range cases {
		_, err := readCA(path)
		e := domain.AsError(err)
		if err == nil || e.Code != domain.Invalid || e.Field != fieldCA || e.Hint == "" || !strings.Contains(e.Message, words) {
			t.Errorf("%s: %v, want %q", filepath.Base(path), err, words)
		}
		if err != nil {
			said[e.Message] = true
		}
	}
	if len(said) < 7 {
		t.Errorf("only %d sentences", len(said))
	}
}

// TestTLS: a certificate that cannot be trusted is refused, each time with its reason, and the token is not sent.
func TestTLS(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options sim.TLSOptions
		trusted bool
		words   string // "" for a good connection
	}{
		"unknown authority":  {words: "authority that this computer does not know"},
		"own authority":      {trusted: true},
		"wrong host":         {options: sim.TLSOptions{Host: "other.example"}, trusted: true, words: "another name"},
		"expired":            {options: sim.TLSOptions{Expired: true}, trusted: true, words: "expired"},
		"self-signed":        {options: sim.TLSOptions{SelfSigned: true}, words: "self-signed"},
		"self-signed, given": {options: sim.TLSOptions{SelfSigned: true}, trusted: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := sim.New(sim.Config{People: 20, DataCenters: 1})
			address, authority, err := w.ServeDataCenterTLS(t.Context(), 0, c.options)
			if err != nil {
				t.Fatal(err)
			}
			before := len(w.Journal())
			s := openOn(t, w, func(cfg *source.Config) {
				cfg.Source.Settings[fieldBase] = address
				cfg.Network = source.Network{}
				if c.trusted {
					path := filepath.Join(t.TempDir(), "ca.pem")
					if err := os.WriteFile(path, []byte(authority), 0o600); err != nil {
						t.Fatal(err)
					}
					cfg.Source.Settings[fieldCA] = path
				}
			})
			r := s.Test(t.Context())
			if c.words == "" {
				if !r.OK {
					t.Errorf("%+v", r.Findings)
				}
				return
			}
			f, _ := r.Finding("reach")
			if r.OK || f.State != domain.FindingFailed || f.Code != domain.Unreachable || !strings.Contains(f.Message, c.words) || f.Hint == "" {
				t.Errorf("%+v", f)
			}
			if len(w.Journal()) != before {
				t.Error("a request was sent")
			}
		})
	}
}

// TestConnectionFindings: what is only so with Data Center.
func TestConnectionFindings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config       sim.Config
		source       func(*sim.World, *source.Config)
		faults       []sim.Fault
		check, words string
		state        domain.FindingState
		ok           bool
	}{
		"present version": {check: "people", words: "All of them", state: domain.FindingOK, ok: true},
		"old and limited": {
			config: sim.Config{DataCenter: sim.DataCenterConfig{NoUserList: true, SearchShows: 50}}, check: "people", words: "first 50 people", state: domain.FindingWarning, ok: true,
		},
		"old and small": {config: sim.Config{DataCenter: sim.DataCenterConfig{NoUserList: true}}, check: "people", words: "All 100", state: domain.FindingOK, ok: true},
		"old and large": {
			config: sim.Config{People: 1200, DataCenter: sim.DataCenterConfig{NoUserList: true}}, check: "people", words: "first 1,000", state: domain.FindingWarning, ok: true,
		},
		"few groups at once": {
			config: sim.Config{Groups: 60, DataCenter: sim.DataCenterConfig{PickerLimit: 20}}, check: "groups", words: "20 of 64", state: domain.FindingWarning, ok: true,
		},
		"server license": {config: sim.Config{DataCenter: sim.DataCenterConfig{Server: true}}, check: "site", words: "Jira Server", state: domain.FindingOK, ok: true},
		"no administrator": {
			source: func(w *sim.World, cfg *source.Config) {
				plain := w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool { return u.Active && !u.Admin })[0]
				cfg.Secrets = map[string]domain.Secret{fieldToken: domain.NewSecret(w.AddDataCenterToken(0, plain.Key))}
			},
			check: "permissions", words: "not a Jira administrator", state: domain.FindingFailed,
		},
		"revoked": {
			source: func(w *sim.World, cfg *source.Config) { w.RevokeDataCenterToken(0, w.DataCenters()[0].Token) },
			check:  "auth", words: "revoked", state: domain.FindingFailed,
		},
		"path forgotten": {
			source: func(w *sim.World, cfg *source.Config) {
				cfg.Source.Settings[fieldBase] = strings.TrimSuffix(w.DataCenters()[0].URL, "/jira")
			},
			check: "site", words: "no Jira at", state: domain.FindingFailed,
		},
		"it is a Cloud site": {
			faults: []sim.Fault{{Kind: sim.FaultWrongShape, Path: "*/serverInfo"}}, check: "site", words: "says that it is", state: domain.FindingFailed,
		},
		"members refused": {
			faults: []sim.Fault{{Kind: sim.FaultStatus, Status: http.StatusForbidden, Path: "*/group/member"}}, check: "groups", words: "refused", state: domain.FindingFailed,
		},
		"starting": {faults: []sim.Fault{{Kind: sim.FaultStatus, Status: 503}}, check: "reach", words: "in trouble", state: domain.FindingFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c.config.DataCenters = 1
				w := sim.New(c.config)
				w.SetFaults(c.faults...)
				s := openOn(t, w, func(cfg *source.Config) {
					if c.source != nil {
						c.source(w, cfg)
					}
				})
				r := s.Test(t.Context())
				f, _ := r.Finding(c.check)
				if r.OK != c.ok || f.State != c.state || !strings.Contains(f.Message, c.words) || f.State != domain.FindingOK && f.Hint == "" {
					t.Errorf("OK %v, %+v", r.OK, f)
				}
				if me := w.DataCenters()[0].Operator; c.ok && (r.OperatorID != me || r.KeyOwnerID != me) {
					t.Errorf("the token is %q's, not %q's", r.OperatorID, me)
				}
			})
		})
	}
}

// TestMoreThanTheSearchShows: an older version lists 1,000 people; the rest is found by other ways, and the read says that it may lack some.
func TestMoreThanTheSearchShows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 2600, Groups: 90, DataCenters: 1, DataCenter: sim.DataCenterConfig{NoUserList: true, PickerLimit: 20}})
		got, err := sourcetest.Collect(t.Context(), openOn(t, w, nil))
		if err != nil {
			t.Fatal(err)
		}
		checkAll(t, w, got)
		if !strings.Contains(got.Totals.Limited, "1,000") || got.Totals.Groups != len(got.Groups) {
			t.Errorf("%+v", got.Totals)
		}
	})
}

// TestReadOnlyDirectory: whoever comes from LDAP is "synced", whichever of its statuses Jira chooses.
func TestReadOnlyDirectory(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusForbidden} {
		synctest.Test(t, func(t *testing.T) {
			w := sim.New(sim.Config{DataCenters: 1, DataCenter: sim.DataCenterConfig{ReadOnlyStatus: status}})
			s := openOn(t, w, nil)
			from := w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool { return u.ReadOnly && u.Active })[0]
			_, err := s.Suspend(t.Context(), allPeople, from.Key)
			if e := domain.AsError(err); e.Code != domain.Forbidden || e.Reason != "synced" || e.Effect != domain.NotApplied || e.Receipt.Status != status || e.Hint == "" {
				t.Errorf("%+v", e)
			}
			_, err = s.RemoveMember(t.Context(), "", "ldap-all-staff", from.Key)
			if e := domain.AsError(err); e.Reason != "synced" || e.Effect != domain.NotApplied {
				t.Errorf("group: %+v", e)
			}
		})
	}
}

// TestRenamed: the key decides who is meant. A name that somebody else has meanwhile must not lead to that person.
func TestRenamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{DataCenters: 1})
		s := openOn(t, w, nil)
		people := w.DataCenterUsers(0, 2, func(u sim.DataCenterUser) bool { return u.Active && !u.Admin && len(u.Groups) > 0 })
		a, b := people[0], people[1]
		const group = "contractors"
		for _, p := range people {
			w.SetDataCenterMember(0, p.Key, group, false)
		}
		if _, err := s.ReadUsers(t.Context(), []string{a.Key, b.Key}); err != nil {
			t.Fatal(err)
		}
		w.RenameDataCenterUser(0, a.Key, "was."+a.Name)
		w.RenameDataCenterUser(0, b.Key, a.Name)
		time.Sleep(nameLife + time.Second) // of the bubble
		if _, err := s.AddMember(t.Context(), "", group, a.Key); err != nil {
			t.Fatal(err)
		}
		x := truth{w}
		if !x.Member(group, a.Key) || x.Member(group, b.Key) {
			t.Error("the group has the person who took over the name")
		}
	})
}

// TestGroupIDs: any name survives the way through a list of ids.
func TestGroupIDs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "Finance, EMEA", "100%", "%2C", "%252C,", " padded ", "a+b & c/d", "Ü, %20", "  "} {
		id := groupID(name)
		if groupName(id) != name || strings.Contains(id, ",") || strings.TrimSpace(id) != id {
			t.Errorf("%q: %q, back %q", name, id, groupName(id))
		}
	}
}

// TestNobodyWhoIsDeleted: Jira keeps deleted users as authors; they are nobody's account.
func TestNobodyWhoIsDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{DataCenters: 1})
		s := openOn(t, w, nil)
		got, err := sourcetest.Collect(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for key := range got.Users {
			if u, _ := w.DataCenterUser(0, key); u.Deleted {
				t.Errorf("%s is deleted", key)
			}
		}
		if !slices.ContainsFunc(w.DataCenterUsers(0, 0, nil), func(u sim.DataCenterUser) bool { return strings.Contains(u.Key, "@") }) {
			t.Error("no key of the old kind")
		}
	})
}
