package index

import (
	"seatkeeper/backend/people/filter"
	"slices"
	"strings"
)

// AppOptions proposes apps: by name alone where several sites have it, and with the site.
func AppOptions(ix *Index) []filter.Option {
	var options []filter.Option
	byName := map[string]int{}
	for i, a := range ix.Apps {
		options = append(options, filter.Option{Value: ix.AppFilterName(i), Label: a.Plan, Count: ix.HolderCount(i)})
		byName[a.Name]++
	}
	for _, a := range ix.Apps {
		if byName[a.Name] > 1 && len(ix.FindApps(a.Name)) == byName[a.Name] {
			options = append(options, filter.Option{Value: a.Name, Label: "at every site", Count: ix.Holders(ix.FindApps(a.Name)).Count()})
			byName[a.Name] = 0
		}
	}
	return options
}

// DictOptions proposes the values of a column.
func DictOptions(column func(*Index) *Dict) func(*Index) []filter.Option {
	return func(ix *Index) []filter.Option {
		d := column(ix)
		counts := d.Counts()
		options := make([]filter.Option, 0, len(d.Values))
		for code, v := range d.Values {
			if v != "" && counts[code] > 0 {
				options = append(options, filter.Option{Value: v, Count: counts[code]})
			}
		}
		return options
	}
}

// Fit keeps the options that fit what was typed: those that begin with it, then those that contain it, each by falling
// count.
func Fit(options []filter.Option, typed string, most int) []filter.Option {
	needle := Fold(typed)
	var fit []filter.Option
	var starts int
	for _, prefix := range []bool{true, false} {
		for _, o := range options {
			folded := Fold(o.Value)
			if strings.HasPrefix(folded, needle) == prefix && strings.Contains(folded, needle) {
				fit = append(fit, o)
			}
		}
		part := fit[starts:]
		slices.SortStableFunc(part, func(a, b filter.Option) int { return b.Count - a.Count })
		starts = len(fit)
	}
	return fit[:min(len(fit), most)]
}
