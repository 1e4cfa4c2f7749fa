package fields

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var statuses = []filter.Option{
	{Value: string(domain.StatusActive), Label: "Can sign in"},
	{Value: string(domain.StatusInvited), Label: "Never accepted the invitation", Also: []string{"pending"}},
	{Value: string(domain.StatusSuspended), Label: "Suspended by an admin, in this organization only", Also: []string{"blocked"}},
	{
		Value: string(domain.StatusDeactivated), Label: "The managed account itself is deactivated, everywhere",
		Also: []string{"inactive", "disabled", "closed"}, // as interfaces and exports call it; the nearest word would be "active"
	},
	{Value: string(domain.StatusNoAccess), Label: "Managed account that is in no directory", Also: []string{"in no directory", "no access"}},
	{Value: string(domain.StatusForDeletion), Label: "Will be deleted within 14 days", Also: []string{"deleted", "to be deleted"}},
	{Value: string(domain.StatusUnknown), Label: "Atlassian does not say", Also: []string{"not known"}},
}

var _ = index.Register(index.Field{
	Rank: 10,
	Field: filter.Field{
		Name: "status", Label: "Status", Type: filter.Choice, Options: statuses,
		Docs: "The state of the account, as Atlassian's own screens name it. Suspended means in this organization only and can be restored; " +
			"deactivated means the managed account itself, everywhere. People whose status is not known are found by status = unknown only.",
		Example: "status in (active, invited)",
	},
	Match:   matchStatus,
	SortKey: index.OrderedKey((*index.Index).StatusColumn, optionValues(statuses)),
})

// matchStatus treats an unknown status as unknown, unless the filter asks for it by name.
func matchStatus(e *index.Eval, n *filter.Node) (index.Truth, error) {
	return index.MatchWords((*index.Index).StatusColumn, string(domain.StatusUnknown))(e, n)
}

func optionValues(options []filter.Option) []string {
	values := make([]string, len(options))
	for i, o := range options {
		values[i] = o.Value
	}
	return values
}
