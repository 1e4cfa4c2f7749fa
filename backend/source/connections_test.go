package source

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/form"
	"seatkeeper/backend/workspace/secret"
)

// The test's kind is one whose connections go nowhere: they tell which secret would have been sent to which host.
var _ = Register(Kind{
	Kind: "test_kind", Title: "Test", ChangeKeyField: "token",
	Fields: []form.Field{
		{Name: "url", Label: "Address", Type: form.URL, Required: true},
		{Name: "note", Label: "Note", Type: form.Text},
		{Name: "token", Label: "Token", Type: form.Password, Required: true},
		{Name: "second", Label: "Second token", Type: form.Password},
	},
	Destination: func(settings map[string]string, _ Network) (string, error) {
		if strings.Contains(settings["url"], "bad") {
			return "", domain.Errorf(domain.Invalid, "bad address")
		}
		return strings.ToLower(settings["url"]), nil
	},
	Check: func(cfg Config) error {
		if cfg.Secrets["token"].Empty() {
			return errors.New("no token")
		}
		return nil
	},
	Open: func(cfg Config) (Source, error) {
		if hook := cfg.Source.Settings["note"]; hook == "remove while opening" {
			duringOpen()
		}
		return &fakeSource{cfg: cfg}, nil
	},
})

// duringOpen is what happens while a connection with the note "remove while opening" is made.
var duringOpen = func() {}

// sent collects what test connections would have sent: "token@url".
type sent struct {
	mu   sync.Mutex
	list []string
}

var wire sent

func (s *sent) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

type fakeSource struct {
	Source
	cfg    Config
	closed bool
}

func (f *fakeSource) Close() { f.closed = true }

func (f *fakeSource) Test(context.Context) domain.TestResult {
	wire.mu.Lock()
	wire.list = append(wire.list, f.cfg.Secrets["token"].Reveal()+"@"+f.cfg.Source.Settings["url"])
	wire.mu.Unlock()
	if f.cfg.Secrets["token"].Reveal() == "wrong" {
		return domain.TestResult{Findings: []domain.Finding{
			{Check: "reach", State: domain.FindingOK},
			{Check: "auth", State: domain.FindingFailed, Code: domain.AuthFailed, Message: "The token is wrong.", Hint: "Make a new one."},
		}}
	}
	return domain.TestResult{OK: true, OperatorID: "operator-1", TestedAt: time.Now().UTC()}
}

func (f *fakeSource) TestChanges(ctx context.Context) domain.TestResult {
	r := f.Test(ctx)
	r.KeyOwners = []string{"owner-2"}
	return r
}

// fakeStore keeps sources in memory; err, where set, fails every write.
type fakeStore struct {
	mu   sync.Mutex
	list map[string]domain.Source
	err  error
}

func (f *fakeStore) Sources(context.Context) ([]domain.Source, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Values(f.list)), nil
}

func (f *fakeStore) SaveSource(_ context.Context, s domain.Source, _ ...domain.Task) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	f.list[s.ID] = s
	return nil
}

func (f *fakeStore) DeleteSource(_ context.Context, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	delete(f.list, id)
	return nil
}

// brittle is a secret store whose calls fail by name: "get", "set", "delete".
type brittle struct {
	secret.Store
	fail map[string]error
	keys map[string]bool
	sets int
}

func (b *brittle) Get(ctx context.Context, key string) (domain.Secret, error) {
	if err := b.fail["get"]; err != nil {
		return domain.Secret{}, err
	}
	return b.Store.Get(ctx, key)
}

func (b *brittle) Set(ctx context.Context, key string, v domain.Secret) error {
	b.sets++
	if err := b.fail["set"]; err != nil {
		return err
	}
	b.keys[key] = true
	err := b.Store.Set(ctx, key, v)
	if late := b.fail["set late"]; late != nil {
		delete(b.fail, "set late") // once: undoing works
		return late
	}
	return err
}

func (b *brittle) Delete(ctx context.Context, key string) error {
	if err := b.fail["delete"]; err != nil {
		return err
	}
	delete(b.keys, key)
	return b.Store.Delete(ctx, key)
}

type fixture struct {
	*Connections
	store   *fakeStore
	secrets *brittle
	changes int
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{
		store:   &fakeStore{list: map[string]domain.Source{}},
		secrets: &brittle{Store: secret.NewMemory(), fail: map[string]error{}, keys: map[string]bool{}},
	}
	bus := &events.Bus{}
	bus.Subscribe(func(e events.Event) {
		if e.Topic == events.SourcesChanged {
			f.changes++
		}
	})
	f.Connections = NewConnections(ConnectionsOptions{Store: f.store, Secrets: f.secrets, Bus: bus, Log: slog.New(slog.DiscardHandler)})
	wire.take()
	return f
}

func draft(name, url, token string) Draft {
	return Draft{Kind: "test_kind", Name: name, Color: "blue", Values: map[string]string{"url": url, "token": token}}
}

func (f *fixture) added(t *testing.T) domain.Source {
	t.Helper()
	s, r, err := f.Add(t.Context(), draft("Acme", "https://acme.example", "secret-1"))
	if err != nil || !r.OK {
		t.Fatalf("add: %v %+v", err, r)
	}
	wire.take()
	return s
}

func TestAdd(t *testing.T) {
	f := newFixture(t)
	d := draft("  Acme   Inc ", " https://acme.example\n", " secret-1\n")
	d.KeyExpires = time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC)
	s, r, err := f.Add(t.Context(), d)
	if err != nil || !r.OK {
		t.Fatalf("add: %v", err)
	}
	if s.Name != "Acme Inc" || s.ID == "" || s.OperatorID != "operator-1" || !s.KeyExpires.Equal(d.KeyExpires) || s.TestedAt.IsZero() {
		t.Errorf("source = %+v", s)
	}
	if got := wire.take(); !slices.Equal(got, []string{"secret-1@https://acme.example"}) {
		t.Errorf("sent %v", got)
	}
	if row := fmt.Sprintf("%#v", f.store.list); strings.Contains(row, "secret-1") {
		t.Errorf("the database row holds the secret: %s", row)
	}
	if f.changes != 1 {
		t.Errorf("%d change events, want 1", f.changes)
	}
	opened, err := f.Open(t.Context(), s.ID)
	if err != nil || opened.(*fakeSource).cfg.Secrets["token"].Reveal() != "secret-1" {
		t.Errorf("open: %v", err)
	}
}

func TestAddRefuses(t *testing.T) {
	f := newFixture(t)
	f.added(t)
	cases := map[string]struct {
		d     Draft
		field string
		code  domain.Code
	}{
		"unknown kind":    {Draft{Kind: "x", Name: "a"}, "kind", domain.Invalid},
		"no name":         {draft(" ", "https://b.example", "t"), "name", domain.Invalid},
		"long name":       {draft(strings.Repeat("é", 81), "https://b.example", "t"), "name", domain.Invalid},
		"name taken":      {draft("ACME", "https://b.example", "t"), "name", domain.Invalid},
		"no address":      {draft("b", "", "t"), "url", domain.Invalid},
		"bad address":     {draft("b", "https://bad.example", "t"), "", domain.Invalid},
		"no token":        {draft("b", "https://b.example", " \n"), "token", domain.Invalid},
		"unknown field":   {Draft{Kind: "test_kind", Name: "b", Values: map[string]string{"url": "u", "token": "t", "x": "y"}}, "x", domain.Invalid},
		"failed test":     {draft("b", "https://b.example", "wrong"), "", domain.AuthFailed},
		"wrong new token": {draft("b", "https://c.example", "wrong"), "", domain.AuthFailed},
	}
	for name, c := range cases {
		_, r, err := f.Add(t.Context(), c.d)
		e := domain.AsError(err)
		if e == nil || e.Code != c.code || e.Field != c.field {
			t.Errorf("%s: %v, want %s on %q", name, err, c.code, c.field)
		}
		if c.code == domain.AuthFailed && (len(r.Findings) != 2 || e.Message != "The token is wrong.") {
			t.Errorf("%s: findings %v, error %v", name, r.Findings, e)
		}
	}
	_, _, err := f.Add(t.Context(), draft(" ", "", " "))
	wrong := domain.AsError(err)
	if wrong == nil || wrong.Field != "url" || len(wrong.More) != 2 || wrong.More[0].Field != "token" || wrong.More[1].Field != "name" {
		t.Errorf("not everything that is wrong is said at once: %+v", wrong)
	}
	if len(f.store.list) != 1 || len(f.secrets.keys) != 1 || f.changes != 1 {
		t.Errorf("left behind: %d sources, %d keys, %d events", len(f.store.list), len(f.secrets.keys), f.changes)
	}
}

// TestNothingHalfDone fails each step of each change and compares everything with the state before.
func TestNothingHalfDone(t *testing.T) {
	boom := &domain.Error{Code: domain.Internal, Reason: secret.ReasonLocked, Message: "locked"}
	steps := map[string]func(f *fixture){
		"database":      func(f *fixture) { f.store.err = errors.New("disk full") },
		"secret set":    func(f *fixture) { f.secrets.fail["set"] = boom },
		"secret half":   func(f *fixture) { f.secrets.fail["set late"] = boom },
		"secret get":    func(f *fixture) { f.secrets.fail["get"] = boom },
		"secret delete": func(f *fixture) { f.secrets.fail["delete"] = boom },
	}
	changes := map[string]func(f *fixture, id string) error{
		"add": func(f *fixture, _ string) error {
			_, _, err := f.Add(context.Background(), draft("New", "https://new.example", "secret-9"))
			return err
		},
		"update": func(f *fixture, id string) error {
			_, _, err := f.Update(context.Background(), id, draft("Acme", "https://other.example", "secret-2"))
			return err
		},
		"remove": func(f *fixture, id string) error { return f.Remove(context.Background(), id) },
		"replace the key for changes": func(f *fixture, id string) error {
			_, _, err := f.SetChangeKey(context.Background(), id, ChangeKeyDraft{Key: "strong-2"})
			return err
		},
		"ask for the key for changes": func(f *fixture, id string) error {
			_, _, err := f.SetChangeKey(context.Background(), id, ChangeKeyDraft{Ask: true})
			return err
		},
		"remove the key for changes": func(f *fixture, id string) error { return f.RemoveChangeKey(context.Background(), id) },
	}
	harmless := map[string]bool{"add/secret get": true, "add/secret delete": true, "remove/secret set": true, "remove/secret half": true, "remove/secret get": true,
		"replace the key for changes/secret delete": true, "ask for the key for changes/secret set": true, "ask for the key for changes/secret half": true,
		"remove the key for changes/secret set": true, "remove the key for changes/secret half": true, "remove the key for changes/secret get": true,
	}
	for change, do := range changes {
		for step, inject := range steps {
			t.Run(change+"/"+step, func(t *testing.T) {
				f := newFixture(t)
				s := f.added(t)
				if _, _, err := f.SetChangeKey(t.Context(), s.ID, ChangeKeyDraft{Key: "strong-1"}); err != nil {
					t.Fatal(err)
				}
				before, events := fmt.Sprint(f.store.list, f.secrets.keys), f.changes
				item, _ := f.secrets.Get(t.Context(), secretKey(s.ID))
				strong, _ := f.secrets.Get(t.Context(), changeSecretKey(s.ID))
				inject(f)
				err := do(f, s.ID)
				f.store.err, f.secrets.fail = nil, map[string]error{}
				if harmless[change+"/"+step] {
					if err != nil {
						t.Errorf("failed although the step is not needed: %v", err)
					}
					return
				}
				if err == nil {
					t.Fatal("succeeded")
				}
				after, getErr := f.secrets.Get(t.Context(), secretKey(s.ID))
				strongAfter, strongErr := f.secrets.Get(t.Context(), changeSecretKey(s.ID))
				if now := fmt.Sprint(f.store.list, f.secrets.keys); now != before || getErr != nil || after != item || strongErr != nil || strongAfter != strong {
					t.Errorf("half done:\n before %s\n after  %s (%v)", before, now, getErr)
				}
				if f.changes != events {
					t.Errorf("an event was published for a change that failed")
				}
			})
		}
	}
}

func TestUpdateKeepsTheStoredSecretForTheSameDestinationOnly(t *testing.T) {
	f := newFixture(t)
	s := f.added(t)
	sets := f.secrets.sets
	got, r, err := f.Update(t.Context(), s.ID, Draft{Name: "Acme 2", Values: map[string]string{"url": "https://ACME.example", "note": "n", "token": ""}})
	if err != nil || !r.OK || got.Name != "Acme 2" || got.Settings["note"] != "n" || got.ID != s.ID || !got.CreatedAt.Equal(s.CreatedAt) {
		t.Fatalf("update: %v %+v", err, got)
	}
	if f.secrets.sets != sets {
		t.Error("an unchanged secret was written again")
	}
	if got := wire.take(); !slices.Equal(got, []string{"secret-1@https://ACME.example"}) {
		t.Errorf("sent %v", got)
	}
	for _, url := range []string{"https://evil.example", "https://acme.example.evil.example", "https://acme.example@evil.example", "http://acme.example"} {
		for name, call := range map[string]func(Draft) error{
			"update": func(d Draft) error { _, _, err := f.Update(t.Context(), s.ID, d); return err },
			"test":   func(d Draft) error { _, err := f.Test(t.Context(), s.ID, d); return err },
		} {
			e := domain.AsError(call(Draft{Name: "Acme 2", Values: map[string]string{"url": url}}))
			if e == nil || e.Code != domain.Invalid || e.Field != "token" || e.Reason != "key_bound" {
				t.Errorf("%s to %s: %v, want the token asked again", name, url, e)
			}
		}
	}
	if got := wire.take(); len(got) != 0 {
		t.Errorf("sent %v to hosts that it was not typed for", got)
	}
	if _, _, err := f.Update(t.Context(), s.ID, draft("Acme 2", "https://new.example", "secret-2")); err != nil {
		t.Fatal(err)
	}
	opened, err := f.Open(t.Context(), s.ID)
	if err != nil || opened.(*fakeSource).cfg.Secrets["token"].Reveal() != "secret-2" {
		t.Errorf("open after the change: %v", err)
	}
}

// TestChangedDatabaseGetsNoSecret changes the row behind the Connections's back, as another program of the user could.
func TestChangedDatabaseGetsNoSecret(t *testing.T) {
	f := newFixture(t)
	s := f.added(t)
	other, _, err := f.Add(t.Context(), draft("Other", "https://acme.example", "secret-2")) // same host, another credential
	if err != nil {
		t.Fatal(err)
	}
	attacks := map[string]func(){
		"other host": func() {
			c := s
			c.Settings = map[string]string{"url": "https://evil.example"}
			f.store.list[s.ID] = c
		},
		"swapped items": func() {
			raw, _ := f.secrets.Get(t.Context(), secretKey(other.ID))
			_ = f.secrets.Set(t.Context(), secretKey(s.ID), raw)
		},
		"torn item":    func() { _ = f.secrets.Set(t.Context(), secretKey(s.ID), domain.NewSecret(`{"v":1,"id":`)) },
		"plain item":   func() { _ = f.secrets.Set(t.Context(), secretKey(s.ID), domain.NewSecret("secret-1")) },
		"missing item": func() { _ = f.secrets.Delete(t.Context(), secretKey(s.ID)) },
	}
	good, _ := f.secrets.Get(t.Context(), secretKey(s.ID))
	for name, attack := range attacks {
		f.store.list[s.ID] = s
		if err := f.secrets.Set(t.Context(), secretKey(s.ID), good); err != nil {
			t.Fatal(err)
		}
		attack()
		opened, err := f.Open(t.Context(), s.ID)
		if opened != nil || domain.CodeOf(err) != domain.AuthFailed || strings.Contains(err.Error(), "secret-") {
			t.Errorf("%s: %v, want auth_failed", name, err)
		}
	}
}

func TestOpenIsSharedAndPausable(t *testing.T) {
	f := newFixture(t)
	s := f.added(t)
	var wg sync.WaitGroup
	all := make([]Source, 16)
	for i := range all {
		wg.Go(func() {
			var err error
			if all[i], err = f.Open(t.Context(), s.ID); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, x := range all {
		if x != all[0] {
			t.Fatal("two clients for one credential")
		}
	}
	if err := f.SetPaused(t.Context(), s.ID, true); err != nil {
		t.Fatal(err)
	}
	if !all[0].(*fakeSource).closed {
		t.Error("the connection of a paused source is open")
	}
	if _, err := f.Open(t.Context(), s.ID); domain.CodeOf(err) != domain.Unsupported || domain.AsError(err).Reason != "paused" {
		t.Errorf("open while paused: %v", err)
	}
	if err := f.SetPaused(t.Context(), s.ID, false); err != nil {
		t.Fatal(err)
	}
	again, err := f.Open(t.Context(), s.ID)
	if err != nil || again == all[0] {
		t.Errorf("open after the pause: %v", err)
	}
	if _, _, err := f.Update(t.Context(), s.ID, draft("Acme", "https://acme.example", "secret-2")); err != nil {
		t.Fatal(err)
	}
	if !again.(*fakeSource).closed {
		t.Error("the connection with the old credential is open after the update")
	}
	last, err := f.Open(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if !last.(*fakeSource).closed {
		t.Error("close left a connection open")
	}
	if _, err := f.Open(t.Context(), s.ID); domain.CodeOf(err) != domain.Cancelled {
		t.Errorf("open after close: %v", err)
	}
}

func TestRenameAndRemove(t *testing.T) {
	f := newFixture(t)
	s := f.added(t)
	if err := f.Rename(t.Context(), s.ID, "Better", "red"); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Get(t.Context(), s.ID); err != nil || got.Name != "Better" || got.Color != "red" {
		t.Errorf("get: %v %+v", err, got)
	}
	if err := f.Rename(t.Context(), s.ID, "", "red"); domain.AsError(err).Field != "name" {
		t.Errorf("empty name: %v", err)
	}
	if err := f.Remove(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	if len(f.store.list) != 0 || len(f.secrets.keys) != 0 {
		t.Errorf("left behind: %v %v", f.store.list, f.secrets.keys)
	}
	for name, err := range map[string]error{
		"remove": f.Remove(t.Context(), s.ID), "rename": f.Rename(t.Context(), s.ID, "x", ""), "pause": f.SetPaused(t.Context(), s.ID, true),
	} {
		if domain.CodeOf(err) != domain.NotFound {
			t.Errorf("%s of a removed source: %v, want not found", name, err)
		}
	}
	if _, err := f.Open(t.Context(), s.ID); domain.CodeOf(err) != domain.NotFound {
		t.Errorf("open: %v", err)
	}
}

// TestRemoveTakesThePeopleFirst: whatever fails on the way, nobody is kept whose source is gone, and the source can be
// removed again.
func TestRemoveTakesThePeopleFirst(t *testing.T) {
	f := newFixture(t)
	s := f.added(t)
	var fails error
	dropped := 0
	f.o.DropCopy = func(_ context.Context, id string) error {
		if _, there := f.store.list[id]; !there || id != s.ID {
			t.Errorf("the copy of %q is dropped after its source", id)
		}
		if fails == nil {
			dropped++
		}
		return fails
	}
	fails = domain.Errorf(domain.Conflict, "A sync of this source is running.")
	if err := f.Remove(t.Context(), s.ID); domain.CodeOf(err) != domain.Conflict || len(f.store.list) != 1 || len(f.secrets.keys) == 0 {
		t.Fatalf("%v, left: %v %v", err, f.store.list, f.secrets.keys)
	}
	fails, f.store.err = nil, domain.Errorf(domain.Internal, "The disk is full.")
	if err := f.Remove(t.Context(), s.ID); err == nil || dropped != 1 || len(f.store.list) != 1 || len(f.secrets.keys) == 0 {
		t.Fatalf("%v, dropped %d times, left: %v %v", err, dropped, f.store.list, f.secrets.keys)
	}
	f.store.err = nil
	if err := f.Remove(t.Context(), s.ID); err != nil || dropped != 2 || len(f.store.list) != 0 {
		t.Fatalf("%v, dropped %d times, left: %v", err, dropped, f.store.list)
	}
}

func TestSecretStoreProblemReachesTheCaller(t *testing.T) {
	f := newFixture(t)
	s := f.added(t)
	f.secrets.fail["get"] = &domain.Error{Code: domain.Internal, Reason: secret.ReasonVanished, Message: "gone"}
	if _, err := f.Open(t.Context(), s.ID); domain.AsError(err).Reason != secret.ReasonVanished {
		t.Errorf("open: %v, want the keyring's reason", err)
	}
	f.secrets.fail["get"] = nil
	if _, err := f.Open(t.Context(), s.ID); err != nil {
		t.Errorf("open after the keyring is back: %v", err)
	}
}

// TestChangeWhileOpening removes a source while its connection is being made: the connection, made with the old
// credential, must not be handed out.
func TestChangeWhileOpening(t *testing.T) {
	f := newFixture(t)
	s := f.added(t)
	s.Settings["note"] = "remove while opening"
	f.store.list[s.ID] = s
	duringOpen = func() {
		if err := f.Remove(context.Background(), s.ID); err != nil {
			t.Error(err)
		}
	}
	defer func() { duringOpen = func() {} }()
	if opened, err := f.Open(t.Context(), s.ID); opened != nil || domain.CodeOf(err) != domain.Conflict {
		t.Errorf("open: %v %v, want conflict", opened, err)
	}
}

// A key for changes belongs to the place it was entered for, and is never the one that reads.
func TestTheKeyForChangesStaysWithItsPlace(t *testing.T) {
	f := newFixture(t)
	s := f.added(t)
	set := func(d ChangeKeyDraft) error { _, _, err := f.SetChangeKey(t.Context(), s.ID, d); return err }
	if e := domain.AsError(set(ChangeKeyDraft{Key: " secret-1 "})); e == nil || e.Reason != "same_key" || e.Field != "key" {
		t.Errorf("the first key as the second: %v", e)
	}
	if err := set(ChangeKeyDraft{Key: "strong-1"}); err != nil {
		t.Fatal(err)
	}
	if got, _ := f.Get(t.Context(), s.ID); got.ChangeKey.Keeping != domain.KeyStored || !slices.Equal(got.ChangeKey.Owners, []string{"owner-2"}) {
		t.Errorf("%+v", got.ChangeKey)
	}
	if e := domain.AsError(func() error {
		_, _, err := f.Update(t.Context(), s.ID, draft("Acme", "https://acme.example", "strong-1"))
		return err
	}()); e == nil || e.Reason != "same_key" || e.Field != "token" {
		t.Errorf("the second key as the first: %v", e)
	}
	u, err := f.Unlock(t.Context(), s.ID, domain.Secret{})
	if err != nil || u.Source.(*fakeSource).cfg.Secrets["token"].Reveal() != "strong-1" {
		t.Fatal(err)
	}
	opened, err := f.Open(t.Context(), s.ID)
	if err != nil || opened.(*fakeSource).cfg.Secrets["token"].Reveal() != "secret-1" {
		t.Fatal(err)
	}
	wire.take()
	if _, _, err := f.Update(t.Context(), s.ID, draft("Acme", "https://other.example", "secret-2")); err != nil {
		t.Fatal(err)
	}
	if !u.Source.(*fakeSource).closed {
		t.Error("a run still holds the key of the place before")
	}
	if got, _ := f.Get(t.Context(), s.ID); got.ChangeKey.Set() || f.secrets.keys[changeSecretKey(s.ID)] {
		t.Errorf("the key went along to another place: %+v", got.ChangeKey)
	}
	if _, err := f.Unlock(t.Context(), s.ID, domain.NewSecret("strong-1")); domain.CodeOf(err) != domain.Conflict {
		t.Errorf("unlocked: %v", err)
	}
	for _, sent := range wire.take() {
		if strings.HasPrefix(sent, "strong") {
			t.Errorf("sent %s", sent)
		}
	}
	if err := set(ChangeKeyDraft{Key: "strong-3"}); err != nil {
		t.Fatal(err)
	}
	if err := f.Remove(t.Context(), s.ID); err != nil || len(f.secrets.keys) != 0 {
		t.Errorf("removed with its source: %v %v", f.secrets.keys, err)
	}
}
