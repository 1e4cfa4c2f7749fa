package bindings

// Sources is connections: list, test, add, change, remove.
type Sources struct{ *desk }

// Kinds lists the kinds of source with their forms.
func (x *Sources) Kinds() ([]SourceKindView, error) { panic("unbuilt") }

// List lists the sources that were added, oldest first.
func (x *Sources) List() ([]SourceView, error) { panic("unbuilt") }

// Test tests a connection without saving anything; id is "" for a new source.
func (x *Sources) Test(id string, draft SourceDraft) (TestView, error) { panic("unbuilt") }

// Add tests and, if the test is OK, saves a new source and starts its first sync.
func (x *Sources) Add(draft SourceDraft) (AddedSource, error) { panic("unbuilt") }

// Update tests and, if the test is OK, saves changes; an empty secret keeps the stored one.
func (x *Sources) Update(id string, draft SourceDraft) (AddedSource, error) { panic("unbuilt") }

// Rename changes name and color.
func (x *Sources) Rename(id, name, color string) error { panic("unbuilt") }

// SetPaused pauses or resumes a source.
func (x *Sources) SetPaused(id string, paused bool) error { panic("unbuilt") }

// Remove forgets the source, its key and its local copy; run logs stay.
func (x *Sources) Remove(id string) error { panic("unbuilt") }
