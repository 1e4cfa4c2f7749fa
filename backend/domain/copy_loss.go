package domain

import (
	"slices"
	"time"
)

// CopyLoss is what a damaged local copy has cost: it was set aside and is built again.
type CopyLoss struct {
	At      time.Time    `json:"at"`
	Sources []string     `json:"sources"` // ids of the sources whose copy is not whole again
	Imports []LostImport `json:"imports"` // files that have to be imported again
}

// LostImport is an imported file whose facts are gone.
type LostImport struct {
	SourceID string     `json:"sourceId"`
	Kind     ImportKind `json:"kind"`
}

// Of tells whether a source's copy is not whole again, and which files have to be imported into it once more.
func (l CopyLoss) Of(sourceID string) (building bool, imports []ImportKind) {
	for _, i := range l.Imports {
		if i.SourceID == sourceID {
			imports = append(imports, i.Kind)
		}
	}
	return slices.Contains(l.Sources, sourceID), imports
}
