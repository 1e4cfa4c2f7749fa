package secret

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/99designs/keyring"

	"seatkeeper/backend/domain"
)

// How long the keyring may take. A prompt for the keyring's password counts, so a call gets longer than a check.
const (
	callTimeout  = 25 * time.Second
	probeTimeout = 8 * time.Second
	probeValid   = time.Minute // how long a good probe is believed
)

// ring is the part of the keyring package that is used. Keys() is left out on purpose: in a shared collection it lists
// the labels of every other program.
type ring interface {
	Get(key string) (keyring.Item, error)
	Set(item keyring.Item) error
	Remove(key string) error
}

// system is what differs between operating systems and is replaced in tests.
type system struct {
	open   func(service string) (ring, error)
	locked func() bool // whether the place for our items is locked, where that can be told without a prompt
}

// keyringStore talks to the operating system's keyring, one call at a time: the package below is not safe for more.
type keyringStore struct {
	service string
	sys     system
	turn    chan struct{} // holds one token while nobody uses the ring; a call that hangs keeps it

	mu     sync.Mutex
	worked bool      // it answered before: a failure now means that it vanished
	good   time.Time // last good probe
}

// NewKeyring makes a Store over the operating system's keyring: the secret service on Linux, the Keychain on macOS, the
// Credential Manager on Windows. Nothing is opened or asked before the first call. service prefixes every key.
func NewKeyring(service string) Store { return newKeyring(service, nativeSystem()) }

func newKeyring(service string, sys system) *keyringStore {
	k := &keyringStore{service: service, sys: sys, turn: make(chan struct{}, 1)}
	k.turn <- struct{}{}
	return k
}

func (k *keyringStore) Get(ctx context.Context, key string) (domain.Secret, error) {
	var value domain.Secret
	err := k.call(ctx, callTimeout, func(_ context.Context, r ring) error {
		got, err := k.read(r, key)
		value = got
		return err
	})
	if err != nil {
		return domain.Secret{}, err
	}
	return value, nil
}

func (k *keyringStore) Set(ctx context.Context, key string, value domain.Secret) error {
	if err := tooLarge(value); err != nil {
		return err
	}
	return k.call(ctx, callTimeout, func(ctx context.Context, r ring) error {
		before, _ := k.read(r, key) // empty when missing or unreadable: then there is nothing to put back
		if err := k.write(r, key, value); err != nil {
			return err
		}
		if ctx.Err() == nil {
			return nil
		}
		// The caller was told that it failed, for one because a prompt was answered too late: so it must not be there.
		if before.Empty() {
			return k.remove(r, key)
		}
		return k.write(r, key, before)
	})
}

func (k *keyringStore) Delete(ctx context.Context, key string) error {
	return k.call(ctx, callTimeout, func(_ context.Context, r ring) error { return k.remove(r, key) })
}

// State writes, reads and deletes a probe, because a keyring that opens is no proof that it keeps anything. A locked
// keyring is reported without a probe: looking at the state must not make a prompt appear.
func (k *keyringStore) State(ctx context.Context) State {
	k.mu.Lock()
	fresh := time.Since(k.good) < probeValid
	k.mu.Unlock()
	if fresh {
		return State{Backend: BackendKeyring, Ready: true}
	}
	err := k.call(ctx, probeTimeout, func(_ context.Context, r ring) error {
		if k.sys.locked() {
			return problem(ReasonLocked, nil)
		}
		return k.probe(r)
	})
	return stateOf(BackendKeyring, err)
}

// retry probes whatever the state is: a locked keyring shows its prompt, and there is time to answer it.
func (k *keyringStore) retry(ctx context.Context) {
	_ = k.call(ctx, callTimeout, func(_ context.Context, r ring) error { return k.probe(r) }) // State tells the result
}

// probe writes, reads and deletes an item of a random name.
func (k *keyringStore) probe(r ring) error {
	key := "probe-" + rand.Text()
	if err := k.write(r, key, domain.NewSecret(rand.Text())); err != nil {
		return err
	}
	return k.remove(r, key)
}

func (k *keyringStore) read(r ring, key string) (domain.Secret, error) {
	item, err := r.Get(k.name(key))
	if errors.Is(err, keyring.ErrKeyNotFound) {
		return domain.Secret{}, missing(err)
	}
	if err != nil {
		return domain.Secret{}, fmt.Errorf("read from the keyring: %w", err)
	}
	if item.Key != k.name(key) || len(item.Data) == 0 {
		return domain.Secret{}, problem(ReasonDamaged, nil)
	}
	return domain.NewSecret(string(item.Data)), nil
}

// write stores the value and reads it back: a keyring that drops a key silently is found now and not at the next start.
func (k *keyringStore) write(r ring, key string, value domain.Secret) error {
	item := keyring.Item{
		Key: k.name(key), Data: []byte(value.Reveal()), Label: "Seatkeeper", Description: "Key of a source",
		KeychainNotSynchronizable: true,
	}
	if err := r.Set(item); err != nil {
		return fmt.Errorf("write to the keyring: %w", err)
	}
	back, err := k.read(r, key)
	if domain.CodeOf(err) == domain.NotFound || (err == nil && back != value) {
		return problem(ReasonDamaged, err)
	}
	return err
}

func (k *keyringStore) remove(r ring, key string) error {
	err := r.Remove(k.name(key))
	if err == nil || errors.Is(err, keyring.ErrKeyNotFound) {
		return nil
	}
	return fmt.Errorf("delete from the keyring: %w", err)
}

func (k *keyringStore) name(key string) string { return k.service + ":" + key }

// call runs fn with the ring in a goroutine of its own, because the keyring package knows no context: a prompt that
// nobody answers hangs for ever. Until such a call comes back, later ones are answered "slow" after their own time.
func (k *keyringStore) call(ctx context.Context, timeout time.Duration, fn func(context.Context, ring) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	select {
	case <-k.turn:
	case <-ctx.Done():
		return k.judge(ctx.Err())
	}
	done := make(chan error, 1)
	go func() {
		defer func() { k.turn <- struct{}{} }()
		done <- k.guarded(ctx, fn)
	}()
	select {
	case err := <-done:
		return k.judge(err)
	case <-ctx.Done():
		return k.judge(ctx.Err())
	}
}

// guarded opens the ring and runs fn. The package below panics where a service answers with a type that it does not
// expect, for one when a prompt is dismissed.
func (k *keyringStore) guarded(ctx context.Context, fn func(context.Context, ring) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = problem(ReasonDenied, fmt.Errorf("the keyring package panicked: %v", r))
		}
	}()
	r, err := k.sys.open(k.service)
	if err != nil {
		return err
	}
	return fn(ctx, r)
}

// judge turns any failure into one with a reason, and remembers whether the keyring works.
func (k *keyringStore) judge(err error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	code := domain.CodeOf(err)
	if err == nil || code == domain.NotFound {
		k.worked, k.good = true, time.Now()
		return err
	}
	k.good = time.Time{}
	if errors.Is(err, context.Canceled) {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return problem(ReasonSlow, err)
	}
	if e := (*domain.Error)(nil); errors.As(err, &e) {
		return err
	}
	reason := reasonOf(err)
	if reason == ReasonAbsent && k.worked {
		reason = ReasonVanished
	}
	return problem(reason, err)
}

// reasonOf reads the reason from the text of an error: the keyring package passes D-Bus errors and system errors on as
// they come.
func reasonOf(err error) string {
	if errors.Is(err, keyring.ErrNoAvailImpl) {
		return ReasonAbsent
	}
	text := strings.ToLower(err.Error())
	for _, c := range []struct{ part, reason string }{
		{"islocked", ReasonLocked},
		{"is locked", ReasonLocked},
		{"cannot create an item in a locked collection", ReasonLocked},
		{"interaction is not allowed", ReasonLocked},
		{"not provided by any .service", ReasonAbsent},
		{"serviceunknown", ReasonAbsent},
		{"was not provided", ReasonAbsent},
		{"does not exist at path", ReasonAbsent},
		{"connection closed", ReasonAbsent},
		{"connection refused", ReasonAbsent},
		{"disconnected", ReasonAbsent},
		{"broken pipe", ReasonAbsent},
		{"eof", ReasonAbsent},
		{"spawn.", ReasonAbsent},
		{"noreply", ReasonSlow},
		{"did not receive a reply", ReasonSlow},
		{"timeout", ReasonSlow},
		{"unexpected end of json", ReasonDamaged},
		{"invalid character", ReasonDamaged},
	} {
		if strings.Contains(text, c.part) {
			return c.reason
		}
	}
	return ReasonDenied
}
