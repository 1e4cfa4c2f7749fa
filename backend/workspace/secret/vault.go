package secret

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"seatkeeper/backend/domain"
)

// Vault is the Store that the window uses: the keyring, or the encrypted file once the user has agreed to it.
//
// The choice is the file's existence and nothing else. While there is no file every call goes to the keyring, also when
// that fails; once there is one every call goes to the file, also when the keyring works again, until the user moves
// back. So a key is never looked for in the wrong place and never stored in one that the user did not choose.
type Vault struct {
	keyring Store
	file    *FileStore

	moving sync.RWMutex // written while the place changes
}

// NewVault makes a Vault over the keyring and the file; file is nil where there can be none.
func NewVault(keyring Store, file *FileStore) *Vault { return &Vault{keyring: keyring, file: file} }

// UseFile unlocks the encrypted file for this process, or makes it when there is none: by typing a passphrase the user
// agrees to it. It fails with Conflict while there is no file and the keyring works, because that is the better place.
func (v *Vault) UseFile(ctx context.Context, passphrase domain.Secret) error {
	switch {
	case v.file == nil:
		return domain.Errorf(domain.Unsupported, "Keys of the demo organization are not kept.")
	case v.file.Exists():
		return v.file.Unlock(ctx, passphrase)
	case v.file.unlocked():
		return fileProblem(ReasonVanished, nil) // an empty one in its place would look like the old one with all keys lost
	case v.keyring.State(ctx).Ready:
		return domain.Errorf(domain.Conflict, "The keyring works, so the encrypted file is not needed.").WithHint("Keys are kept in the keyring.")
	default:
		return v.file.Create(ctx, passphrase)
	}
}

// UseKeyring moves everything from the encrypted file to the keyring and removes the file: the way back once a keyring
// works. Nothing is removed before every secret was read back from the keyring; when anything fails the keyring is left
// as it was and the file stays in use.
func (v *Vault) UseKeyring(ctx context.Context) error {
	v.moving.Lock()
	defer v.moving.Unlock()
	if v.file == nil || !v.file.Exists() {
		return domain.Errorf(domain.Conflict, "There is no encrypted file to move keys from.").WithHint("Keys are kept in the keyring.")
	}
	values, err := v.file.all()
	if err != nil {
		return err
	}
	if s := v.keyring.State(ctx); !s.Ready {
		return problem(s.Reason, nil)
	}
	var undo []func(context.Context) error
	fail := func(err error) error {
		ctx := context.WithoutCancel(ctx)
		for _, back := range undo {
			err = errors.Join(err, back(ctx))
		}
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		value := domain.NewSecret(values[key])
		before, err := v.keyring.Get(ctx, key)
		switch {
		case err == nil:
			undo = append(undo, func(ctx context.Context) error { return v.keyring.Set(ctx, key, before) })
		case domain.CodeOf(err) == domain.NotFound:
			undo = append(undo, func(ctx context.Context) error { return v.keyring.Delete(ctx, key) })
		default:
			return fail(err)
		}
		if err := v.keyring.Set(ctx, key, value); err != nil {
			return fail(err)
		}
		if got, err := v.keyring.Get(ctx, key); err != nil || got != value {
			return fail(problem(ReasonDamaged, err))
		}
	}
	if err := v.file.remove(); err != nil {
		return fail(err)
	}
	return nil
}

// Retry asks the keyring again, and lets it show its own prompt where it is locked.
func (v *Vault) Retry(ctx context.Context) {
	v.moving.RLock()
	defer v.moving.RUnlock()
	if k, ok := v.current().(interface{ retry(ctx context.Context) }); ok {
		k.retry(ctx)
	}
}

// Get returns the value under key.
func (v *Vault) Get(ctx context.Context, key string) (domain.Secret, error) {
	v.moving.RLock()
	defer v.moving.RUnlock()
	return v.current().Get(ctx, key)
}

// Set stores value under key.
func (v *Vault) Set(ctx context.Context, key string, value domain.Secret) error {
	v.moving.RLock()
	defer v.moving.RUnlock()
	return v.current().Set(ctx, key, value)
}

// Delete removes the value under key.
func (v *Vault) Delete(ctx context.Context, key string) error {
	v.moving.RLock()
	defer v.moving.RUnlock()
	return v.current().Delete(ctx, key)
}

// State tells where keys are kept and whether that works.
func (v *Vault) State(ctx context.Context) State {
	v.moving.RLock()
	defer v.moving.RUnlock()
	return v.current().State(ctx)
}

func (v *Vault) current() Store {
	if v.file != nil && (v.file.Exists() || v.file.unlocked()) {
		return v.file
	}
	return v.keyring
}
