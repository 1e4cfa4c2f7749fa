package domain

import "time"

// CopyLoss is what a damaged local copy has cost: it was set aside and is built again.
type CopyLoss struct {
	At      time.Time
	Sources []string // ids of the sources whose copy is not whole again
	Imports []Import // files whose facts are gone until they are imported again; names may be wrong, they come from the damaged file
}

// Of tells whether a source's copy is not whole again, and which files have to be imported into it once more.
func (l CopyLoss) Of(sourceID string) (building bool, imports []Import) {
	for _, id := range l.Sources {
		building = building || id == sourceID
	}
	for _, i := range l.Imports {
		if i.SourceID == sourceID {
			imports = append(imports, i)
		}
	}
	return building, imports
}
