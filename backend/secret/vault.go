package secret

import (
	"context"

	"seatkeeper/backend/domain"
)

// Vault is the Store that the window uses: the keyring, or the encrypted file once the user has agreed to it.
//
// The choice is the file's existence and nothing else. While there is no file every call goes to the keyring, also when that fails;
// once there is one every call goes to the file, also when the keyring works again. So a key is never looked for in the wrong place
// and never stored in one that the user did not choose.
type Vault struct {
	keyring Store
	file    *FileStore
}

// NewVault makes a Vault over the keyring and the file.
func NewVault(keyring Store, file *FileStore) *Vault { return &Vault{keyring: keyring, file: file} }

// UseFile makes the encrypted file, by which the user agrees to it. It fails with Conflict while the keyring works, because that is
// the better place, or when the file exists.
func (v *Vault) UseFile(ctx context.Context, passphrase domain.Secret) error {
	if !v.file.Exists() && v.keyring.State(ctx).Ready {
		return domain.Errorf(domain.Conflict, "The keyring works, so the encrypted file is not needed.").WithHint("Keys are kept in the keyring.")
	}
	return v.file.Create(ctx, passphrase)
}

// Unlock opens the encrypted file for this process.
func (v *Vault) Unlock(ctx context.Context, passphrase domain.Secret) error {
	return v.file.Unlock(ctx, passphrase)
}

// Get returns the value under key.
func (v *Vault) Get(ctx context.Context, key string) (domain.Secret, error) {
	return v.current().Get(ctx, key)
}

// Set stores value under key.
func (v *Vault) Set(ctx context.Context, key string, value domain.Secret) error {
	return v.current().Set(ctx, key, value)
}

// Delete removes the value under key.
func (v *Vault) Delete(ctx context.Context, key string) error { return v.current().Delete(ctx, key) }

// State tells where keys are kept and whether that works.
func (v *Vault) State(ctx context.Context) State { return v.current().State(ctx) }

func (v *Vault) current() Store {
	if v.file.Exists() || v.file.unlocked() {
		return v.file
	}
	return v.keyring
}
