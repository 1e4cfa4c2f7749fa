package domain

import (
	"fmt"
	"log/slog"
)

// redacted is what a Secret shows wherever somebody prints it.
const redacted = "[secret]"

// Secret is a credential that cannot be printed, logged, formatted or serialized by accident; Reveal is the one way to its value.
type Secret struct{ value string }

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal gives the value. Call it only where the value goes into an Authorization header or the keyring.
func (s Secret) Reveal() string { return s.value }

// Empty tells whether there is no value.
func (s Secret) Empty() bool { return s.value == "" }

// String redacts.
func (s Secret) String() string { return redacted }

// GoString redacts for %#v.
func (s Secret) GoString() string { return redacted }

// Format redacts for every other verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalJSON redacts.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText redacts.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts in slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
