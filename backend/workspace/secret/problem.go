package secret

import (
	"seatkeeper/backend/domain"
)

// The reasons of an error of a Store.
const (
	ReasonAbsent          = "absent"           // there is no keyring on this machine, or no encrypted file
	ReasonLocked          = "locked"           // it is there but closed
	ReasonDenied          = "denied"           // it said no, or the user did
	ReasonSlow            = "slow"             // no answer in time: most often a prompt that nobody sees
	ReasonVanished        = "vanished"         // it worked before and is gone
	ReasonWrongPassphrase = "wrong_passphrase" // of the encrypted file
	ReasonDamaged         = "damaged"          // what came back is not what was stored
)

// words are the sentences for each reason of the keyring: what happened, and what to do.
var words = map[string][2]string{
	ReasonAbsent: {
		"This machine has no keyring that Seatkeeper can use.",
		"Start a keyring service (GNOME Keyring, KWallet or KeePassXC), or keep keys in an encrypted file instead.",
	},
	ReasonLocked: {"The keyring is locked.", "Unlock it, then try again."},
	ReasonDenied: {"The keyring refused the request.", "Allow Seatkeeper in the keyring's own window, then try again."},
	ReasonSlow: {
		"The keyring did not answer in time.",
		"It may be asking for its password in another window: answer there, then try again.",
	},
	ReasonVanished: {"The keyring was there and is gone.", "Start the keyring again; if it stays away, restart Seatkeeper."},
	ReasonDamaged: {
		"The keyring gave back something else than what was stored.",
		"Enter the key again; if this repeats, the keyring's storage is damaged.",
	},
}

// problem makes the error for a reason. The cause must never contain a secret; none of the keyring's own errors do.
func problem(reason string, cause error) *domain.Error {
	return &domain.Error{Code: domain.Internal, Reason: reason, Message: words[reason][0], Hint: words[reason][1], Err: cause}
}

// missing is the error for a key that is not there.
func missing(cause error) *domain.Error {
	return &domain.Error{
		Code: domain.NotFound, Message: "The key is not stored on this machine.", Hint: "Open the source's settings and enter the key again.", Err: cause,
	}
}

// tooLarge refuses what the smallest keyring cannot hold, on every system, so that a source works the same everywhere.
func tooLarge(value domain.Secret) error {
	if len(value.Reveal()) <= maxValue {
		return nil
	}
	return domain.Errorf(domain.Invalid, "The key is longer than a keyring can hold.").WithHint("Check that only the key was pasted.")
}

// maxValue is the most bytes a value may have: the Windows Credential Manager holds 2,560.
const maxValue = 2400

// stateOf turns the error of a check into a State.
func stateOf(backend Backend, err error) State {
	if err == nil {
		return State{Backend: backend, Ready: true}
	}
	e := domain.AsError(err)
	return State{Backend: backend, Reason: e.Reason, Message: e.Message, Hint: e.Hint}
}
