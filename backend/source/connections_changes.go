package source

import (
	"context"
	"crypto/subtle"
	"fmt"
	"strings"
	"sync"
	"time"

	"seatkeeper/backend/domain"
)

// ChangeTester is a source whose kind may have a key for changes. TestChanges checks what matters for such a key: that
// it is accepted, belongs to the same place as the source, and may change something. Like Test it gives findings, never
// an error.
type ChangeTester interface {
	TestChanges(ctx context.Context) domain.TestResult
}

// ChangeKeyDraft is a key for changes as the operator typed it.
type ChangeKeyDraft struct {
	Key     string    // "" is the stored one
	Ask     bool      // do not store it: it is typed for each run
	Expires time.Time // as the operator says; zero when not given
}

// Unlocked is a connection that holds the key for changes, for one run. Its holder closes it when the run ends or
// rests; the Connections closes it when the source or one of its keys is changed.
type Unlocked struct {
	Source Source
	Owners []string // of the key that is held: always protected

	once sync.Once
	gone func()
}

// Close forgets the key.
func (u *Unlocked) Close() {
	u.once.Do(func() {
		u.Source.Close()
		u.gone()
	})
}

// Unlock opens a connection with the key for changes for one run, after a test that it is still accepted, belongs to
// the source's own organization and may change something. typed is the key where it is asked for each time, and ignored
// where it is stored. A key that is not accepted is never used: the error has the finding's words and, for a typed key,
// the Field "key".
func (b *Connections) Unlock(ctx context.Context, id string, typed domain.Secret) (*Unlocked, error) {
	b.mu.Lock()
	closed, change := b.closed, b.changes[id]
	b.mu.Unlock()
	if closed {
		return nil, domain.Errorf(domain.Cancelled, "Seatkeeper is closing.")
	}
	s, err := b.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	key, err := b.changeKey(ctx, s, typed)
	if err != nil {
		return nil, err
	}
	opened, tester, err := b.openWith(s, key)
	if err != nil {
		return nil, err
	}
	result := tester.TestChanges(ctx)
	if err := usable(ctx, s.ChangeKey.Keeping, result); err != nil {
		opened.Close()
		return nil, err
	}
	u := &Unlocked{Source: opened, Owners: result.KeyOwners}
	u.gone = func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.unlocked, u)
	}
	b.mu.Lock()
	stale := b.closed || b.changes[id] != change
	if !stale {
		b.unlocked[u] = id
	}
	b.mu.Unlock()
	if stale { // changed or removed meanwhile: this connection may hold the old key
		u.Close()
		return nil, domain.Errorf(domain.Conflict, "The source was changed at this moment.").WithHint("Try again.")
	}
	b.o.Log.Info("key for changes unlocked for a run", "source", id)
	return u, nil
}

// changeKey gives the key for changes: the stored one, read now, or the typed one.
func (b *Connections) changeKey(ctx context.Context, s domain.Source, typed domain.Secret) (domain.Secret, error) {
	switch s.ChangeKey.Keeping {
	case domain.KeyStored:
		kind, destination, err := b.placeOf(s)
		if err != nil {
			return domain.Secret{}, err
		}
		values, err := b.load(ctx, s, destination, domain.KeyForChanges)
		return domain.NewSecret(values[kind.ChangeKeyField]), err
	case domain.KeyAsked:
		if key := strings.TrimSpace(typed.Reveal()); key != "" {
			return domain.NewSecret(key), nil
		}
		return domain.Secret{}, &domain.Error{
			Code: domain.Invalid, Reason: "key_needed", Field: "key",
			Message: "The key for changes is not stored: type the key to go on.", Hint: "It is kept in memory for this run only.",
		}
	}
	return domain.Secret{}, domain.Errorf(domain.Conflict, "This source has no key for changes any more.").WithHint("Make a new preview.")
}

// usable turns the test of a key for changes into an error unless it may be used.
func usable(ctx context.Context, keeping domain.KeyKeeping, r domain.TestResult) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("test the key for changes: %w", err)
	}
	if r.OK {
		return nil
	}
	e := *domain.AsError(failed(r))
	e.Message = "The key for changes cannot be used. " + e.Message
	if keeping == domain.KeyAsked {
		e.Field = "key"
	}
	return &e
}

// placeOf gives a source's kind, which must be one with a second key, and its destination.
func (b *Connections) placeOf(s domain.Source) (Kind, string, error) {
	kind, ok := Kinds.Get(string(s.Kind))
	if !ok || kind.ChangeKeyField == "" {
		return kind, "", domain.Errorf(domain.Unsupported, "This type of source has one key only.")
	}
	destination, err := kind.Destination(s.Settings, b.o.Network)
	if err != nil {
		return kind, "", fmt.Errorf("read the address: %w", err)
	}
	return kind, destination, nil
}

// openWith opens a connection of its own with a key in the place of the source's first one: another credential has
// another rate gate.
func (b *Connections) openWith(s domain.Source, key domain.Secret) (Source, ChangeTester, error) {
	kind, _, err := b.placeOf(s)
	if err != nil {
		return nil, nil, err
	}
	opened, err := kind.Open(Config{Source: s, Secrets: map[string]domain.Secret{kind.ChangeKeyField: key}, Network: b.o.Network})
	if err != nil {
		e := *domain.AsError(err)
		if e.Field == kind.ChangeKeyField {
			e.Field = "key"
		}
		return nil, nil, &e
	}
	tester, ok := opened.(ChangeTester)
	if !ok {
		opened.Close()
		return nil, nil, domain.Errorf(domain.Unsupported, "This type of source has one key only.")
	}
	return opened, tester, nil
}

// TestChangeKey tests a key for changes without saving anything; an empty one is the stored one.
func (b *Connections) TestChangeKey(ctx context.Context, id string, d ChangeKeyDraft) (domain.TestResult, error) {
	s, err := b.Get(ctx, id)
	if err != nil {
		return domain.TestResult{}, err
	}
	_, result, err := b.tryChangeKey(ctx, s, d)
	return result, err
}

// tryChangeKey gives the key of a draft and what its test found.
func (b *Connections) tryChangeKey(ctx context.Context, s domain.Source, d ChangeKeyDraft) (domain.Secret, domain.TestResult, error) {
	key := domain.NewSecret(strings.TrimSpace(d.Key))
	switch {
	case !key.Empty():
		if err := b.differs(ctx, s, key, domain.KeyForReading); err != nil {
			return key, domain.TestResult{}, err
		}
	case s.ChangeKey.Keeping != domain.KeyStored:
		return key, domain.TestResult{}, &domain.Error{Code: domain.Invalid, Field: "key", Message: "The key is missing.", Hint: "It is tested once before it is used."}
	default:
		var err error
		if key, err = b.changeKey(ctx, s, domain.Secret{}); err != nil {
			return key, domain.TestResult{}, err
		}
	}
	opened, tester, err := b.openWith(s, key)
	if err != nil {
		return key, domain.TestResult{}, err
	}
	defer opened.Close()
	result := tester.TestChanges(ctx)
	if err := ctx.Err(); err != nil {
		return key, result, fmt.Errorf("test the key for changes: %w", err)
	}
	return key, result, nil
}

// differs refuses a key that is the source's other key already: what reads would then hold what may change everything.
func (b *Connections) differs(ctx context.Context, s domain.Source, key domain.Secret, other domain.KeyUse) error {
	kind, destination, err := b.placeOf(s)
	if err != nil {
		return err
	}
	values, err := b.load(ctx, s, destination, other)
	if domain.CodeOf(err) == domain.AuthFailed {
		return nil // there is none to be the same as
	}
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(values[kind.ChangeKeyField]), []byte(key.Reveal())) == 1 {
		field := "key"
		if other == domain.KeyForChanges {
			field = kind.ChangeKeyField
		}
		return &domain.Error{
			Code: domain.Invalid, Reason: "same_key", Field: field, Message: "This is the source's key for " + string(other) + ".",
			Hint: "Make another key at Atlassian, so that what only reads never holds the key that can change things.",
		}
	}
	return nil
}

// SetChangeKey tests a key for changes and, when the test is OK, makes it the source's: stored, or only remembered as
// one to ask for. When the test is not OK it returns the findings with an error and everything stays as it was.
func (b *Connections) SetChangeKey(ctx context.Context, id string, d ChangeKeyDraft) (domain.Source, domain.TestResult, error) {
	b.change.Lock()
	defer b.change.Unlock()
	s, err := b.Get(ctx, id)
	if err != nil {
		return s, domain.TestResult{}, err
	}
	key, result, err := b.tryChangeKey(ctx, s, d)
	if err != nil {
		return s, result, err
	}
	if !result.OK {
		return s, result, failed(result)
	}
	kind, destination, err := b.placeOf(s)
	if err != nil {
		return s, result, err
	}
	s.ChangeKey = knownOf(kind, d, result)
	s.UpdatedAt = time.Now().UTC()
	var undo func()
	if d.Ask {
		undo, err = b.dropItem(ctx, changeSecretKey(id))
	} else {
		undo, err = b.storeItem(ctx, item{
			ID: s.ID, Kind: s.Kind, Destination: destination, Use: domain.KeyForChanges, Values: map[string]string{kind.ChangeKeyField: key.Reveal()},
		}, false)
	}
	if err != nil {
		return s, result, err
	}
	if err := b.o.Store.SaveSource(ctx, s); err != nil {
		undo()
		return s, result, fmt.Errorf("save the source: %w", err)
	}
	b.lock(id)
	b.publish()
	b.o.Log.Info("key for changes saved", "source", id, "keeping", s.ChangeKey.Keeping)
	return s, result, nil
}

// knownOf is what a test told of a key for changes.
func knownOf(kind Kind, d ChangeKeyDraft, r domain.TestResult) domain.ChangeKey {
	k := domain.ChangeKey{Keeping: domain.KeyStored, Owners: r.KeyOwners, Expires: d.Expires, TestedAt: r.TestedAt, Lacks: lacksOf(kind, r)}
	if d.Ask {
		k.Keeping = domain.KeyAsked
	}
	if !r.KeyExpires.IsZero() {
		k.Expires = r.KeyExpires
	}
	return k
}

// RemoveChangeKey forgets the key for changes: from now on the key for reading does what it can. A run that uses it
// pauses.
func (b *Connections) RemoveChangeKey(ctx context.Context, id string) error {
	b.change.Lock()
	defer b.change.Unlock()
	s, err := b.Get(ctx, id)
	if err != nil {
		return err
	}
	undo, err := b.dropItem(ctx, changeSecretKey(id))
	if err != nil {
		return err
	}
	s.ChangeKey, s.UpdatedAt = domain.ChangeKey{}, time.Now().UTC()
	if err := b.o.Store.SaveSource(ctx, s); err != nil {
		undo()
		return fmt.Errorf("save the source: %w", err)
	}
	b.lock(id)
	b.publish()
	b.o.Log.Info("key for changes removed", "source", id)
	return nil
}

// lock closes every connection that holds the source's key for changes, and those that are being made.
func (b *Connections) lock(id string) {
	b.mu.Lock()
	b.changes[id]++
	var open []*Unlocked
	for u, of := range b.unlocked {
		if of == id {
			open = append(open, u)
		}
	}
	b.mu.Unlock()
	for _, u := range open {
		u.Close()
	}
}
