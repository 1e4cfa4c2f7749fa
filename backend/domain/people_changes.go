package domain

// PeopleChanges tells what has been written to the local copy of a source since one of its generations. A generation is a number that
// grows with everything that is written.
type PeopleChanges struct {
	Generation int64   // the present one
	Whole      bool    // nothing more exact is known: anything may be different
	IDs        []int64 // the mirror's keys of those who may be different, new or gone, if not Whole
}
