package source

import (
	"context"
	"time"

	"seatkeeper/backend/domain"
)

// The optional interfaces. A source that lacks one lacks the capability named with it, whatever Kind.Supports says of
// the reason. Every call that changes something is sent once: its error is a *domain.Error with an Effect and the
// receipt, as domain says.

// DirectoryRemover takes people out of a directory (or, where the source is a site, out of the site): domain.CanRemove.
// Atlassian queues it, so the person may be seen for a while. It cannot be undone: the person must be invited again.
type DirectoryRemover interface {
	RemoveFromDirectory(ctx context.Context, directoryID, accountID string) (domain.Receipt, error)
}

// Lifecycler ends and revives managed accounts everywhere at Atlassian: domain.CanDeactivate and, for the last two,
// domain.CanDeleteAccounts. message goes to the person, "" for none. A deletion can be taken back for 14 days.
type Lifecycler interface {
	Deactivate(ctx context.Context, accountID, message string) (domain.Receipt, error)
	Reactivate(ctx context.Context, accountID string) (domain.Receipt, error)
	DeleteAccount(ctx context.Context, accountID string) (domain.Receipt, error)
	CancelDeletion(ctx context.Context, accountID string) (domain.Receipt, error)
}

// AccessEditor gives and takes roles on apps: domain.CanEditAccess. Revoke takes a direct role only; one that comes
// through a group stays, which ReadRoles tells.
type AccessEditor interface {
	ReadRoles(ctx context.Context, accountID string) ([]domain.RoleAssignment, error)
	AssignRole(ctx context.Context, accountID, appID, role string) (domain.Receipt, error)
	RevokeRole(ctx context.Context, accountID, appID, role string) (domain.Receipt, error)
}

// AdminEditor makes and unmakes organization admins: domain.CanEditAdmins. It takes up to 30 s to be seen.
type AdminEditor interface {
	MakeAdmin(ctx context.Context, accountID string) (domain.Receipt, error)
	UnmakeAdmin(ctx context.Context, accountID string) (domain.Receipt, error)
}

// GroupCreator creates and deletes groups: domain.CanCreateGroups. CreateGroup returns the new group's id; when the
// group was made and its id could not be read within 35 s the error is EffectUnknown. Deleting loses the list of
// members.
type GroupCreator interface {
	CreateGroup(ctx context.Context, directoryID, name, description string) (groupID string, r domain.Receipt, err error)
	DeleteGroup(ctx context.Context, directoryID, groupID string) (domain.Receipt, error)
}

// GroupReader reads one group as it is now with the people in it, for the check before it is made or deleted:
// domain.CanCreateGroups. A groupID of "" looks for the name. A group that is not there is no error. Of one with more
// than domain.MaxGroupMembers it need not read all.
type GroupReader interface {
	ReadGroup(ctx context.Context, directoryID, groupID, name string) (domain.GroupNow, error)
}

// GrantEditor changes what a group gives its members: domain.CanEditGrants.
type GrantEditor interface {
	AssignGrant(ctx context.Context, directoryID, groupID, appID, role string) (domain.Receipt, error)
	RevokeGrant(ctx context.Context, directoryID, groupID, appID, role string) (domain.Receipt, error)
}

// ProfileEditor changes managed accounts: domain.CanEditProfiles and, for SetEmail, domain.CanChangeEmails. SetEmail
// ends the person's sessions and needs a verified domain of the organization.
type ProfileEditor interface {
	ReadManageability(ctx context.Context, accountID string) (domain.Manageability, error)
	EditProfile(ctx context.Context, accountID string, change domain.ProfileChange) (domain.Receipt, error)
	SetEmail(ctx context.Context, accountID, email string) (domain.Receipt, error)
}

// TokenRevoker lists and ends API tokens of managed accounts: domain.CanRevokeTokens. It cannot be undone.
type TokenRevoker interface {
	ReadTokens(ctx context.Context, accountID string) ([]domain.Token, error)
	RevokeToken(ctx context.Context, accountID, tokenID string) (domain.Receipt, error)
}

// Inviter lets new people in: domain.CanInvite. When Atlassian carried out only a part, the error's Reason is "partly",
// its Effect EffectUnknown, and Invited tells which part.
type Inviter interface {
	Invite(ctx context.Context, inv domain.Invitation) (domain.Invited, domain.Receipt, error)
}

// EventReader reads the audit log from a kept place on, oldest first: domain.CanReadEvents. after is "" for the
// beginning that Atlassian still has; the returned place is kept for the next time, also when an error ends the read
// midway.
type EventReader interface {
	ReadEvents(ctx context.Context, after string, emit func([]domain.Event) error) (place string, err error)
}

// ChangeReader reads what the audit log says has changed, between two whole reads; people by UserReader, with all that
// a whole read delivers of them. A log that the plan or the key does not cover is Forbidden, NotFound or AuthFailed.
type ChangeReader interface {
	// Now is the time by the source's own clock, which its events follow; until it has told it, by ours.
	Now() time.Time
	UserReader
	// ReadEventsSince reads the audit log from a time on, oldest first.
	ReadEventsSince(ctx context.Context, since time.Time, emit func([]domain.Event) error) error
	// ReadFrame reads the short lists, each whole: directories, apps and domains.
	ReadFrame(ctx context.Context) (domain.Batch, error)
	// ReadGroups reads at most 10 groups afresh, with what they grant as far as it can be read. A group that is gone is
	// missing.
	ReadGroups(ctx context.Context, groupIDs []string) (domain.Batch, error)
}

// PageCache keeps the pages of people that a read has received, and gives back those of an earlier read that ended
// early. A chain is one listing.
type PageCache interface {
	// Place gives the cursor after the last kept page, "" when that was the last one of the chain, and whether there is
	// any.
	Place(chain string) (next string, kept bool)
	// Kept gives the kept pages in their order.
	Kept(chain string, fn func(next string, page []byte) error) error
	// Keep adds a page with its own cursor and that of the next one. A page without a cursor is the first one: it
	// begins the chain anew.
	Keep(chain, at, next string, page []byte)
}

// Resumer is a source whose Read can go on where an earlier one ended.
type Resumer interface {
	// ReadOn is Read with the pages of an earlier one. A kept cursor that is refused begins its listing anew.
	ReadOn(ctx context.Context, cache PageCache, emit func(domain.Batch) error, progress func(domain.ReadProgress)) (domain.ReadTotals, error)
}

// PolicyReader reads policies of one type, "" for all: domain.CanReadPolicies.
type PolicyReader interface {
	ReadPolicies(ctx context.Context, policyType string) ([]domain.Policy, error)
}

// ActivityReader reads one person's last activity by app, fresher than a sync where Atlassian has it.
type ActivityReader interface {
	ReadActivity(ctx context.Context, accountID string) ([]domain.AppAccess, error)
}

// KeyReader lists the organization's API keys and all API tokens of its people: domain.CanReadKeys. Not every
// organization may read them: known is false then, and that is no error.
type KeyReader interface {
	ReadKeys(ctx context.Context) (keys []domain.Key, known bool, err error)
	ReadAllTokens(ctx context.Context) (tokens []domain.Token, known bool, err error)
}

// SeatReader counts seats: domain.CanReadLicenses.
type SeatReader interface {
	ReadSeats(ctx context.Context) ([]domain.Seats, error)
}

// SeatHolderReader lists by account id who takes a seat of one app: everybody active who has a role on it that is paid
// for, directly or through a group. It costs a call for each 100 of them, so that it is made only when somebody asks.
type SeatHolderReader interface {
	ReadSeatHolders(ctx context.Context, appID string) ([]string, error)
}
