package atlassianorg

import (
	"context"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// listBillable reads, beside everything else, who counts for Atlassian Guard, and hands the facts over page by page,
// maybe before the people whom they are about. Only the list of managed accounts tells. It is of interest but not
// needed: a key or an organization may lack it, and then nothing is known. The note says for the user why something is
// not known, "" where Atlassian simply does not tell.
func (r *reader) listBillable(ctx context.Context) <-chan string {
	note := make(chan string, 1)
	listing := r.listings[managed]
	ctx = atlassian.Ranked(ctx, listing.left)
	told := false
	go func() {
		err := r.api.Managed(ctx, func(rows []admin.ManagedAccount) error {
			listing.walked.Add(1)
			var b batch
			for _, row := range rows {
				if billable := domain.TriOf(row.AccessBillable); billable != domain.Unknown {
					b.Accounts = append(b.Accounts, domain.AccountFact{AccountID: row.AccountID, Billable: billable})
				}
			}
			told = told || len(b.Accounts) > 0
			select {
			case r.ready <- b:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
		switch {
		case err == nil, absent(err) && !told:
			note <- ""
		case told:
			note <- "Who counts for Atlassian Guard could not be read to the end: " + domain.AsError(err).Message
		default:
			note <- "Who counts for Atlassian Guard could not be read: " + domain.AsError(err).Message
		}
	}()
	return note
}
