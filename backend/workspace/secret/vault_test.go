package secret

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"seatkeeper/backend/domain"
)

// moody is a keyring whose calls can fail, or lose what they are given.
type moody struct {
	Store
	away bool
	sets int
	fail int // which Set fails, 0 for none
	lose int // which Set is answered with success and not done
}

func (m *moody) State(ctx context.Context) State {
	if m.away {
		return State{Backend: BackendKeyring, Reason: ReasonAbsent}
	}
	return m.Store.State(ctx)
}

func (m *moody) Set(ctx context.Context, key string, value domain.Secret) error {
	m.sets++
	switch m.sets {
	case m.fail:
		return problem(ReasonDenied, errors.New("planted"))
	case m.lose:
		return nil
	}
	return m.Store.Set(ctx, key, value)
}

// The way back from the encrypted file: all or nothing, and no secret is gone whatever fails.
func TestBackToTheKeyring(t *testing.T) {
	for name, c := range map[string]struct {
		bend   func(*moody, string)
		locked bool
		reason string
	}{
		"works":              {},
		"keyring away":       {bend: func(m *moody, _ string) { m.away = true }, reason: ReasonAbsent},
		"refuses the second": {bend: func(m *moody, _ string) { m.fail = 2 }, reason: ReasonDenied},
		"loses the second":   {bend: func(m *moody, _ string) { m.lose = 2 }, reason: ReasonDamaged},
		"locked file":        {locked: true, reason: ReasonLocked},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, path := t.Context(), filepath.Join(t.TempDir(), "keys.enc")
			keyring, file := &moody{Store: NewMemory(), away: true}, NewFile(path)
			v := NewVault(keyring, file)
			if err := v.UseFile(ctx, domain.NewSecret("correct horse battery")); err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"source/a", "source/b"} {
				if err := v.Set(ctx, key, domain.NewSecret("value of "+key)); err != nil {
					t.Fatal(err)
				}
			}
			if err := keyring.Store.Set(ctx, "source/a", domain.NewSecret("older")); err != nil { // of the time before the file
				t.Fatal(err)
			}
			keyring.away = false
			if c.bend != nil {
				c.bend(keyring, path)
			}
			if c.locked {
				file.Lock()
			}
			err := v.UseKeyring(ctx)
			if c.reason == "" {
				if _, gone := os.Lstat(path); err != nil || gone == nil || v.State(ctx).Backend != BackendMemory {
					t.Fatalf("%v %v", err, v.State(ctx))
				}
				if err := v.UseKeyring(ctx); domain.CodeOf(err) != domain.Conflict {
					t.Errorf("once more: %v", err)
				}
			} else if err == nil || domain.AsError(err).Reason != c.reason || v.State(ctx).Backend != BackendFile {
				t.Fatalf("%v, want %s; %v", err, c.reason, v.State(ctx))
			}
			if c.locked {
				return
			}
			for _, key := range []string{"source/a", "source/b"} {
				if got, err := v.Get(ctx, key); err != nil || got.Reveal() != "value of "+key {
					t.Errorf("%s: %v", key, err)
				}
			}
			if c.reason != "" {
				if got, err := keyring.Store.Get(ctx, "source/a"); err != nil || got.Reveal() != "older" {
					t.Errorf("the keyring is not as before: %v", err)
				}
				if _, err := keyring.Store.Get(ctx, "source/b"); domain.CodeOf(err) != domain.NotFound {
					t.Errorf("a copy is left in the keyring: %v", err)
				}
			}
		})
	}
}
