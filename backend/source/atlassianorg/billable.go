package atlassianorg

import (
	"context"
	"slices"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// billableBatch is how many facts go into one batch.
const billableBatch = 1000

// guardList is who counts for Atlassian Guard, or why that could not be read.
type guardList struct {
	facts []domain.AccountFact
	err   error
}

// listBillable reads, beside everything else, who counts for Atlassian Guard; only the list of managed accounts tells. It is of interest
// but not needed: a key or an organization may lack it, and then nothing is known.
func (r *reader) listBillable(ctx context.Context) <-chan guardList {
	done := make(chan guardList, 1)
	course := r.course[managed]
	ctx = atlassian.Ranked(ctx, course.left)
	go func() {
		var list guardList
		list.err = r.api.Managed(ctx, func(rows []admin.ManagedAccount) error {
			course.walked.Add(1)
			for _, row := range rows {
				if b := domain.TriOf(row.AccessBillable); b != domain.Unknown {
					list.facts = append(list.facts, domain.AccountFact{AccountID: row.AccountID, Billable: b})
				}
			}
			return nil
		})
		done <- list
	}()
	return done
}

// emitBillable hands the facts over, now that everybody whom they are about has been delivered. The note says for the user why nothing
// is known, "" where Atlassian simply does not tell.
func (r *reader) emitBillable(done <-chan guardList) (note string, err error) {
	list := <-done
	switch {
	case absent(list.err):
		return "", nil
	case list.err != nil:
		return "Who counts for Atlassian Guard could not be read: " + domain.AsError(list.err).Message, nil
	}
	for chunk := range slices.Chunk(list.facts, billableBatch) {
		if err := r.emit(domain.Batch{Accounts: chunk}); err != nil {
			return "", err
		}
	}
	return "", nil
}
