package bindings

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/bulk/protection"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/export"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/people/attention"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/imports"
	"seatkeeper/backend/people/lists"
	"seatkeeper/backend/people/saved"
	"seatkeeper/backend/people/trends"
	"seatkeeper/backend/runlog"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/reminders"
	"seatkeeper/backend/task"
	"seatkeeper/backend/workspace/secret"
	"seatkeeper/backend/workspace/setup"
)

// Services are the services of the workspace that is shown.
type Services struct {
	Connections *source.Connections
	Vault       *secret.Vault
	Mirror      *mirror.Engine
	Directory   *directory.Service
	Bulk        *bulk.Engine
	Protected   protection.Rules
	Runs        *runlog.Service
	Saved       *saved.Service
	Imports     *imports.Service
	Lists       *lists.Service
	Export      *export.Service
	Settings    Settings
	Guide       *setup.Guide
	Keys        *reminders.Service
	Tasks       *task.Service
	Trends      *trends.Service
	Attention   *attention.Service
	Loss        func(ctx context.Context) (domain.CopyLoss, error) // what is still missing since the local copy was damaged
	Bus         *events.Bus
	Demo        bool
}

// Settings keeps small texts by key; a missing one is NotFound.
type Settings interface {
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// Facts are what does not change while the program runs.
type Facts struct {
	Version   string
	DataDir   string
	Simulator bool
}

// Backend is what the window needs from the program behind it.
type Backend interface {
	Services() *Services
	Home() Settings // of the admin's own workspace, also inside the demo
	Facts() Facts
	// OwnFile tells whether a path is among the program's own data, where no file of the operator's may be written.
	OwnFile(path string) bool
	EnterDemo(ctx context.Context, people int) error
	LeaveDemo(ctx context.Context) error
	Problem() error // why the services cannot be asked now, nil while they can
}

// Window is what the page needs from the native window.
type Window interface {
	// SaveFile asks where to save; "" is a cancelled dialog.
	SaveFile(title, defaultName, pattern string) (string, error)
	// OpenFile asks for a file; "" is a cancelled dialog.
	OpenFile(title, pattern string) (string, error)
	OpenURL(url string) error
	TrayAvailable() bool
	NotesAvailable() bool // whether the desktop shows notifications
	Quit()
	// Quitting tells how far quitting is, and the runs that it is about; AnswerQuit takes the page's answer to the
	// question.
	Quitting() (state string, runs []domain.Run)
	AnswerQuit(answer string) error
}

// API is everything that the window may call.
type API struct {
	core       *core
	App        *App
	Sources    *Sources
	Sync       *Sync
	Tasks      *Tasks
	People     *People
	Bulk       *Bulk
	Runs       *Runs
	Saved      *Saved
	Imports    *Imports
	Lists      *Lists
	Groups     *Groups
	Onboarding *Onboarding
	Overview   *Overview
}

// core is where a bound method's call is handled.
type core struct {
	*room

	refused error // why the call is not made: see given
}

// room is what all bound structs share.
type room struct {
	ctx    context.Context //nolint:containedctx // a bound method gets no context of its own
	log    *slog.Logger
	window Window

	patience patience

	mu      sync.Mutex
	backend Backend
	problem *Problem // why the backend could not be opened
}

// New makes the bound structs. Until Attach they answer that the program is starting.
func New(ctx context.Context, window Window, log *slog.Logger) *API {
	d := &core{room: &room{ctx: ctx, window: window, log: log}}
	return &API{
		core: d, App: &App{d}, Sources: &Sources{d}, Sync: &Sync{d}, Tasks: &Tasks{d}, People: &People{d}, Bulk: &Bulk{d}, Runs: &Runs{d}, Saved: &Saved{d}, Groups: &Groups{d}, Onboarding: &Onboarding{d}, Imports: &Imports{d}, Lists: &Lists{d}, Overview: &Overview{d},
	}
}

// List gives the structs to bind.
func (a *API) List() []any {
	return []any{a.App, a.Sources, a.Sync, a.Tasks, a.People, a.Bulk, a.Runs, a.Saved, a.Groups, a.Imports, a.Lists, a.Onboarding, a.Overview}
}

// Attach connects the open backend.
func (a *API) Attach(b Backend) {
	a.core.mu.Lock()
	defer a.core.mu.Unlock()
	a.core.backend, a.core.problem = b, nil
}

// Fail tells the window why the backend could not be opened.
func (a *API) Fail(err error) {
	a.core.log.Error("the workspace could not be opened", "err", err)
	a.core.mu.Lock()
	defer a.core.mu.Unlock()
	a.core.problem = problemOf(err)
}

func (d *room) get() (Backend, *Problem) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.backend, d.problem
}

// call runs one bound method: it refuses while nothing is open, and turns a panic into an error, because a promise of
// the page whose method panicked would never settle.
func call[T any](d *core, what string, fn func(ctx context.Context, s *Services) (T, error)) (out T, err error) {
	defer d.recovered(what, &err)
	if d.refused != nil {
		return out, d.refused
	}
	backend, problem := d.get()
	if backend == nil {
		if problem != nil {
			return out, &domain.Error{Code: domain.Code(problem.Code), Reason: problem.Reason, Message: problem.Message, Hint: problem.Hint}
		}
		return out, domain.Errorf(domain.Unreachable, "Seatkeeper is still starting.").WithHint("Try again in a moment.")
	}
	if err := backend.Problem(); err != nil {
		return out, err
	}
	services := backend.Services()
	ctx, done := d.patience.watch(d.ctx, what, services.Bus)
	defer done()
	out, err = fn(ctx, services)
	if stopped := givenUp(ctx); err != nil && stopped != nil {
		err = stopped
	}
	if err != nil {
		d.log.Warn("a call of the window failed", "call", what, "err", err)
		return out, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}

// do is call for methods without a result.
func do(d *core, what string, fn func(ctx context.Context, s *Services) error) error {
	_, err := call(d, what, func(ctx context.Context, s *Services) (struct{}, error) { return struct{}{}, fn(ctx, s) })
	return err
}

// knock says that the operator asks for something of a source now; see source.Connections.Knock.
func knock(s *Services, sourceID string) { s.Connections.Knock(sourceID) }

// knockForPlan is knock for the source of a plan, knockForRun for that of a run. Whether there is one, the call itself
// tells.
func knockForPlan(ctx context.Context, s *Services, planID string) {
	if p, err := s.Bulk.GetPlan(ctx, planID); err == nil {
		knock(s, p.SourceID)
	}
}

func knockForRun(ctx context.Context, s *Services, runID string) {
	if r, err := s.Runs.Run(ctx, runID); err == nil {
		knock(s, r.SourceID)
	}
}

func (d *core) recovered(what string, err *error) {
	if p := recover(); p != nil {
		d.log.Error("a call of the window panicked", "call", what, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		*err = domain.Errorf(domain.Internal, "Something went wrong inside Seatkeeper.").WithHint("Try again; the log file has the details.")
	}
}

// FormatError gives an error to the page as the JSON text of a Problem: the window's runtime carries only texts.
func FormatError(err error) any {
	text, jsonErr := json.Marshal(problemOf(err))
	if jsonErr != nil {
		return err.Error()
	}
	return string(text)
}

// problemOf gives an error in the words that the page shows. Names in them are other people's: like every sentence on
// its way to the page they are made visible here, at the border, so that none is forgotten.
func problemOf(err error) *Problem {
	e := domain.AsError(err)
	if e == nil {
		return nil
	}
	p := &Problem{Code: string(e.Code), Reason: e.Reason, Message: domain.Visible(e.Message), Hint: domain.Visible(e.Hint), Field: e.Field}
	for _, more := range e.More {
		p.More = append(p.More, FieldProblem{Field: more.Field, Message: domain.Visible(more.Message)})
	}
	return p
}
