package bindings

// Sync is the local copy.
type Sync struct{ *desk }

// Start starts a sync.
func (x *Sync) Start(sourceID string) (SyncView, error) { panic("unbuilt") }

// Cancel stops a running sync; the local copy stays as it was.
func (x *Sync) Cancel(sourceID string) error { panic("unbuilt") }

// State tells the state of the local copy.
func (x *Sync) State(sourceID string) (SyncView, error) { panic("unbuilt") }
