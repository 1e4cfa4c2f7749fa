// Package secret keeps credentials in the operating system's keyring, or, after the user agrees, in an encrypted file.
//
// It never falls back by itself from the one to the other, and never writes a plain value to disk.
package secret

import (
	"context"

	"seatkeeper/backend/domain"
)

// Store keeps secrets by key. Every method fails with a domain error whose Reason is one of
// "absent", "locked", "denied", "slow", "vanished", "wrong_passphrase", "damaged"; a missing key is NotFound.
type Store interface {
	Get(ctx context.Context, key string) (domain.Secret, error)
	Set(ctx context.Context, key string, value domain.Secret) error
	Delete(ctx context.Context, key string) error // deleting a missing key is no error
	// State tells where secrets go at the moment and whether that works.
	State(ctx context.Context) State
}

// Backend names a place for secrets.
type Backend string

// The back ends.
const (
	BackendKeyring Backend = "keyring" // secret service, Keychain, Credential Manager
	BackendFile    Backend = "file"    // encrypted file, unlocked by a passphrase
	BackendMemory  Backend = "memory"  // the demo: gone with the process
)

// State is what the window shows about the keyring.
type State struct {
	Backend  Backend
	Ready    bool
	Reason   string // as in Store, when not ready
	Message  string // for the user
	Hint     string
	FileMade bool // an encrypted file exists on this machine (so the user has agreed to it before)
}
