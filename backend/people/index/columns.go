package index

import (
	"seatkeeper/backend/domain"
)

// The columns as functions, in the shape in which fields name them.

// StatusColumn gives the statuses.
func (ix *Index) StatusColumn() *Dict { return ix.Status }

// OriginColumn gives the management sources.
func (ix *Index) OriginColumn() *Dict { return ix.Origin }

// AccountTypeColumn gives the account types.
func (ix *Index) AccountTypeColumn() *Dict { return ix.AccountType }

// DomainColumn gives the e-mail domains.
func (ix *Index) DomainColumn() *Dict { return ix.Domain }

// ProfileColumn gives one of domain.ProfileTexts.
func ProfileColumn(i int) func(*Index) *Dict { return func(ix *Index) *Dict { return ix.Profile[i] } }

// RoleColumn gives the sets of platform roles.
func (ix *Index) RoleColumn() *Dict { return ix.Roles }

// PolicyColumn gives the names of the authentication policies.
func (ix *Index) PolicyColumn() *Dict { return ix.Policy }

// UserNameColumn gives the names with which people of a Data Center sign in.
func (ix *Index) UserNameColumn() *Dict { return ix.UserName }

// DirectoryColumn gives the sets of directory ids.
func (ix *Index) DirectoryColumn() *Dict { return ix.InDirectories }

// ManagedColumn tells who is managed.
func (ix *Index) ManagedColumn() []domain.Tri { return ix.Managed }

// MFAColumn tells who has two-step verification.
func (ix *Index) MFAColumn() []domain.Tri { return ix.MFA }

// BillableColumn tells who counts for Atlassian Guard.
func (ix *Index) BillableColumn() []domain.Tri { return ix.Billable }

// VerifiedColumn tells whose e-mail address is verified.
func (ix *Index) VerifiedColumn() []domain.Tri { return ix.Verified }

// AddedColumn gives the days of addition, 0 unknown.
func (ix *Index) AddedColumn() []int32 { return ix.Added }

// DirectoryName gives the name of a directory, or its id when it has none.
func (ix *Index) DirectoryName(id string) string {
	for _, d := range ix.Directories {
		if d.DirectoryID == id && d.Name != "" {
			return d.Name
		}
	}
	return id
}
