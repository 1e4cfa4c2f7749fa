package secret

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"sync"
	"syscall"

	"seatkeeper/backend/domain"
)

// minPassphrase is the fewest bytes a new passphrase may have. Scrypt makes each guess cost 128 MiB and some 0.5 s.
const minPassphrase = 10

// FileStore keeps secrets in one encrypted file that a passphrase unlocks for the time the process lives.
//
// It is for machines without a keyring, and only after the user agreed by typing a passphrase. Forgetting the
// passphrase means entering the keys of all sources again.
type FileStore struct {
	path string

	mu     sync.Mutex
	key    *fileKey // nil while locked
	values map[string]string
}

// NewFile makes a Store over the file at path. Nothing is read before Unlock and nothing written before Create.
func NewFile(path string) *FileStore { return &FileStore{path: path} }

// Exists tells whether the file was made before, that is whether the user has agreed to it on this machine.
func (f *FileStore) Exists() bool {
	_, err := os.Lstat(f.path)
	return err == nil
}

// Create makes an empty file under a new passphrase and leaves it unlocked. It fails with Invalid for a short
// passphrase and with Conflict when the file exists.
func (f *FileStore) Create(_ context.Context, passphrase domain.Secret) error {
	if len(passphrase.Reveal()) < minPassphrase {
		e := domain.Errorf(domain.Invalid, "The passphrase is shorter than %d characters.", minPassphrase)
		e.Field = "passphrase"
		return e.WithHint("Several words that belong to nothing are easiest to remember.")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Exists() {
		return domain.Errorf(domain.Conflict, "The encrypted file exists already.").WithHint("Unlock it with its passphrase.")
	}
	key, err := newFileKey(passphrase)
	if err != nil {
		return fileProblem(ReasonDenied, err)
	}
	if err := f.save(key, map[string]string{}); err != nil {
		return err
	}
	f.key, f.values = key, map[string]string{}
	return nil
}

// Unlock opens the file for this process. Its errors have Reason "absent", "wrong_passphrase", "damaged" or "denied".
func (f *FileStore) Unlock(_ context.Context, passphrase domain.Secret) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := f.load()
	if err != nil {
		return err
	}
	key, values, err := openFile(data, passphrase)
	if err != nil {
		return err
	}
	f.key, f.values = key, values
	return nil
}

// Lock forgets the passphrase's key and all values until the next Unlock.
func (f *FileStore) Lock() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.key, f.values = nil, nil
}

// Get returns the value under key.
func (f *FileStore) Get(ctx context.Context, key string) (domain.Secret, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.usable(); err != nil {
		return domain.Secret{}, err
	}
	value, ok := f.values[key]
	if !ok {
		return domain.Secret{}, missing(ctx.Err())
	}
	return domain.NewSecret(value), nil
}

// Set stores value under key. The file on disk is either the old one or the new one, never a part.
func (f *FileStore) Set(_ context.Context, key string, value domain.Secret) error {
	if err := tooLarge(value); err != nil {
		return err
	}
	return f.change(func(values map[string]string) { values[key] = value.Reveal() })
}

// Delete removes the value under key.
func (f *FileStore) Delete(_ context.Context, key string) error {
	return f.change(func(values map[string]string) { delete(values, key) })
}

// State tells whether the file is there and unlocked.
func (f *FileStore) State(context.Context) State {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := stateOf(BackendFile, f.usable())
	s.FileMade = f.Exists()
	return s
}

// change applies fn to a copy, writes that, and only then takes it over: after a full disk memory and file still agree.
func (f *FileStore) change(fn func(map[string]string)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.usable(); err != nil {
		return err
	}
	next := maps.Clone(f.values)
	fn(next)
	if maps.Equal(next, f.values) {
		return nil
	}
	if err := f.save(f.key, next); err != nil {
		return err
	}
	f.values = next
	return nil
}

// all gives every value by its key.
func (f *FileStore) all() (map[string]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.usable(); err != nil {
		return nil, err
	}
	return maps.Clone(f.values), nil
}

// remove deletes the file and forgets its key: there is none any more, as before Create.
func (f *FileStore) remove() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := os.Remove(f.path); err != nil {
		return fileProblem(ReasonDenied, err)
	}
	f.key, f.values = nil, nil
	return nil
}

// unlocked tells whether this process uses the file, be it gone by now.
func (f *FileStore) unlocked() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.key != nil
}

func (f *FileStore) usable() error {
	switch {
	case !f.Exists() && f.key != nil:
		return fileProblem(ReasonVanished, nil)
	case !f.Exists():
		return fileProblem(ReasonAbsent, nil)
	case f.key == nil:
		return fileProblem(ReasonLocked, nil)
	default:
		return nil
	}
}

func (f *FileStore) load() ([]byte, error) {
	info, err := os.Lstat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fileProblem(ReasonAbsent, err)
	case err != nil:
		return nil, fileProblem(ReasonDenied, err)
	case !info.Mode().IsRegular(), info.Size() > maxFile:
		return nil, fileProblem(ReasonDamaged, nil) // a link planted in its place is not followed
	}
	data, err := os.ReadFile(f.path)
	if err != nil {
		return nil, fileProblem(ReasonDenied, err)
	}
	return data, nil
}

func (f *FileStore) save(key *fileKey, values map[string]string) error {
	data, err := key.encode(values)
	if err != nil {
		return fileProblem(ReasonDenied, err)
	}
	if err := writeAtomic(f.path, data); err != nil {
		e := fileProblem(ReasonDenied, err)
		if errors.Is(err, syscall.ENOSPC) {
			e.Message, e.Hint = "The encrypted file could not be written: the disk is full.", "Free some space, then try again. Nothing was lost."
		}
		return e
	}
	return nil
}

var fileWords = map[string][2]string{
	ReasonAbsent:   {"There is no encrypted file for keys yet.", "Choose a passphrase to make one."},
	ReasonLocked:   {"The encrypted file with your keys is locked.", "Enter its passphrase."},
	ReasonVanished: {"The encrypted file with your keys is gone.", "Put it back, or restart Seatkeeper and enter the keys again."},
	ReasonDenied:   {"The encrypted file with your keys cannot be read or written.", "Check who owns it and its permissions."},
	ReasonWrongPassphrase: {
		"This is not the passphrase of the encrypted file.", "Try again; mind capitals and the keyboard's language.",
	},
	ReasonDamaged: {
		"The encrypted file with your keys is damaged.",
		"Put back a copy from a backup, or move the file away and enter the keys again.",
	},
}

func fileProblem(reason string, cause error) *domain.Error {
	e := problem(reason, cause)
	e.Message, e.Hint = fileWords[reason][0], fileWords[reason][1]
	if reason == ReasonWrongPassphrase {
		e.Code, e.Field = domain.Invalid, "passphrase"
	}
	return e
}
