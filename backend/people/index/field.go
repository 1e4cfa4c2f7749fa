package index

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/registry"
)

// Field is a field of the filter language with what it means for people. Each stands in a file of its own in
// people/fields.
type Field struct {
	filter.Field
	// Rank places the field in lists; fields of equal rank are sorted by name.
	Rank int
	// Match evaluates a checked condition on this field. A mistake that only shows with the data, such as a group that
	// is not there, is returned as *filter.Error.
	Match func(e *Eval, n *filter.Node) (Truth, error)
	// Options gives the values to propose; nil for none. They are filtered by what was typed by the caller.
	Options func(ix *Index) []filter.Option
	// Arguments gives the arguments to propose; nil for none.
	Arguments func(ix *Index) []filter.Option
	// SortKey gives a number for each position that orders people by this field; 0 stands for no value and comes last.
	// nil: not sortable.
	SortKey func(ix *Index) []uint32
	// SortKeyIn is SortKey for a field with an argument: over the apps that it means, nil for no argument.
	SortKeyIn func(ix *Index, apps []int) []uint32
	// Fresh says that an answer depends on more than the index and must not be remembered.
	Fresh bool
}

// Fields are the registered fields.
var Fields = registry.New[*Field]("filter field")

// Register adds a field.
func Register(f Field) *Field {
	f.Sortable = f.SortKey != nil || f.SortKeyIn != nil
	return Fields.Add(f.Name, &f)
}

// Schema gives the registered fields to the language, in the order of their ranks.
func Schema() *filter.Schema {
	all := Fields.All()
	slices.SortStableFunc(all, func(a, b *Field) int { return a.Rank - b.Rank })
	fields := make([]*filter.Field, len(all))
	for i, f := range all {
		fields[i] = &f.Field
	}
	return filter.NewSchema(fields...)
}

// Eval is the evaluation of one filter.
type Eval struct {
	Index    *Index
	Today    int32           // day number to which spans and functions refer
	Warnings []*filter.Error // what is no mistake but probably not meant, such as a department that nobody has
	deadline time.Time
}

// maxTime bounds the evaluation of one filter.
const maxTime = 2 * time.Second

// Evaluate gives the people for whom the filter is certainly true; the set must not be changed. The error is a
// *filter.Error where the filter is at fault, its sort keys included.
func (ix *Index) Evaluate(q *filter.Query) (Bits, []*filter.Error, error) {
	e := &Eval{Index: ix, Today: filter.Today(), deadline: time.Now().Add(maxTime)}
	found, err := ix.everybody, error(nil)
	if q.Where != nil {
		found, err = e.yes(q.Where)
	}
	for i := 0; i < len(q.Order) && err == nil; i++ {
		o := q.Order[i]
		_, err = e.Arg(&filter.Node{Arg: o.Arg, ArgPos: o.ArgPos, ArgEnd: o.ArgEnd})
	}
	return found, e.Warnings, err
}

// yes gives those for whom a node is certainly true, which must not be changed. For whom it may be true matters under
// NOT only.
func (e *Eval) yes(n *filter.Node) (Bits, error) {
	if n.Kind != filter.And && n.Kind != filter.Or {
		t, err := e.node(n)
		return t.Yes, err
	}
	var all Bits
	for i, child := range n.Nodes {
		some, err := e.yes(child)
		switch {
		case err != nil:
			return nil, err
		case i == 0:
			all = slices.Clone(some)
		case n.Kind == filter.And:
			all.keep(some)
		default:
			all.join(some)
		}
	}
	return all, nil
}

func (e *Eval) node(n *filter.Node) (Truth, error) {
	if n.Kind == filter.Condition {
		return e.condition(n)
	}
	t, err := e.node(n.Nodes[0])
	if err != nil {
		return Truth{}, err
	}
	if n.Kind == filter.Not {
		return e.Index.Not(t), nil
	}
	for _, child := range n.Nodes[1:] {
		u, err := e.node(child)
		if err != nil {
			return Truth{}, err
		}
		if n.Kind == filter.And {
			t = t.And(u)
		} else {
			t = t.Or(u)
		}
	}
	return t, nil
}

func (e *Eval) condition(n *filter.Node) (Truth, error) {
	if time.Now().After(e.deadline) {
		return Truth{}, domain.Errorf(domain.Invalid, "The filter takes too long.").WithHint("Use fewer conditions.")
	}
	f, ok := Fields.Get(n.Field)
	if !ok {
		return Truth{}, domain.Errorf(domain.Internal, "The filter's field %s is not there.", domain.Quote(n.Field))
	}
	warned := len(e.Warnings)
	if f.Type == filter.Date {
		e.warnAhead(n)
	}
	if f.Fresh {
		return f.Match(e, n)
	}
	key := "if " + strconv.Itoa(int(e.Today)) + " " + filter.Format(&filter.Query{Where: n})
	if t, ok := e.Index.memo.recall(key); ok {
		return t, nil
	}
	t, err := f.Match(e, n)
	if err == nil && len(e.Warnings) == warned {
		e.warnWildcard(n, t)
	}
	if err == nil && len(e.Warnings) == warned { // a warning says where in the text it is: that differs
		e.Index.memo.keep(key, t, e.Index.n)
	}
	return t, err
}

// AsMistake gives the *filter.Error in an error's chain.
func AsMistake(err error) (*filter.Error, bool) {
	var mistake *filter.Error
	ok := errors.As(err, &mistake)
	return mistake, ok
}
