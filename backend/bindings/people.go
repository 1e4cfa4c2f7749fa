package bindings

// People is people, filter and selection.
type People struct{ *desk }

// Query makes a list; a mistake in the filter is in the answer, not an error.
func (x *People) Query(q PeopleQuery) (SnapshotView, error) { panic("unbuilt") }

// Rows reads at most 1,000 rows of a list; code "stale" when the list is gone.
func (x *People) Rows(snapshot string, from, count int) ([]PersonRow, error) { panic("unbuilt") }

// Person reads one person.
func (x *People) Person(sourceID string, id int64) (PersonView, error) { panic("unbuilt") }

// Select changes the selection and returns how many people it has.
func (x *People) Select(req SelectRequest) (int, error) { panic("unbuilt") }

// ClearSelection empties the selection.
func (x *People) ClearSelection(sourceID string) error { panic("unbuilt") }

// SelectionCount tells how many people are selected.
func (x *People) SelectionCount(sourceID string) (int, error) { panic("unbuilt") }

// Groups finds groups by name.
func (x *People) Groups(sourceID, search string, limit int) (GroupPage, error) { panic("unbuilt") }

// Overview summarizes each app.
func (x *People) Overview(sourceID string, inactiveDays int) ([]AppTile, error) { panic("unbuilt") }

// Fields lists the fields of the filter language.
func (x *People) Fields() ([]FilterField, error) { panic("unbuilt") }

// Parse checks a filter text.
func (x *People) Parse(sourceID, text string) (ParsedFilter, error) { panic("unbuilt") }

// Format turns a tree (as JSON text) into a filter text.
func (x *People) Format(tree string) (ParsedFilter, error) { panic("unbuilt") }

// Complete proposes how a filter text goes on at the cursor, a UTF-16 offset.
func (x *People) Complete(sourceID, text string, cursor int) ([]Completion, error) { panic("unbuilt") }
