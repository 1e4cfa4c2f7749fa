// Package source defines what a source of people is: its kind, its form, its capabilities and the calls that it offers.
//
// It makes no request itself; each kind lives in a package of its own below this one.
package source

import (
	"context"
	"log/slog"
	"net/http"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/registry"
)

// APIBase is Atlassian's API host. A credential for an organization goes there and nowhere else.
const APIBase = "https://api.atlassian.com"

// Kinds holds every kind of source.
var Kinds = registry.New[Kind]("source kind")

// Register adds a kind; call it from a package-level var of the kind's package.
func Register(k Kind) Kind { return Kinds.Add(string(k.Kind), k) }

// Kind declares one type of source.
type Kind struct {
	Kind    domain.SourceKind
	Title   string // "Atlassian organization"
	Summary string // one sentence: what one gets with it
	Fields  []form.Field
	// Supports lists every capability with, where it is missing for the whole kind, the reason.
	Supports []domain.Support
	// Needs says, in a sentence for the user, which right of the credential a capability needs where not every one has it.
	Needs map[domain.Capability]string
	// ChangeKeyField names the secret field for which a source may have a second value that only changes are made with; "" where there
	// is one key only. The kind's sources are ChangeTesters then.
	ChangeKeyField string
	// Destination gives the normalized place that the secrets are for, e.g. "https://acme.atlassian.net". A stored secret is
	// bound to it: when the settings change so that it differs, the secret must be typed again. It makes no request.
	Destination func(settings map[string]string, network Network) (string, error)
	// Check validates settings beyond the single fields, e.g. the host; it makes no request.
	Check func(cfg Config) error
	// Open makes a Source. It makes no request.
	Open func(cfg Config) (Source, error)
	// FindOrganization looks up the organization's id for what was typed so far; nil where the kind has no organization. When nothing
	// tells it for certain, the error is NotFound with a sentence that says what to do.
	FindOrganization func(ctx context.Context, cfg Config) (domain.Organization, error)
}

// Config is what a kind needs to open a source.
type Config struct {
	Source  domain.Source
	Secrets map[string]domain.Secret // by the field's name
	Network Network
}

// Network says how requests leave this machine.
type Network struct {
	// APIBase replaces the constant APIBase for a simulated Atlassian; "" is the real one.
	APIBase string
	// AllowLoopback lets site URLs be http://127.0.0.1:PORT, for a simulated Atlassian only.
	AllowLoopback bool
	// Transport is the bottom transport; nil is a hardened http.Transport.
	Transport http.RoundTripper
	// Reads is how many reads one source has in flight at most; 0 is 8.
	Reads int
	Log   *slog.Logger
}

// Source is one open connection. Its methods may be called from several goroutines; all share one rate gate.
//
// What a source can do beyond this is found by asking for the interfaces below.
type Source interface {
	// Test checks the connection step by step. It returns findings, never an error: a failed step is a finding.
	Test(ctx context.Context) domain.TestResult
	// Read delivers everything, in batches, and calls emit from one goroutine at a time. An error of emit ends the read.
	// A read that returns nil has delivered everything: a page that is missing, repeated or not understood is an error.
	// progress may be called at any time from any goroutine.
	Read(ctx context.Context, emit func(domain.Batch) error, progress func(domain.ReadProgress)) (domain.ReadTotals, error)
	// Close drops idle connections and forgets the credential.
	Close()
}

// Knocker is a source that waits where its server asks to, a few minutes at most. Knock lets the next request through all the same, because
// the operator asks for something now: its answer decides whether the others go on waiting.
type Knocker interface{ Knock() }

// UserReader reads chosen people afresh: at most 10 account ids a call. A person that is gone is missing from the answer.
// The users carry Status, Memberships, PlatformRoles, Origin and GroupIDs.
type UserReader interface {
	ReadUsers(ctx context.Context, accountIDs []string) ([]domain.User, error)
}

// Suspender suspends and restores a person's access in one directory. Roles and groups are kept.
type Suspender interface {
	Suspend(ctx context.Context, directoryID, accountID string) (domain.Receipt, error)
	Restore(ctx context.Context, directoryID, accountID string) (domain.Receipt, error)
}

// GroupEditor changes the membership of groups. directoryID is "" where the source has no directories.
type GroupEditor interface {
	AddMember(ctx context.Context, directoryID, groupID, accountID string) (domain.Receipt, error)
	RemoveMember(ctx context.Context, directoryID, groupID, accountID string) (domain.Receipt, error)
}
