package directory

import (
	"context"

	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// FieldInfo describes a field of the language for the builder and the help.
type FieldInfo struct {
	Name      string
	Label     string
	Docs      string
	Example   string
	Type      filter.Type
	Operators []filter.Op
	Options   []filter.Option // for choices: all that there are
	Dynamic   bool            // Complete proposes values from the local copy
	Argument  string          // "" or what may stand in parentheses after the name
	Sortable  bool
}

// Fields lists the fields in the order in which they are offered.
func (s *Service) Fields() []FieldInfo {
	fields := s.schema().Fields()
	infos := make([]FieldInfo, len(fields))
	for i, f := range fields {
		registered, _ := index.Fields.Get(f.Name)
		infos[i] = FieldInfo{
			Name: f.Name, Label: f.Label, Docs: f.Docs, Example: f.Example, Type: f.Type, Operators: f.Operators(), Options: f.Options,
			Dynamic: registered.Options != nil, Argument: f.Argument, Sortable: f.Sortable,
		}
	}
	return infos
}

// Parsed is what a filter text turned out to be.
type Parsed struct {
	Canonical string
	Explain   string          // the filter as an English sentence
	Tree      *filter.Query   // nil when Error is set
	Count     int             // people in the local copy for whom it is true
	Error     *filter.Error   // the mistake, nil when there is none
	Warnings  []*filter.Error // what is no mistake but probably not meant
}

// Parse checks a filter, its names against the source's local copy included.
func (s *Service) Parse(ctx context.Context, sourceID, text string) (Parsed, error) {
	tree, mistake := filter.Parse(text, s.schema())
	if mistake != nil {
		return Parsed{Error: mistake}, nil //nolint:nilerr // a mistake in the text is the answer, not a failure
	}
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return Parsed{}, err
	}
	parsed := s.parsed(tree)
	found, warnings, err := ix.Evaluate(tree)
	if mistake, ok := index.AsMistake(err); ok {
		parsed.Error = mistake.Locate(text)
		return parsed, nil
	}
	if err != nil {
		return Parsed{}, err
	}
	for _, w := range warnings {
		_ = w.Locate(text)
	}
	parsed.Count, parsed.Warnings = found.Count(), warnings
	return parsed, nil
}

// Format checks a tree from the builder and prints it. Positions in the error refer to Canonical, which then is the
// tree as it is.
func (s *Service) Format(tree *filter.Query) Parsed {
	canonical, text, mistake := filter.Normalize(tree, s.schema())
	if mistake != nil {
		return Parsed{Canonical: text, Error: mistake}
	}
	return s.parsed(canonical)
}

func (s *Service) parsed(tree *filter.Query) Parsed {
	return Parsed{Canonical: filter.Format(tree), Explain: filter.Explain(tree, s.schema()), Tree: tree}
}

// maxProposals is how many values are proposed at once.
const maxProposals = 50

// Complete proposes how the text may go on at the cursor, an offset in UTF-16 code units, with values from the source's
// local copy.
func (s *Service) Complete(ctx context.Context, sourceID, text string, cursor int) ([]filter.Completion, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return nil, err
	}
	return filter.Complete(text, cursor, s.schema(), func(f *filter.Field, argument bool, typed string) []filter.Option {
		field, ok := index.Fields.Get(f.Name)
		if !ok {
			return nil
		}
		options := field.Options
		if argument {
			options = field.Arguments
		}
		if options == nil {
			return nil
		}
		return index.Fit(options(ix), typed, maxProposals)
	}), nil
}
