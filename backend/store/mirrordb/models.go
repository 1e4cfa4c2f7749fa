package mirrordb

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// The rows that are handled by GORM. Source is the integer key of sourceModel. Times are unix seconds, 0 is none.

type sourceModel struct {
	Key        int64 `gorm:"primaryKey"`
	SourceID   string
	Revision   int64
	CompleteAt int64
	ChangesAt  int64
	FollowedTo int64 // unix milliseconds
	Followed   string
}

func (sourceModel) TableName() string { return "sources" }

type syncModel struct {
	ID           int64 `gorm:"primaryKey"`
	Source       int64
	State        string
	StartedAt    int64
	FinishedAt   int64
	People       int
	Groups       int
	Added        int
	Changed      int
	Removed      int
	Drift        string
	Kind         string `gorm:"default:full"`
	Note         string
	ErrorCode    string
	ErrorReason  string
	ErrorMessage string
	ErrorHint    string
}

func (syncModel) TableName() string { return "syncs" }

func (m syncModel) domain(sourceID string) domain.Sync {
	s := domain.Sync{
		ID: m.ID, SourceID: sourceID, State: domain.SyncState(m.State), StartedAt: sqlite.FromUnix(m.StartedAt),
		FinishedAt: sqlite.FromUnix(m.FinishedAt),
		Kind:       domain.SyncKind(m.Kind), Note: m.Note,
		People: m.People, Groups: m.Groups, Added: m.Added, Changed: m.Changed, Removed: m.Removed, Drift: m.Drift,
	}
	if m.ErrorCode != "" {
		s.Error = &domain.Error{Code: domain.Code(m.ErrorCode), Reason: m.ErrorReason, Message: m.ErrorMessage,
			Hint: m.ErrorHint}
	}
	return s
}

// withError keeps what the user is shown of an error; the chain behind it is in the log.
func (m syncModel) withError(e *domain.Error) syncModel {
	if e != nil {
		m.ErrorCode, m.ErrorReason, m.ErrorMessage, m.ErrorHint = string(e.Code), e.Reason, e.Message, e.Hint
	}
	return m
}

type directoryModel struct {
	ID          int64 `gorm:"primaryKey"`
	Source      int64
	DirectoryID string
	Name        string
	RemovedAt   int64
}

func (directoryModel) TableName() string { return "directories" }

type appModel struct {
	ID        int64 `gorm:"primaryKey"`
	Source    int64
	AppID     string
	AppKey    string
	Name      string
	SiteName  string
	SiteURL   string
	Plan      string
	Status    string
	Sandbox   bool
	Usage     int
	Capacity  int
	RemovedAt int64
}

func (appModel) TableName() string { return "apps" }

func (m appModel) domain() domain.App {
	return domain.App{
		ID: m.ID, AppID: m.AppID, Key: m.AppKey, Name: m.Name, SiteName: m.SiteName, SiteURL: m.SiteURL, Plan: m.Plan,
		Status:  m.Status,
		Sandbox: m.Sandbox, Usage: m.Usage, Capacity: m.Capacity,
	}
}

type groupModel struct {
	ID           int64 `gorm:"primaryKey"`
	Source       int64
	GroupID      string
	DirectoryID  string
	Name         string
	Description  string
	Synced       int8
	ManagedBy    string
	Modifiable   int8
	MemberCount  int
	AppCount     int
	GrantsAccess string
	RemovedAt    int64
}

func (groupModel) TableName() string { return "groups" }

func (m groupModel) domain() domain.Group {
	return domain.Group{
		ID: m.ID, GroupID: m.GroupID, DirectoryID: m.DirectoryID, Name: m.Name, Description: m.Description,
		Synced:    domain.Tri(m.Synced),
		ManagedBy: m.ManagedBy, Modifiable: domain.Tri(m.Modifiable), MemberCount: m.MemberCount, AppCount: m.AppCount,
		GrantsAccess: sqlite.SplitLines(m.GrantsAccess), RemovedAt: sqlite.FromUnix(m.RemovedAt),
	}
}

type domainModel struct {
	Source   int64  `gorm:"primaryKey"`
	Name     string `gorm:"primaryKey"`
	Verified bool
}

func (domainModel) TableName() string { return "domains" }
