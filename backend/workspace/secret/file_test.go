package secret

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"filippo.io/age"

	"seatkeeper/backend/domain"
)

func madeFile(t *testing.T) (*FileStore, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	f := NewFile(path)
	if err := f.Create(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	if err := f.Set(t.Context(), "source/a", domain.NewSecret("sentinel-value")); err != nil {
		t.Fatal(err)
	}
	return f, path
}

func TestFileSurvivesTheProcess(t *testing.T) {
	_, path := madeFile(t)
	again := NewFile(path)
	if st := again.State(t.Context()); st.Ready || st.Reason != ReasonLocked || !st.FileMade {
		t.Errorf("state = %+v, want locked", st)
	}
	if _, err := again.Get(t.Context(), "source/a"); domain.AsError(err).Reason != ReasonLocked {
		t.Errorf("get: %v, want locked", err)
	}
	err := again.Unlock(t.Context(), domain.NewSecret("wrong horse battery"))
	if e := domain.AsError(err); e == nil || e.Reason != ReasonWrongPassphrase || e.Field != "passphrase" || e.Code != domain.Invalid {
		t.Errorf("wrong passphrase: %v", err)
	}
	if err := again.Unlock(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	if got, err := again.Get(t.Context(), "source/a"); err != nil || got.Reveal() != "sentinel-value" {
		t.Errorf("get: %v", err)
	}
	again.Lock()
	if _, err := again.Get(t.Context(), "source/a"); domain.AsError(err).Reason != ReasonLocked {
		t.Errorf("get after lock: %v, want locked", err)
	}
}

func TestFileOnDisk(t *testing.T) {
	f, path := madeFile(t)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []string{"sentinel-value", "source/a", "correct horse"} {
		if bytes.Contains(data, []byte(plain)) {
			t.Errorf("the file holds %q in the clear", plain)
		}
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v %v, want 0600", info.Mode(), err)
	}
	var first, second fileBody
	if err := json.Unmarshal(data, &first); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(first.Identity, []byte(fmt.Sprintf(" %d\n", guessCost))) || guessCost < 17 {
		t.Errorf("a guess costs less than 128 MiB: %s", first.Identity)
	}
	if err := f.Set(t.Context(), "source/b", domain.NewSecret("x")); err != nil {
		t.Fatal(err)
	}
	data, _ = os.ReadFile(path)
	if err := json.Unmarshal(data, &second); err != nil || bytes.Equal(first.Data[:200], second.Data[:200]) {
		t.Errorf("a file key was used twice (%v)", err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}

// TestEveryDamageIsFound changes each part of the file: none may be taken for another value, and none may panic. Damage
// to what the passphrase opens would look like a wrong passphrase, so the file has a sum; planted files have a right
// one.
func TestEveryDamageIsFound(t *testing.T) {
	_, path := madeFile(t)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	costly, err := age.NewScryptRecipient("a passphrase")
	if err != nil {
		t.Fatal(err)
	}
	planted := func(change func(b *fileBody)) func(b *fileBody) {
		return func(b *fileBody) {
			change(b)
			b.Sum = b.sum()
		}
	}
	damage := map[string]func(b *fileBody){
		"identity": func(b *fileBody) { b.Identity[len(b.Identity)/2] ^= 1 },
		"format":   func(b *fileBody) { b.Format = "other" },
		"older":    func(b *fileBody) { b.Version = 1 },
		"newer":    func(b *fileBody) { b.Version = fileVersion + 1 },
		"sum":      func(b *fileBody) { b.Sum[0] ^= 1 },
		"data":     func(b *fileBody) { b.Data[len(b.Data)-1] ^= 1 },

		"planted: data":        planted(func(b *fileBody) { b.Data[len(b.Data)-1] ^= 1 }),
		"planted: cut data":    planted(func(b *fileBody) { b.Data = b.Data[:len(b.Data)-1] }),
		"planted: no data":     planted(func(b *fileBody) { b.Data = nil }),
		"planted: no identity": planted(func(b *fileBody) { b.Identity = nil }),
		"planted: costly": planted(func(b *fileBody) {
			locked, err := encrypt(costly, []byte("x"))
			if err != nil {
				t.Fatal(err)
			}
			b.Identity = bytes.Replace(locked, []byte(" 18\n"), []byte(" 30\n"), 1)
		}),
	}
	for name, change := range damage {
		var b fileBody
		if err := json.Unmarshal(data, &b); err != nil {
			t.Fatal(err)
		}
		change(&b)
		broken, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		writeAndExpect(t, path, name, broken, ReasonDamaged)
	}
	for _, cut := range []int{0, 1, len(data) / 2, len(data) - 1} {
		writeAndExpect(t, path, "cut", data[:cut], ReasonDamaged)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := NewFile(path).Unlock(t.Context(), passphrase); domain.AsError(err).Reason != ReasonAbsent {
		t.Errorf("gone: %v, want absent", err)
	}
}

func writeAndExpect(t *testing.T, path, name string, data []byte, reason string) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f := NewFile(path)
	if e := domain.AsError(f.Unlock(t.Context(), passphrase)); e == nil || e.Reason != reason {
		t.Errorf("%s: %v, want %s", name, e, reason)
	}
	if _, err := f.Get(t.Context(), "source/a"); err == nil {
		t.Errorf("%s: a value came back", name)
	}
	now, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(now, data) {
		t.Errorf("%s: the damaged file was changed", name)
	}
}

func TestFileIsNeverOverwritten(t *testing.T) {
	_, path := madeFile(t)
	if err := NewFile(path).Create(t.Context(), passphrase); domain.CodeOf(err) != domain.Conflict {
		t.Errorf("create over a file: %v, want conflict", err)
	}
	short := NewFile(filepath.Join(t.TempDir(), "keys"))
	if e := domain.AsError(short.Create(t.Context(), domain.NewSecret("short"))); e == nil || e.Field != "passphrase" || short.Exists() {
		t.Errorf("short passphrase: %v", e)
	}
}

func TestFileThatCannotBeWrittenChangesNothing(t *testing.T) {
	f, path := madeFile(t)
	f.path = filepath.Join(path, "below-a-file")
	if err := f.Set(t.Context(), "source/b", domain.NewSecret("x")); err == nil {
		t.Fatal("set succeeded")
	}
	f.path = path
	if _, err := f.Get(t.Context(), "source/b"); domain.CodeOf(err) != domain.NotFound {
		t.Errorf("get: %v, want not found: memory and disk must agree", err)
	}
}

func TestLinkInPlaceOfTheFileIsNotFollowed(t *testing.T) {
	_, path := madeFile(t)
	link := filepath.Join(t.TempDir(), "keys")
	if err := os.Symlink(path, link); err != nil {
		t.Skip("no symbolic links on this system")
	}
	if err := NewFile(link).Unlock(t.Context(), passphrase); domain.AsError(err).Reason != ReasonDamaged {
		t.Errorf("unlock through a link: %v, want damaged", err)
	}
}

func TestVaultNeverSwitchesByItself(t *testing.T) {
	ctx := t.Context()
	f := newFakeRing()
	works := true
	keys := newKeyring("seatkeeper", system{
		open: func(string) (ring, error) {
			if !works {
				return absent.open("")
			}
			return f, nil
		},
		locked: func() bool { return false },
	})
	path := filepath.Join(t.TempDir(), "keys")
	v := NewVault(keys, NewFile(path))
	if err := v.UseFile(ctx, passphrase); domain.CodeOf(err) != domain.Conflict {
		t.Errorf("file while the keyring works: %v, want conflict", err)
	}
	if err := v.Set(ctx, "a", domain.NewSecret("in the keyring")); err != nil {
		t.Fatal(err)
	}
	works = false
	if err := v.Set(ctx, "b", domain.NewSecret("x")); err == nil {
		t.Error("stored without a keyring and without consent")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file appeared without consent")
	}
	if err := v.UseFile(ctx, passphrase); err != nil {
		t.Fatal(err)
	}
	if err := v.Set(ctx, "b", domain.NewSecret("in the file")); err != nil {
		t.Fatal(err)
	}
	works = true // the keyring comes back: the file stays the place, also for the next process
	next := NewVault(keys, NewFile(path))
	if st := next.State(ctx); st.Backend != BackendFile || st.Reason != ReasonLocked || !st.FileMade {
		t.Errorf("next process: %+v, want the locked file", st)
	}
	if err := next.Set(ctx, "c", domain.NewSecret("x")); domain.AsError(err).Reason != ReasonLocked {
		t.Errorf("set: %v, want locked: a key must not go elsewhere", err)
	}
	if err := next.UseFile(ctx, passphrase); err != nil {
		t.Fatal(err)
	}
	if got, err := next.Get(ctx, "b"); err != nil || got.Reveal() != "in the file" {
		t.Errorf("get: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if st := next.State(ctx); st.Backend != BackendFile || st.Reason != ReasonVanished {
		t.Errorf("file removed under a running process: %+v, want vanished", st)
	}
	if err := next.UseFile(ctx, passphrase); domain.AsError(err).Reason != ReasonVanished {
		t.Errorf("unlock what is gone: %v, want vanished", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("an empty file was put in the place of the one that is gone")
	}
}
