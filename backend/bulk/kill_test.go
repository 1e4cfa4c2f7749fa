package bulk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/store"
)

// childVariable makes the test binary be the program that is killed.
const childVariable = "SEATKEEPER_BULK_CHILD"

// childTask is what the child is told.
type childTask struct {
	Dir          string `json:"dir"`
	API          string `json:"api"`
	Organization string `json:"organization"`
	Key          string `json:"key"`
	Operator     string `json:"operator"`
	KeyOwner     string `json:"keyOwner"`
	Plan         string `json:"plan"` // to be confirmed, "" for a run that is on disk
	Hash         string `json:"hash"`
	Typed        string `json:"typed"`
	Words        string `json:"words"`
	Run          string `json:"run"`
}

// child is a program that confirms a plan, or goes on with a run, and ends when the run is over.
func child() int {
	var task childTask
	if err := json.Unmarshal([]byte(os.Getenv(childVariable)), &task); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	if err := task.work(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (c childTask) work(ctx context.Context) error {
	db, err := store.Open(ctx, c.Dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	kind, _ := source.Kinds.Get(string(domain.KindAtlassianOrg))
	listed := domain.Source{
		ID: src, Kind: kind.Kind, Name: "Acme", OperatorID: c.Operator, KeyOwnerID: c.KeyOwner, Settings: map[string]string{"org_id": c.Organization},
	}
	network := source.Network{APIBase: c.API, AllowLoopback: true}
	org, err := kind.Open(source.Config{Source: listed, Network: network, Secrets: map[string]domain.Secret{"api_key": domain.NewSecret(c.Key)}})
	if err != nil {
		return err
	}
	defer org.Close()
	engine := bulk.New(bulk.Options{
		Store: db.Records, People: db.Mirror,
		Source: func(context.Context, string) (domain.Source, error) { return listed, nil },
		Open:   func(context.Context, string) (source.Source, error) { return org, nil },
	})
	defer engine.Close()
	runID := c.Run
	if c.Plan != "" {
		confirm := func() (domain.Run, error) { return engine.Confirm(ctx, c.Plan, c.Hash, c.Typed, domain.Secret{}) }
		if c.Words != "" {
			confirm = func() (domain.Run, error) {
				return engine.Raise(ctx, c.Plan, c.Hash, c.Words, "it is meant", domain.Secret{})
			}
		}
		r, err := confirm()
		if err != nil {
			return err
		}
		runID = r.ID
	} else if err := engine.Recover(ctx); err != nil {
		return err
	}
	r, err := engine.Wait(ctx, runID)
	if err == nil && r.State != domain.RunDone {
		err = fmt.Errorf("the run is %s: %s", r.State, r.PauseReason)
	}
	return err
}

// killPoints is how many times the program is killed, in all lanes together; the environment raises it.
func killPoints(t *testing.T) int {
	if text := os.Getenv("SEATKEEPER_KILLS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 40
}

// lanes run side by side: nearly all of a lane's time is the wait before an open call is judged.
const lanes = 10

// TestKilledAtAnyPoint kills the real program with SIGKILL in the middle of a run over real connections, starts it
// again, and so on: at the start, while calls are under way, while open calls are settled, near the end.
func TestKilledAtAnyPoint(t *testing.T) {
	if testing.Short() {
		t.Skip("short: waits for a minute")
	}
	each := (killPoints(t) + lanes - 1) / lanes
	var kills, ambiguous atomic.Int64
	t.Run("lanes", func(t *testing.T) {
		for lane := range lanes {
			t.Run(strconv.Itoa(lane), func(t *testing.T) {
				t.Parallel()
				k, a := killLane(t, uint64(lane), each)
				kills.Add(int64(k))
				ambiguous.Add(int64(a))
			})
		}
	})
	t.Logf("%d kills, %d calls were open in all, at most %d at once", kills.Load(), ambiguous.Load(), 4)
	if int(kills.Load()) < killPoints(t) {
		t.Errorf("only %d kills", kills.Load())
	}
}

// killLane kills one run again and again until it has been killed often enough, then lets it end.
func killLane(t *testing.T, lane uint64, kills int) (killed, ambiguous int) {
	rnd := rand.New(rand.NewPCG(lane, 9))
	o := &office{t: t, world: sim.New(sim.Config{People: 200 + 60*kills, Seed: lane, Latency: 12 * time.Millisecond, Jitter: 0.8}), dir: t.TempDir()}
	listing, err := o.world.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	task := childTask{
		Dir: o.dir, API: listing.API, Organization: listing.Organization.ID, Key: listing.Organization.APIKey,
		Operator: o.world.Operator(), KeyOwner: o.world.KeyOwner(),
	}
	o.open()
	o.sync()
	users := o.people(40*kills+40, func(u domain.User) bool { return in(u, domain.StatusActive) })
	plan, err := o.engine.Plan(t.Context(), bulk.Request{SourceID: src, Action: "user.suspend", Users: users})
	if err != nil {
		t.Fatal(err)
	}
	o.close()
	task.Plan, task.Hash, task.Typed = plan.ID, plan.Hash, fmt.Sprint(plan.Counts[domain.VerdictChange])
	task.Words = plan.RaiseWords()
	left := plan.Counts[domain.VerdictChange]
	for killed < kills {
		within := rnd.IntN(3*left/(2*(kills-killed)+1)) - 2 // calls of this process before it is killed; some die while settling, or at the start
		dead := o.runChild(task, within, time.Duration(rnd.IntN(15000))*time.Microsecond)
		r := o.afterKill(plan.ID)
		if r.ID != "" {
			task.Plan, task.Run = "", r.ID
			ambiguous += r.Counts[domain.ItemIntent]
			left = r.Counts[domain.ItemPlanned]
		}
		if !dead {
			break
		}
		killed++
	}
	if dead := o.runChild(task, -1, time.Hour); dead {
		t.Fatal("the last start was not to be killed")
	}
	r := o.afterKill(plan.ID)
	o.open()
	defer o.close()
	o.judge(r)
	if r.State != domain.RunDone || r.Counts[domain.ItemDone] != plan.Counts[domain.VerdictChange] || r.Counts[domain.ItemUnknown] != 0 {
		t.Errorf("%s %v", r.State, r.Counts)
	}
	once := map[string]int{}
	for _, e := range o.changing() {
		if e.Applied {
			once[e.Path]++
		}
		if once[e.Path] > 1 {
			t.Errorf("%s was carried out again", e.Path)
		}
	}
	return killed, ambiguous
}

// runChild starts the program and kills it some time after its n-th changing request; n < 0 counts from its start. It
// tells whether the program was killed before it ended by itself.
func (o *office) runChild(task childTask, n int, after time.Duration) (killed bool) {
	o.t.Helper()
	doc, err := json.Marshal(task)
	if err != nil {
		o.t.Fatal(err)
	}
	before := len(o.changing())
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(doc))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	reached := time.Now()
	if n < 0 && after < time.Minute {
		after += time.Duration(-n) * 400 * time.Millisecond
	}
	for n > 0 && len(o.changing()) < before+n || time.Since(reached) < after {
		select {
		case err := <-ended:
			if err != nil {
				o.t.Fatalf("the program failed: %v", err)
			}
			return false
		default:
			time.Sleep(500 * time.Microsecond)
		}
		if n > 0 && len(o.changing()) < before+n {
			reached = time.Now()
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		o.t.Fatal(err)
	}
	<-ended
	return true
}

// afterKill looks at what the dead program left on disk.
func (o *office) afterKill(planID string) domain.Run {
	o.t.Helper()
	db, err := store.Open(context.Background(), o.dir, slog.New(slog.DiscardHandler))
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			o.t.Error(err)
		}
	}()
	if got := query(o.t, o.dir, "PRAGMA integrity_check"); got != "ok" {
		o.t.Fatalf("the database is damaged: %s", got)
	}
	p, err := db.Records.Plan(context.Background(), planID)
	if err != nil {
		o.t.Fatal(err)
	}
	if p.RunID == "" {
		return domain.Run{}
	}
	r, err := db.Records.Run(context.Background(), p.RunID)
	if err != nil {
		o.t.Fatal(err)
	}
	sum, states := 0, map[domain.ItemState]int{}
	if err := db.Records.EachItem(context.Background(), r.ID, func(it domain.Item) error {
		states[it.State]++
		if it.State == domain.ItemDone && !o.so(it.Change) {
			o.t.Errorf("item %d is called done and is not", it.Change.Seq)
		}
		if it.State == domain.ItemPlanned && it.Attempts == 0 && o.so(it.Change) {
			o.t.Errorf("item %d was carried out, but there is no intent on disk", it.Change.Seq)
		}
		return nil
	}); err != nil {
		o.t.Fatal(err)
	}
	for state, n := range r.Counts {
		sum += n
		if states[state] != n {
			o.t.Errorf("the run counts %d %s, the items are %d", n, state, states[state])
		}
	}
	if sum != r.Total || r.Counts[domain.ItemIntent] > 4 || r.State == domain.RunPaused {
		o.t.Errorf("%s %v of %d: %s", r.State, r.Counts, r.Total, r.PauseReason)
	}
	return r
}
