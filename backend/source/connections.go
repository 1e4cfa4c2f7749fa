package source

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/workspace/secret"
)

// maxName is the most characters of a source's name.
const maxName = 80

// settle is how long undoing a half-done change may take; it goes on when the caller has left.
const settle = 30 * time.Second

// BookStore keeps sources, without secrets.
type BookStore interface {
	Sources(ctx context.Context) ([]domain.Source, error)
	// SaveSource writes a source together with the tasks that a new one gets.
	SaveSource(ctx context.Context, s domain.Source, tasks ...domain.Task) error
	DeleteSource(ctx context.Context, id string) error
}

// ConnectionsOptions are what a Connections needs. Bus and Tasks may be nil; Log may not.
type ConnectionsOptions struct {
	Store BookStore
	// Tasks gives the tasks of a source that is added.
	Tasks   func(sourceID string) []domain.Task
	Secrets secret.Store
	// DropCopy deletes what was read from a source, before the source itself is deleted; nil for nothing. It may be
	// called again.
	DropCopy func(ctx context.Context, id string) error
	Network  Network
	Bus      *events.Bus
	Log      *slog.Logger
}

// Draft is a source as the operator typed it. Values hold every field of the kind's form, secrets included.
type Draft struct {
	Kind       domain.SourceKind
	Name       string
	Color      string
	Values     map[string]string
	KeyExpires time.Time // as the operator says; zero when not given
}

// Connections is the list of sources with their credentials and open connections: add, test, change, remove, open.
//
// A credential stands in the secret store, bound to the source's id, its kind and its destination: an item that was
// stored for one host never goes to another, whatever the database says.
type Connections struct {
	o ConnectionsOptions

	change sync.Mutex // one change of the list at a time

	mu       sync.Mutex
	open     map[string]*connection
	unlocked map[*Unlocked]string // connections with a key for changes, by source id
	changes  map[string]int       // how often a source's keys were changed in this process
	closed   bool
}

// NewConnections makes a Connections. It reads nothing.
func NewConnections(o ConnectionsOptions) *Connections {
	return &Connections{o: o, open: map[string]*connection{}, unlocked: map[*Unlocked]string{}, changes: map[string]int{}}
}

// List returns all sources, oldest first.
func (b *Connections) List(ctx context.Context) ([]domain.Source, error) {
	list, err := b.o.Store.Sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	slices.SortStableFunc(list, func(x, y domain.Source) int { return x.CreatedAt.Compare(y.CreatedAt) })
	return list, nil
}

// Get returns one source, or NotFound.
func (b *Connections) Get(ctx context.Context, id string) (domain.Source, error) {
	list, err := b.List(ctx)
	if err != nil {
		return domain.Source{}, err
	}
	i := slices.IndexFunc(list, func(s domain.Source) bool { return s.ID == id })
	if i < 0 {
		return domain.Source{}, domain.Errorf(domain.NotFound, "This source is not there any more.").WithHint("Choose another source.")
	}
	return list[i], nil
}

// Test checks the connection that the draft describes without saving anything. id is "" for a new source; for one that
// exists, an empty secret stands for the stored one, unless the destination differs. An error means that the draft is
// not fit to be tried.
func (b *Connections) Test(ctx context.Context, id string, d Draft) (domain.TestResult, error) {
	old, err := b.existing(ctx, id)
	if err != nil {
		return domain.TestResult{}, err
	}
	p, err := b.prepare(ctx, old, d)
	if err != nil {
		return domain.TestResult{}, err
	}
	return b.try(ctx, p)
}

// Add tests the draft and saves it as a new source. When the test is not OK it returns the findings together with an
// error, and nothing is saved. Nothing is left half-done: a source without its secret, or a secret without its source.
func (b *Connections) Add(ctx context.Context, d Draft) (domain.Source, domain.TestResult, error) {
	b.change.Lock()
	defer b.change.Unlock()
	return b.put(ctx, nil, d)
}

// Update tests the draft and saves it over the source with that id; like Add for the rest. An empty secret keeps the
// stored one, unless the destination changed: then it must be typed again.
func (b *Connections) Update(ctx context.Context, id string, d Draft) (domain.Source, domain.TestResult, error) {
	b.change.Lock()
	defer b.change.Unlock()
	old, err := b.Get(ctx, id)
	if err != nil {
		return domain.Source{}, domain.TestResult{}, err
	}
	return b.put(ctx, &old, d)
}

// put is Add and Update.
func (b *Connections) put(ctx context.Context, old *domain.Source, d Draft) (domain.Source, domain.TestResult, error) {
	p, err := b.prepare(ctx, old, d)
	if err != nil {
		return domain.Source{}, domain.TestResult{}, err
	}
	result, err := b.try(ctx, p)
	if err != nil {
		return domain.Source{}, result, err
	}
	if !result.OK {
		return domain.Source{}, result, failed(result)
	}
	s := p.source
	if old == nil {
		s.ID, s.CreatedAt = rand.Text(), time.Now().UTC()
	}
	s.UpdatedAt = time.Now().UTC()
	s.KeyExpires = d.KeyExpires
	tested(&s, p.kind, result)
	undo, err := b.keep(ctx, s, p)
	if err != nil {
		return domain.Source{}, result, err
	}
	undoOther := func() {}
	if p.moved {
		// The key for changes was entered for another place: it goes with that place.
		s.ChangeKey = domain.ChangeKey{}
		if undoOther, err = b.dropItem(ctx, changeSecretKey(s.ID)); err != nil {
			undo()
			return domain.Source{}, result, err
		}
	}
	var tasks []domain.Task
	if old == nil && b.o.Tasks != nil {
		tasks = b.o.Tasks(s.ID)
	}
	if err := b.o.Store.SaveSource(ctx, s, tasks...); err != nil {
		undoOther()
		undo()
		return domain.Source{}, result, fmt.Errorf("save the source: %w", err)
	}
	b.forget(s.ID)
	b.publish()
	b.o.Log.Info("source saved", "source", s.ID, "kind", s.Kind, "new", old == nil)
	return s, result, nil
}

// tested takes over what a test found about the source's first key.
func tested(s *domain.Source, kind Kind, r domain.TestResult) {
	s.TestedAt = r.TestedAt
	s.OperatorID, s.KeyOwnerID, s.KeyOwners, s.Lacks = r.OperatorID, r.KeyOwnerID, r.KeyOwners, lacksOf(kind, r)
	if !r.KeyExpires.IsZero() {
		s.KeyExpires = r.KeyExpires
	}
}

// TestKey tests one of a source's stored keys and, when the test is OK, keeps what it found: who owns it, when it ends,
// what it lacks.
func (b *Connections) TestKey(ctx context.Context, id string, use domain.KeyUse) (domain.TestResult, error) {
	b.change.Lock()
	defer b.change.Unlock()
	s, err := b.Get(ctx, id)
	if err != nil {
		return domain.TestResult{}, err
	}
	var result domain.TestResult
	kind, _ := Kinds.Get(string(s.Kind))
	if use == domain.KeyForChanges {
		d := ChangeKeyDraft{Expires: s.ChangeKey.Expires}
		if _, result, err = b.tryChangeKey(ctx, s, d); err == nil && result.OK {
			s.ChangeKey = knownOf(kind, d, result)
		}
	} else {
		var p prepared
		if p, err = b.prepare(ctx, &s, Draft{Name: s.Name, Color: s.Color, Values: s.Settings}); err != nil {
			return domain.TestResult{}, err
		}
		if result, err = b.try(ctx, p); err == nil && result.OK {
			tested(&s, kind, result)
		}
	}
	if err != nil || !result.OK {
		return result, err
	}
	if err := b.o.Store.SaveSource(ctx, s); err != nil {
		return result, fmt.Errorf("save the source: %w", err)
	}
	b.publish()
	return result, nil
}

// Rename changes name and color.
func (b *Connections) Rename(ctx context.Context, id, name, color string) error {
	return b.edit(ctx, id, func(s *domain.Source, others []domain.Source) error {
		clean, err := checkName(name, id, others)
		s.Name, s.Color = clean, color
		return err
	})
}

// SetPaused pauses or resumes a source. A paused one cannot be opened; its connection is closed.
func (b *Connections) SetPaused(ctx context.Context, id string, paused bool) error {
	return b.edit(ctx, id, func(s *domain.Source, _ []domain.Source) error {
		s.Paused = paused
		return nil
	})
}

func (b *Connections) edit(ctx context.Context, id string, fn func(s *domain.Source, all []domain.Source) error) error {
	b.change.Lock()
	defer b.change.Unlock()
	all, err := b.List(ctx)
	if err != nil {
		return err
	}
	s, err := b.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := fn(&s, all); err != nil {
		return err
	}
	s.UpdatedAt = time.Now().UTC()
	if err := b.o.Store.SaveSource(ctx, s); err != nil {
		return fmt.Errorf("save the source: %w", err)
	}
	if s.Paused {
		b.forget(id)
	}
	b.publish()
	return nil
}

// Remove deletes the secret, then the source with its local copy. When the secret cannot be deleted the source stays,
// so that no key is left behind that nothing shows any more.
func (b *Connections) Remove(ctx context.Context, id string) error {
	b.change.Lock()
	defer b.change.Unlock()
	s, err := b.Get(ctx, id)
	if err != nil {
		return err
	}
	var undo []func()
	for _, key := range []string{changeSecretKey(s.ID), secretKey(s.ID)} {
		back, err := b.dropItem(ctx, key)
		if err != nil {
			for _, u := range undo {
				u()
			}
			return err
		}
		undo = append(undo, back)
	}
	if err := b.delete(ctx, s.ID); err != nil {
		for _, u := range undo {
			u()
		}
		return fmt.Errorf("delete the source: %w", err)
	}
	b.forget(s.ID)
	b.publish()
	b.o.Log.Info("source removed", "source", s.ID, "kind", s.Kind)
	return nil
}

// delete deletes a source and what was read from it. The people go first: if the program ends between the two, the
// source is still there to be removed again, and nobody is kept whom nothing shows any more.
func (b *Connections) delete(ctx context.Context, id string) error {
	if b.o.DropCopy != nil {
		if err := b.o.DropCopy(ctx, id); err != nil {
			return fmt.Errorf("delete the local copy: %w", err)
		}
	}
	return b.o.Store.DeleteSource(ctx, id)
}

func (b *Connections) publish() { b.o.Bus.Publish(events.Event{Topic: events.SourcesChanged}) }

// settle finishes or undoes a change although the caller may have left. A failure can only be logged: the caller gets
// the first error.
func (b *Connections) settle(ctx context.Context, what string, fn func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settle)
	defer cancel()
	if err := fn(ctx); err != nil {
		b.o.Log.Error("could not "+what, "error", err)
	}
}

// checkName trims a name and refuses an empty or long one, and one that another source has: two of the same name get
// mixed up.
func checkName(name, id string, others []domain.Source) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	var problem string
	switch {
	case name == "":
		problem = "The name is missing."
	case len([]rune(name)) > maxName:
		problem = fmt.Sprintf("The name is longer than %d characters.", maxName)
	case domain.Visible(name) != name:
		problem = "The name holds characters that cannot be seen: " + domain.Quote(name) + "."
	case slices.ContainsFunc(others, func(s domain.Source) bool { return s.ID != id && strings.EqualFold(s.Name, name) }):
		problem = "Another source has this name."
	default:
		return name, nil
	}
	return "", &domain.Error{Code: domain.Invalid, Field: "name", Message: problem, Hint: "Choose a name that tells your sources apart."}
}

// failed makes the error of a test that is not OK from its first failed finding.
func failed(r domain.TestResult) error {
	for _, f := range r.Findings {
		if f.State == domain.FindingFailed {
			code := f.Code
			if code == "" {
				code = domain.Invalid
			}
			return &domain.Error{Code: code, Reason: "test_failed", Message: f.Message, Hint: f.Hint}
		}
	}
	return &domain.Error{Code: domain.Invalid, Reason: "test_failed", Message: "The connection test did not succeed.", Hint: "Look at the findings."}
}
