package secret

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/keyring"

	"seatkeeper/backend/domain"
)

// contract is what every Store keeps.
func contract(t *testing.T, s Store) {
	t.Helper()
	ctx := t.Context()
	if st := s.State(ctx); !st.Ready || st.Reason != "" {
		t.Fatalf("state before = %+v, want ready", st)
	}
	if _, err := s.Get(ctx, "source/a"); domain.CodeOf(err) != domain.NotFound {
		t.Fatalf("missing key: %v, want not found", err)
	}
	if err := s.Delete(ctx, "source/a"); err != nil {
		t.Fatalf("deleting a missing key: %v", err)
	}
	values := []string{"plain", `{"v":1,"x":"é \" \\ \u0000"}`, strings.Repeat("k", maxValue), "two\nlines"}
	for i, v := range values {
		if err := s.Set(ctx, fmt.Sprintf("source/%d", i), domain.NewSecret(v)); err != nil {
			t.Fatalf("set %d: %v", i, err)
		}
	}
	for i, v := range values {
		got, err := s.Get(ctx, fmt.Sprintf("source/%d", i))
		if err != nil || got.Reveal() != v {
			t.Fatalf("get %d: %d bytes, %v", i, len(got.Reveal()), err)
		}
	}
	if err := s.Set(ctx, "source/0", domain.NewSecret("changed")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(ctx, "source/0"); err != nil || got.Reveal() != "changed" {
		t.Fatalf("after the change: %v", err)
	}
	if err := s.Set(ctx, "source/9", domain.NewSecret(strings.Repeat("k", maxValue+1))); domain.CodeOf(err) != domain.Invalid {
		t.Fatalf("too large: %v, want invalid", err)
	}
	for i := range values {
		if err := s.Delete(ctx, fmt.Sprintf("source/%d", i)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Get(ctx, fmt.Sprintf("source/%d", i)); domain.CodeOf(err) != domain.NotFound {
			t.Fatalf("after delete: %v, want not found", err)
		}
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			key := fmt.Sprintf("source/p%d", i)
			if err := s.Set(ctx, key, domain.NewSecret(key)); err != nil {
				t.Error(err)
			}
			if got, err := s.Get(ctx, key); err != nil || got.Reveal() != key {
				t.Errorf("%s: %v", key, err)
			}
			if err := s.Delete(ctx, key); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if st := s.State(ctx); !st.Ready {
		t.Fatalf("state after = %+v, want ready", st)
	}
}

// fakeRing is a keyring in memory; each hook, where set, replaces a call.
type fakeRing struct {
	mu     sync.Mutex
	items  map[string]keyring.Item
	get    func(key string) (keyring.Item, error)
	set    func(item keyring.Item) error
	remove func(key string) error
	sets   int
}

func newFakeRing() *fakeRing { return &fakeRing{items: map[string]keyring.Item{}} }

func (f *fakeRing) system() system {
	return system{open: func(string) (ring, error) { return f, nil }, locked: func() bool { return false }}
}

func (f *fakeRing) Get(key string) (keyring.Item, error) {
	if f.get != nil {
		return f.get(key)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	item, ok := f.items[key]
	if !ok {
		return keyring.Item{}, keyring.ErrKeyNotFound
	}
	return item, nil
}

func (f *fakeRing) Set(item keyring.Item) error {
	f.mu.Lock()
	f.sets++
	f.mu.Unlock()
	if f.set != nil {
		return f.set(item)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items[item.Key] = item
	return nil
}

func (f *fakeRing) Remove(key string) error {
	if f.remove != nil {
		return f.remove(key)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.items[key]; !ok {
		return keyring.ErrKeyNotFound
	}
	delete(f.items, key)
	return nil
}

var passphrase = domain.NewSecret("correct horse battery")

func TestContract(t *testing.T) {
	t.Run("memory", func(t *testing.T) { contract(t, NewMemory()) })
	t.Run("keyring", func(t *testing.T) {
		f := newFakeRing()
		contract(t, newKeyring("seatkeeper", f.system()))
		if len(f.items) != 0 {
			t.Errorf("%d items left behind", len(f.items))
		}
	})
	t.Run("file", func(t *testing.T) {
		f := NewFile(filepath.Join(t.TempDir(), "keys"))
		if err := f.Create(t.Context(), passphrase); err != nil {
			t.Fatal(err)
		}
		contract(t, f)
	})
	t.Run("vault over the keyring", func(t *testing.T) {
		contract(t, NewVault(newKeyring("seatkeeper", newFakeRing().system()), NewFile(filepath.Join(t.TempDir(), "keys"))))
	})
	t.Run("vault over the file", func(t *testing.T) {
		v := NewVault(newKeyring("seatkeeper", absent), NewFile(filepath.Join(t.TempDir(), "keys")))
		if err := v.UseFile(t.Context(), passphrase); err != nil {
			t.Fatal(err)
		}
		contract(t, v)
	})
}

var absent = system{
	open:   func(string) (ring, error) { return nil, keyring.ErrNoAvailImpl },
	locked: func() bool { return false },
}

func TestKeysArePrefixed(t *testing.T) {
	f := newFakeRing()
	k := newKeyring("seatkeeper", f.system())
	if err := k.Set(context.Background(), "source/a", domain.NewSecret("x")); err != nil {
		t.Fatal(err)
	}
	if _, ok := f.items["seatkeeper:source/a"]; !ok {
		t.Errorf("items = %v", f.items)
	}
}
