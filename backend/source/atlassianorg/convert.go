package atlassianorg

import (
	"slices"
	"strings"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// userOf converts a person as seen in one directory; directoryID is "" for a person who is in none.
func userOf(u admin.User, directoryID string) domain.User {
	out := domain.User{
		AccountID: u.AccountID, AccountType: u.AccountType,
		Name: u.Name, Nickname: u.Nickname, Email: u.Email,
		EmailVerified: domain.TriOf(u.EmailVerified),
		Managed:       managedOf(u.ClaimStatus),
		Origin:        u.ManagementSource,
		MFA:           domain.TriOf(u.MFAEnabled),
		PlatformRoles: u.PlatformRoles,
		Profile: domain.Profile{
			JobTitle: u.JobTitle, Department: u.Department, Organization: u.Organization,
			Location: u.Location, TimeZone: u.TimeZone,
		},
	}
	if u.AddedToOrg != nil {
		out.AddedAt, _ = atlassian.ParseTime(*u.AddedToOrg)
	}
	if u.DeactivatedOn != nil {
		out.DeactivatedAt, _ = atlassian.ParseTime(*u.DeactivatedOn)
	}
	used := false
	if u.ProductAccess != nil {
		out.Access = make([]domain.AppAccess, 0, len(u.ProductAccess)) // none is told too
	}
	for _, p := range u.ProductAccess {
		a := domain.AppAccess{AppID: p.ID, AppKey: p.Key, Known: true}
		// No timestamp means never opened. One that cannot be read means that we do not know.
		if p.LastActiveTimestamp != nil {
			used = true
			a.LastActive, a.Known = atlassian.ParseTime(*p.LastActiveTimestamp)
		}
		out.Access = append(out.Access, a)
	}
	for _, g := range u.Groups {
		out.GroupIDs = append(out.GroupIDs, g.GroupID())
	}
	out.Status = statusOf(u, used)
	if directoryID != "" {
		out.Memberships = []domain.DirectoryMembership{{DirectoryID: directoryID, Status: out.Status}}
	}
	return out
}

// statusOf reads the composite status, or puts it together where an answer has only its parts.
//
// Atlassian has no status for a person who never accepted an invitation: such a person is "active". We say "invited"
// only when a status says so by name, or when everything that the API tells agrees: the membership is active, came from
// an invitation, the e-mail address was never confirmed and no app was ever opened. "not_invited" is something else: a
// managed account that is in no directory.
func statusOf(u admin.User, used bool) domain.Status {
	status := strings.ToLower(u.Status)
	if status == "" {
		status = compose(strings.ToLower(u.AccountStatus), strings.ToLower(u.MembershipStatus))
	}
	switch status {
	case "active":
		unconfirmed := u.EmailVerified != nil && !*u.EmailVerified
		if u.ManagementSource == "invited" && unconfirmed && !used && u.ProductAccess != nil {
			return domain.StatusInvited
		}
		return domain.StatusActive
	case "suspended":
		return domain.StatusSuspended
	case "deactivated", "inactive", "closed":
		return domain.StatusDeactivated
	case "for_deletion":
		return domain.StatusForDeletion
	case "not_invited", "no_membership":
		return domain.StatusNoAccess
	case "invited", "pending", "pending_invitation":
		return domain.StatusInvited
	}
	return domain.StatusUnknown
}

// compose is the composite status as Atlassian defines it.
func compose(account, membership string) string {
	if account != "active" {
		return account
	}
	return membership
}

func managedOf(claim string) domain.Tri {
	switch claim {
	case "managed":
		return domain.Yes
	case "unmanaged":
		return domain.No
	}
	return domain.Unknown
}

// groupID is the id within an ARI such as ari:cloud:identity::group/276f955c.
func groupID(ari string) string { return admin.GroupRef{ID: ari}.GroupID() }

// mergeUsers joins what two directories (or two reads) say about one person; b is the newer one.
func mergeUsers(a, b domain.User) domain.User {
	out := b
	out.Status = mergeStatus(a.Status, b.Status)
	out.Memberships = slices.Clone(a.Memberships)
	for _, m := range b.Memberships {
		i := slices.IndexFunc(out.Memberships, func(x domain.DirectoryMembership) bool { return x.DirectoryID == m.DirectoryID })
		if i >= 0 {
			out.Memberships[i] = m
			continue
		}
		out.Memberships = append(out.Memberships, m)
	}
	out.GroupIDs = union(a.GroupIDs, b.GroupIDs)
	out.PlatformRoles = union(a.PlatformRoles, b.PlatformRoles)
	out.Access = mergeAccess(a.Access, b.Access)
	return out
}

// mergeAccess joins apps. Of one that both tell the later activity holds, and never was active only who both say so of.
func mergeAccess(a, b []domain.AppAccess) []domain.AppAccess {
	if a == nil {
		return b
	}
	out := slices.Clone(a)
	for _, m := range b {
		i := slices.IndexFunc(out, func(x domain.AppAccess) bool { return x.AppID == m.AppID })
		switch {
		case i < 0:
			out = append(out, m)
		case m.LastActive.After(out[i].LastActive):
			out[i] = m
		case out[i].LastActive.IsZero():
			out[i].Known = out[i].Known && m.Known
		}
	}
	return out
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// mergeStatus: what is true of the account itself wins, then active in at least one directory.
func mergeStatus(a, b domain.Status) domain.Status {
	for _, s := range []domain.Status{
		domain.StatusForDeletion, domain.StatusDeactivated, domain.StatusActive, domain.StatusInvited,
		domain.StatusSuspended, domain.StatusNoAccess,
	} {
		if a == s || b == s {
			return s
		}
	}
	return b
}

func groupOf(g admin.Group, directoryID string) domain.Group {
	out := domain.Group{
		GroupID: g.ID, DirectoryID: g.DirectoryID, Name: g.Name, Description: g.Description,
		Synced: domain.TriOf(g.ExternalSynced), MemberCount: -1, AppCount: -1,
	}
	if out.DirectoryID == "" {
		out.DirectoryID = directoryID
	}
	if g.ManagedBy != nil {
		out.ManagedBy = *g.ManagedBy
		if *g.ManagedBy == "external" {
			out.Synced = domain.Yes
		}
	}
	if g.ManagementAccess != nil {
		out.Modifiable = domain.TriOf(g.ManagementAccess.Modifiable)
	}
	if g.Counts != nil {
		out.MemberCount, out.AppCount = countOf(g.Counts.Users), countOf(g.Counts.Resources)
	}
	return out
}

func countOf(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

func appOf(w admin.Workspace) domain.App {
	a := w.Attributes
	out := domain.App{
		AppID: w.ID, Key: a.TypeKey, Name: a.Type, SiteName: a.Name, SiteURL: a.HostURL, Plan: w.Plan(), Status: a.Status,
		Sandbox: a.Sandbox != nil && a.Sandbox.Type == "CHILD",
		Usage:   countOf(a.Usage), Capacity: countOf(a.Capacity),
	}
	if out.Name == "" {
		out.Name = out.Key
	}
	return out
}
