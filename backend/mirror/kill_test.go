package mirror_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/store"
)

// childVariable makes the test binary be the program that is killed; its value is an order.
const childVariable = "SEATKEEPER_TEST_SYNC_AND_DIE"

// killsAtOnce bounds how many programs run at a time.
const killsAtOnce = 4

// order says what the child does.
type order struct {
	Dir          string `json:"dir"`
	API          string `json:"api"`
	Organization string `json:"organization"`
	Key          string `json:"key"`

	Site       *sim.ListedSite       `json:"site"`       // instead of the organization
	DataCenter *sim.ListedDataCenter `json:"dataCenter"` // the same

	Changes bool          `json:"changes"` // a sync of changes
	Step    int           `json:"step"`    // the request or call of the store at which it is killed, 0 for none
	After   time.Duration `json:"after"`   // so long after it has begun to save, 0 for never

	Watch bool       `json:"watch"` // print the most memory that was live, and that lasted, in place of steps and kind
	Plain *plainLoop `json:"plain"` // read in the plain way instead, to compare with
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		var o order
		err := json.Unmarshal([]byte(text), &o)
		if err == nil {
			err = o.obey()
		}
		if err != nil {
			fmt.Fprintln(os.Stdout, "error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// die ends this process as SIGKILL does: nothing is flushed or closed.
func die() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {}
}

// steps counts what the child does, and kills it at one of them.
type steps struct {
	mirror.Store
	order
	network http.Transport
	n       atomic.Int64
}

func (s *steps) step() {
	if n := s.n.Add(1); s.Step > 0 && n == int64(s.Step) {
		die()
	}
}

func (s *steps) RoundTrip(r *http.Request) (*http.Response, error) {
	s.step()
	return s.network.RoundTrip(r)
}

func (s *steps) StageBatch(ctx context.Context, syncID int64, b domain.Batch) error {
	s.step()
	defer s.step()
	return s.Store.StageBatch(ctx, syncID, b)
}

func (s *steps) CommitSync(ctx context.Context, syncID int64, short domain.Shortfall) (domain.Sync, error) {
	defer s.saving()()
	return s.Store.CommitSync(ctx, syncID, short)
}

func (s *steps) CommitChanges(ctx context.Context, syncID int64, c domain.Changes) (domain.Sync, error) {
	defer s.saving()()
	return s.Store.CommitChanges(ctx, syncID, c)
}

func (s *steps) saving() func() {
	s.step()
	if s.After > 0 {
		time.AfterFunc(s.After, die)
	}
	return s.step
}

// open opens the files and an engine over the served organization.
func (o order) open(
	transport http.RoundTripper, wrap func(mirror.Store) mirror.Store,
) (*mirror.Engine, *store.Databases, error) {
	s, err := store.Open(context.Background(), o.Dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, err
	}
	cfg := source.Config{
		Source: domain.Source{ID: id, Kind: domain.KindAtlassianOrg,
			Settings: map[string]string{"org_id": o.Organization}},
		Secrets: map[string]domain.Secret{"api_key": domain.NewSecret(o.Key)},
		Network: source.Network{APIBase: o.API, AllowLoopback: true, Transport: transport},
	}
	if o.Site != nil {
		cfg.Source.Kind, cfg.Source.Settings = domain.KindJiraCloud,
			map[string]string{"site_url": o.Site.URL, "email": o.Site.Email}
		cfg.Secrets = map[string]domain.Secret{"api_token": domain.NewSecret(o.Site.Token)}
	}
	if o.DataCenter != nil {
		cfg.Source.Kind, cfg.Source.Settings = domain.KindJiraDC, map[string]string{"base_url": o.DataCenter.URL}
		cfg.Secrets = map[string]domain.Secret{"token": domain.NewSecret(o.DataCenter.Token)}
	}
	k, _ := source.Kinds.Get(string(cfg.Source.Kind))
	src, err := k.Open(cfg)
	if err != nil {
		return nil, nil, err
	}
	return mirror.New(mirror.Options{Store: wrap(s.Mirror), Pages: pagesOf(s),
		Open: func(context.Context, string) (source.Source, error) { return src, nil }}), s, nil
}

// obey is the child: it syncs and is killed on the way, or prints how many steps it took.
func (o order) obey() error {
	if o.Plain != nil {
		n, err := o.Plain.run(o.Dir)
		fmt.Fprintln(os.Stdout, "steps", n, "plain")
		return err
	}
	counted := &steps{order: o}
	e, _, err := o.open(counted, func(s mirror.Store) mirror.Store { counted.Store = s; return counted })
	if err != nil {
		return err
	}
	start := e.Start
	if o.Changes {
		start = e.StartChanges
	}
	var done domain.Sync
	sync := func() error {
		if _, err := start(context.Background(), id); err != nil {
			return err
		}
		if done, err = e.Wait(context.Background(), id); err != nil || done.State != domain.SyncDone {
			return fmt.Errorf("%+v %w", done, err)
		}
		return nil
	}
	if o.Watch {
		most, lasting, err := watched(sync)
		fmt.Fprintln(os.Stdout, "steps", most, lasting)
		return err
	}
	if err := sync(); err != nil {
		return err
	}
	if o.After > 0 {
		time.Sleep(o.After) // killed, after all was saved
	}
	fmt.Fprintln(os.Stdout, "steps", counted.n.Load(), done.Kind)
	return nil
}

// run starts a child and returns how many steps it took, 0 when it was killed.
func (o order) run(t testing.TB) (n int, kind string) {
	t.Helper()
	n, kind, _ = o.spend(t)
	return n, kind
}

// spend is run that also tells the processor time.
func (o order) spend(t testing.TB) (n int, kind string, spent time.Duration) {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+string(text))
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "error") {
			t.Fatal(lines.Text())
		}
		_, _ = fmt.Sscanf(lines.Text(), "steps %d %s", &n, &kind)
	}
	_ = child.Wait()
	return n, kind, child.ProcessState.UserTime() + child.ProcessState.SystemTime()
}

// enroll makes the files with a source in them that was never synced.
func (o order) enroll(t testing.TB, kind domain.SourceKind) {
	t.Helper()
	e, s := newEngine(t, o.Dir, kind, nil)
	e.Close()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// copied copies the files of the local copy to a folder of its own.
func (o order) copied(t *testing.T) order {
	t.Helper()
	from := o.Dir
	o.Dir = t.TempDir()
	if err := os.CopyFS(o.Dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return o
}

// look opens the files and reads everybody; afresh runs a full sync before.
func (o order) look(t *testing.T, afresh bool) map[string]domain.User {
	t.Helper()
	e, s, err := o.open(nil, func(s mirror.Store) mirror.Store { return s })
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		e.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if afresh {
		runSync(t, e)
	}
	last, _, err := e.State(t.Context(), id)
	if err != nil || last.State == domain.SyncRunning {
		t.Fatalf("%+v %v", last, err)
	}
	all := whole(t, s)
	for account, u := range all {
		u.Billable = domain.Unknown // only a full sync lists it
		all[account] = u
	}
	return all
}

// The program is killed at any request, at any write, and while it saves: the local copy is wholly the old or wholly
// the new one, and a sync afterwards makes it what the organization is, also when the one before was killed too.
func TestKilledWhileSyncing(t *testing.T) {
	full, ofChanges := 44, 20
	if raced {
		full, ofChanges = 6, 3
	}
	w := sim.New(sim.Config{People: 350, Sites: 2, Seed: 21,
		Rates: []sim.Rate{{Limit: 1_000_000, Window: time.Minute}}})
	listing, err := w.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	base := order{Dir: t.TempDir(), API: listing.API, Organization: listing.Organization.ID,
		Key: listing.Organization.APIKey}
	base.enroll(t, domain.KindAtlassianOrg)
	empty := base.copied(t)
	before := base.look(t, true)
	group := w.Groups()[len(w.Groups())-1]
	for i, p := range w.People(60, func(p sim.PersonState) bool {
		return p.Status == "active" && !p.OrgAdmin &&
			len(p.Directories) > 0
	}) {
		switch i % 3 {
		case 0:
			w.Suspend(p.AccountID)
		case 1:
			w.AddMember(p.AccountID, group.ID)
		default:
			w.Remove(p.AccountID)
		}
	}
	after := base.copied(t).look(t, true)
	random := rand.New(rand.NewPCG(21, 1))
	for _, lane := range []struct {
		name    string
		from    order
		before  map[string]domain.User
		changes bool
		kills   int
	}{
		{"full", base, before, false, full / 2}, {"first", empty, nil, false, full / 2},
		{"changes", base, before, true, ofChanges},
	} {
		t.Run(lane.name, func(t *testing.T) {
			whole := lane.from.copied(t)
			whole.Changes = lane.changes
			total, kind := whole.run(t)
			if total == 0 || (kind == "changes") != lane.changes {
				t.Fatal("no sync", total, kind)
			}
			var old, now atomic.Int64
			atOnce := make(chan struct{}, killsAtOnce)
			var work sync.WaitGroup
			for i := range lane.kills {
				o := lane.from.copied(t)
				o.Changes = lane.changes
				if i%4 == 3 {
					o.After = time.Duration(random.IntN(20_000)+1) * time.Microsecond
				} else {
					o.Step = 1 + i*(total-1)/lane.kills
				}
				second := 1 + random.IntN(total)
				atOnce <- struct{}{}
				work.Go(func() {
					defer func() { <-atOnce }()
					// side by side the steps differ a little
					if n, _ := o.run(t); n != 0 && o.After == 0 && o.Step < total-3 {
						t.Errorf("it was not killed at step %d of %d", o.Step, n)
					}
					switch found := o.look(t, false); {
					case reflect.DeepEqual(found, after):
						now.Add(1)
					case lane.before == nil: // a first sync shows what has come so far, marked as partial
					case reflect.DeepEqual(found, lane.before):
						old.Add(1)
					default:
						t.Errorf("killed at %+v: neither the old nor the new copy, %d people", o, len(found))
					}
					if i%2 == 0 { // and once more
						again := o
						again.After, again.Step = 0, second
						again.run(t)
					}
					if found := o.look(t, true); !same(found, after) {
						t.Errorf("killed at %+v: a sync afterwards does not bring the truth", o)
					}
				})
			}
			work.Wait()
			t.Logf("%d kills over %d steps: %d times the old copy, %d times the new one", lane.kills, total,
				old.Load(), now.Load())
		})
	}
}

// same compares but for the keys, which a first copy gives in the order in which people come, and the order that
// follows from them.
func same(a, b map[string]domain.User) bool {
	if len(a) != len(b) {
		return false
	}
	for account, u := range a {
		v, there := b[account]
		if !there || u.Name != v.Name || u.Status != v.Status || !sameSet(u.GroupIDs, v.GroupIDs) ||
			len(u.Access) != len(v.Access) ||
			!sameSet(u.PlatformRoles, v.PlatformRoles) || !sameSet(u.Memberships, v.Memberships) {
			return false
		}
	}
	return true
}

func sameSet[T comparable](a, b []T) bool {
	count := map[T]int{}
	for _, x := range a {
		count[x]++
	}
	for _, x := range b {
		count[x]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}
