// Package setup is Get started as a state machine: which steps there are, which are done, skipped or next, and whether
// the page or a short Welcome appears by itself.
//
// It draws nothing and connects nothing: sources are added by the Connections and read by the mirror; here is only what
// follows from that.
package setup

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"seatkeeper/backend/domain"
)

// setting is the key under which the record is kept.
const setting = "get_started"

// Settings keeps small texts by key; a missing one is NotFound.
type Settings interface {
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// Options are what a Guide needs. Sources, Freshness and Domains read what there is; Reach asks a site for anything at
// all, without a credential, and gives its normalized address.
type Options struct {
	Settings  Settings
	Sources   func(ctx context.Context) ([]domain.Source, error)
	Freshness func(ctx context.Context, sourceID string) (domain.Freshness, error)
	Domains   func(ctx context.Context, sourceID string) ([]domain.Domain, error)
	Reach     func(ctx context.Context, site string) (string, error)
	Local     func() []netip.Addr // this machine's addresses; nil asks the operating system
	Version   string
	Demo      bool // the demo organization is set up by itself
}

// Guide answers for one workspace. What a step needs to be done is read afresh each time, so that a source which is
// added or removed elsewhere counts at once; only what the operator decided is kept.
type Guide struct {
	o  Options
	mu sync.Mutex // guards the record between reading and writing
}

// New makes a Guide. It reads nothing.
func New(o Options) *Guide {
	if o.Local == nil {
		o.Local = localAddresses
	}
	return &Guide{o: o}
}

// record is what the operator decided, and which version they have seen.
type record struct {
	Version   string     `json:"version"`  // that was welcomed, or began the set-up
	Finished  bool       `json:"finished"` // the page need not appear any more
	Skipped   []Step     `json:"skipped,omitempty"`
	Looked    []Step     `json:"looked,omitempty"` // steps that are done by having been looked at
	Allowlist *Allowlist `json:"allowlist,omitempty"`
}

// StepState says how far a step is.
type StepState string

// The states of a step.
const (
	StateOpen    StepState = "open"
	StateDone    StepState = "done"
	StateSkipped StepState = "skipped"
	StateWaiting StepState = "waiting" // it needs an earlier step
)

// Progress is one step with its state.
type Progress struct {
	Spec
	State StepState
}

// State is everything that the page shows of the set-up.
type State struct {
	Steps     []Progress
	Next      Step // where to go on
	Complete  bool // nothing is left to be asked
	Appears   bool // the page opens by itself at the program's start
	Welcome   bool // the short Welcome after an upgrade opens instead
	Version   string
	Previous  string // the version before an upgrade, "" when not known
	Allowlist *Allowlist
}

// Begin is called once when the program starts. A set-up without sources begins with this version, so that a later one
// is known as an upgrade; one with sources but without a record was made before there was one, and counts as complete.
func (g *Guide) Begin(ctx context.Context) error {
	if g.o.Demo {
		return nil
	}
	sources, err := g.o.Sources(ctx)
	if err != nil {
		return fmt.Errorf("list the sources: %w", err)
	}
	return g.edit(ctx, func(r *record, kept bool) error {
		switch {
		case len(sources) == 0:
			r.Version, r.Finished = g.o.Version, false
		case !kept:
			r.Finished = true
		}
		return nil
	})
}

// State tells how far the set-up is.
func (g *Guide) State(ctx context.Context) (State, error) {
	g.mu.Lock()
	r, _, err := g.load(ctx)
	g.mu.Unlock()
	if err != nil {
		return State{}, err
	}
	f, err := g.facts(ctx)
	if err != nil {
		return State{}, err
	}
	s := State{Version: g.o.Version, Allowlist: r.Allowlist}
	open := false
	for _, spec := range Steps {
		state := f.state(spec.Step, r)
		spec.Link = f.link(spec)
		s.Steps = append(s.Steps, Progress{Spec: spec, State: state})
		if state == StateOpen || state == StateWaiting {
			open = open || spec.Step != StepDone
		}
		if s.Next == "" && state == StateOpen {
			s.Next = spec.Step
		}
	}
	switch {
	case f.sources == 0 && (s.Next == "" || s.Next == StepDone):
		s.Next = StepOrganization // everything was skipped, but without a source there is nothing
	case s.Next == "":
		s.Next = StepDone
	}
	s.Complete = f.sources > 0 && (r.Finished || !open)
	if g.o.Demo {
		s.Complete = true
		return s, nil
	}
	s.Appears = !s.Complete
	if s.Complete && r.Version != g.o.Version {
		s.Welcome, s.Previous = true, r.Version
	}
	return s, nil
}

// Skip passes over a step that is not done; going back to it and doing it makes it done. A step that cannot be skipped
// is Invalid.
func (g *Guide) Skip(ctx context.Context, step Step) error {
	spec, ok := specOf(step)
	if !ok || !spec.Skippable {
		return domain.Errorf(domain.Invalid, "There is no step %s that can be skipped.", domain.Quote(string(step)))
	}
	return g.edit(ctx, func(r *record, _ bool) error {
		r.Skipped = with(r.Skipped, step)
		return nil
	})
}

// Look marks a step as done that asks only to be looked at: the verified domains. Every other step is Invalid.
func (g *Guide) Look(ctx context.Context, step Step) error {
	if step != StepDomains {
		return domain.Errorf(domain.Invalid, "The step %s is not done by looking at it.", domain.Quote(string(step)))
	}
	return g.edit(ctx, func(r *record, _ bool) error {
		r.Looked = with(r.Looked, step)
		return nil
	})
}

// Finish ends the set-up: the page does not appear by itself any more. Without a source it is a Conflict.
func (g *Guide) Finish(ctx context.Context) error {
	sources, err := g.o.Sources(ctx)
	if err != nil {
		return fmt.Errorf("list the sources: %w", err)
	}
	if len(sources) == 0 {
		return domain.Errorf(domain.Conflict, "No organization or site is connected yet.").WithHint("Connect one first.")
	}
	return g.edit(ctx, func(r *record, _ bool) error {
		r.Finished, r.Version = true, g.o.Version
		return nil
	})
}

// Welcomed ends the short Welcome after an upgrade.
func (g *Guide) Welcomed(ctx context.Context) error {
	return g.edit(ctx, func(r *record, _ bool) error {
		r.Version = g.o.Version
		return nil
	})
}

func with(list []Step, step Step) []Step {
	if slices.Contains(list, step) {
		return list
	}
	return append(list, step)
}

// load reads the record; kept tells whether there was one. A record that cannot be read counts as none: it holds
// nothing that cannot be decided again.
func (g *Guide) load(ctx context.Context) (r record, kept bool, err error) {
	text, err := g.o.Settings.Setting(ctx, setting)
	if domain.CodeOf(err) == domain.NotFound {
		return record{}, false, nil
	}
	if err != nil {
		return record{}, false, fmt.Errorf("read how far the set-up is: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return record{}, false, nil //nolint:nilerr // said above
	}
	return r, true, nil
}

func (g *Guide) edit(ctx context.Context, fn func(r *record, kept bool) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, kept, err := g.load(ctx)
	if err != nil {
		return err
	}
	if err := fn(&r, kept); err != nil {
		return err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode how far the set-up is: %w", err)
	}
	if err := g.o.Settings.SetSetting(ctx, setting, string(text)); err != nil {
		return fmt.Errorf("keep how far the set-up is: %w", err)
	}
	return nil
}
