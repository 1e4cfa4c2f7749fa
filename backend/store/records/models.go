package records

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// The rows that are handled by GORM. Times are unix seconds, 0 is none.

type sourceModel struct {
	ID         string `gorm:"primaryKey"`
	Kind       string
	Name       string
	Color      string
	Settings   map[string]string `gorm:"serializer:json"`
	Paused     bool
	Demo       bool
	OperatorID string
	KeyOwnerID string
	KeyExpires int64
	KeyOwners  []string                     `gorm:"serializer:json"`
	Lacks      map[domain.Capability]string `gorm:"serializer:json"`
	ChangeKey  domain.ChangeKey             `gorm:"serializer:json"`
	CreatedAt  int64                        `gorm:"autoCreateTime:false"`
	UpdatedAt  int64                        `gorm:"autoUpdateTime:false"`
	TestedAt   int64
}

func (sourceModel) TableName() string { return "sources" }

func (m sourceModel) domain() domain.Source {
	return domain.Source{
		ID: m.ID, Kind: domain.SourceKind(m.Kind), Name: m.Name, Color: m.Color, Settings: m.Settings, Paused: m.Paused, Demo: m.Demo,
		OperatorID: m.OperatorID, KeyOwnerID: m.KeyOwnerID, KeyExpires: sqlite.FromUnix(m.KeyExpires),
		KeyOwners: m.KeyOwners, Lacks: m.Lacks, ChangeKey: m.ChangeKey,
		CreatedAt: sqlite.FromUnix(m.CreatedAt), UpdatedAt: sqlite.FromUnix(m.UpdatedAt), TestedAt: sqlite.FromUnix(m.TestedAt),
	}
}

func newSourceModel(s domain.Source) sourceModel {
	if s.Settings == nil {
		s.Settings = map[string]string{} // GORM would write NULL
	}
	if s.KeyOwners == nil {
		s.KeyOwners = []string{}
	}
	if s.Lacks == nil {
		s.Lacks = map[domain.Capability]string{}
	}
	return sourceModel{
		ID: s.ID, Kind: string(s.Kind), Name: s.Name, Color: s.Color, Settings: s.Settings, Paused: s.Paused, Demo: s.Demo,
		OperatorID: s.OperatorID, KeyOwnerID: s.KeyOwnerID, KeyExpires: sqlite.ToUnix(s.KeyExpires),
		KeyOwners: s.KeyOwners, Lacks: s.Lacks, ChangeKey: s.ChangeKey,
		CreatedAt: sqlite.ToUnix(s.CreatedAt), UpdatedAt: sqlite.ToUnix(s.UpdatedAt), TestedAt: sqlite.ToUnix(s.TestedAt),
	}
}

type settingModel struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

func (settingModel) TableName() string { return "settings" }
