package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/report"
	"seatkeeper/backend/source"
	"seatkeeper/backend/task"
	"seatkeeper/backend/workspace"
	"seatkeeper/backend/workspace/demo"
	"seatkeeper/backend/workspace/secret"
)

// Options say how to open the backend.
type Options struct {
	DataDir    string // where the databases are; "" is DefaultDataDir
	Demo       bool   // open on the demo organization
	DemoPeople int    // its size, 0 for the default
	Simulator  string // URL of a simulated Atlassian on this machine, "" for the real one
	Version    string
	Bus        *events.Bus
	Log        *slog.Logger
}

// Backend is everything behind the window: it runs without one.
type Backend struct {
	opt       Options
	switching sync.Mutex              // held while an open session ends
	home      atomic.Pointer[session] // the admin's own
	problem   atomic.Pointer[error]   // why the sessions cannot be asked now; nil while they can

	mu   sync.Mutex // guards the switch between home and demo
	demo *session   // nil outside the demo
}

var _ bindings.Backend = (*Backend)(nil)

// DefaultDataDir is the folder for the databases when none is given. A simulated Atlassian has one of its own.
func DefaultDataDir(simulator bool) (string, error) {
	name := "seatkeeper"
	if simulator {
		name += "-simulator"
	}
	dir, err := workspace.DefaultDir(name)
	if err != nil {
		return "", fmt.Errorf("find the data folder: %w", err)
	}
	return dir, nil
}

// Open opens the admin's workspace, removes what an earlier demo may have left, goes on with interrupted runs, and
// enters the demo if asked. The error is a domain error for the window: Conflict when another Seatkeeper has the
// workspace open.
func Open(ctx context.Context, opt Options) (*Backend, error) {
	for _, seal := range []func(){source.Kinds.Seal, bulk.Actions.Seal, directory.FieldRegistry.Seal, report.Formats.Seal, task.Kinds.Seal} {
		seal()
	}
	if opt.DataDir == "" {
		dir, err := DefaultDataDir(opt.Simulator != "")
		if err != nil {
			return nil, err
		}
		opt.DataDir = dir
	}
	network, service, err := networkOf(opt.Simulator)
	if err != nil {
		return nil, err
	}
	vault := secret.NewVault(secret.NewKeyring(service), secret.NewFile(filepath.Join(opt.DataDir, "keys.enc")))
	home, err := openSession(ctx, opt, opt.DataDir, vault, network, false)
	if err != nil {
		return nil, err
	}
	b := &Backend{opt: opt}
	b.home.Store(home)
	b.removeDemoFolders()
	if err := b.takeUp(ctx, home); err != nil {
		return nil, errors.Join(err, home.close())
	}
	if err := home.services.Guide.Begin(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("look how far the set-up is: %w", err), home.close())
	}
	if opt.Demo {
		if err := b.EnterDemo(ctx, opt.DemoPeople); err != nil {
			return nil, errors.Join(err, home.close())
		}
	}
	return b, nil
}

// networkOf gives the way to Atlassian and the keyring's service name. A simulated Atlassian has a keyring space of its
// own, so that no real key can ever be sent to it.
func networkOf(simulator string) (source.Network, string, error) {
	if simulator == "" {
		return source.Network{}, "seatkeeper", nil
	}
	u, err := url.Parse(simulator)
	if err != nil || u.Scheme != "http" || u.Hostname() != "127.0.0.1" || u.Port() == "" || u.User != nil {
		return source.Network{}, "", domain.Errorf(domain.Invalid, "--simulator needs a URL of the form http://127.0.0.1:PORT, not %s.", domain.Quote(simulator))
	}
	return source.Network{APIBase: "http://" + u.Host, AllowLoopback: true}, "seatkeeper-simulator", nil
}

// Services gives the services of the workspace that is shown.
func (b *Backend) Services() *bindings.Services {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.demo != nil {
		return b.demo.services
	}
	return b.home.Load().services
}

// Home gives the settings of the admin's own workspace, also while the demo is shown.
func (b *Backend) Home() bindings.Settings { return b.home.Load().data.Records }

// Facts tells what does not change while the program runs.
func (b *Backend) Facts() bindings.Facts {
	return bindings.Facts{Version: b.opt.Version, DataDir: b.opt.DataDir, Simulator: b.opt.Simulator != ""}
}

// OwnFile tells whether a path is among the program's own data: the folder that is open, the usual ones, or any other
// data folder.
func (b *Backend) OwnFile(path string) bool {
	dirs := []string{b.opt.DataDir}
	for _, simulator := range []bool{false, true} {
		if dir, err := DefaultDataDir(simulator); err == nil {
			dirs = append(dirs, dir)
		}
	}
	return workspace.Holds(path, dirs...)
}

// EnterDemo opens the demo organization and starts its first sync. Inside the demo it does nothing.
func (b *Backend) EnterDemo(ctx context.Context, people int) (err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.demo != nil {
		return nil
	}
	org, err := demo.New(people)
	if err != nil {
		return fmt.Errorf("make the demo organization: %w", err)
	}
	dir, err := os.MkdirTemp(b.opt.DataDir, demoPrefix)
	if err != nil {
		return domain.Errorf(domain.Internal, "The demo organization has no folder: %w", err)
	}
	s, err := openSession(ctx, b.opt, dir, secret.NewVault(secret.NewMemory(), nil), org.Network(), true)
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	for _, draft := range org.Drafts() {
		src, _, err := s.connections.Add(ctx, draft)
		if err == nil {
			_, err = s.services.Mirror.Start(ctx, src.ID)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("connect the demo organization: %w", err), s.close(), os.RemoveAll(dir))
		}
	}
	b.demo = s
	b.watch(s)
	b.announceSwitch()
	return nil
}

// LeaveDemo closes the demo organization and removes its folder. Outside the demo it does nothing.
func (b *Backend) LeaveDemo(context.Context) error {
	b.switching.Lock()
	defer b.switching.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.demo == nil {
		return nil
	}
	s := b.demo
	b.demo = nil
	b.announceSwitch()
	err := errors.Join(s.close(), os.RemoveAll(s.dir.Path("")))
	b.home.Load().services.Tasks.Announce() // the tray shows the demo's next task
	if err != nil {
		return domain.Errorf(domain.Internal, "The demo organization was closed, but its folder could not be removed: %w", err)
	}
	return nil
}

// announceSwitch tells the window that everything it shows belongs to another workspace now.
func (b *Backend) announceSwitch() {
	for _, topic := range []events.Topic{events.SettingsChanged, events.SourcesChanged, events.PeopleChanged, events.RunsChanged} {
		b.opt.Bus.Publish(events.Event{Topic: topic})
	}
}

// Close ends everything. Runs under way end at an item border and go on at the next start.
func (b *Backend) Close(ctx context.Context) error {
	err := b.LeaveDemo(ctx)
	b.switching.Lock()
	defer b.switching.Unlock()
	return errors.Join(err, b.home.Load().close())
}

const demoPrefix = "demo-"

// removeDemoFolders removes what a demo left behind when the program was killed in it.
func (b *Backend) removeDemoFolders() {
	left, _ := filepath.Glob(filepath.Join(b.opt.DataDir, demoPrefix+"*"))
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			b.opt.Log.Warn("a demo's folder could not be removed", "err", err)
		}
	}
}
