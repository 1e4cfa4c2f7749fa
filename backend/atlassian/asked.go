package atlassian

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"seatkeeper/backend/domain"
)

// reasonMisfit is the reason of an answer that does not fit the question.
const reasonMisfit = "misfit"

// Misfit is the error of an answer to a narrowed question that holds something else: the server ignored the narrowing. what ends the sentence
// "it names ...".
func Misfit(what string) *domain.Error {
	return &domain.Error{
		Code: domain.Internal, Reason: reasonMisfit,
		Message: "The answer does not fit the question: it names " + what + ".",
		Hint:    "Nothing of it is used. Something between this computer and Atlassian may change the requests; try again.",
	}
}

// IsMisfit tells whether an error is Misfit.
func IsMisfit(err error) bool {
	e := domain.AsError(err)
	return e != nil && e.Reason == reasonMisfit
}

// Chosen decodes the rows of an answer to a narrowed question, and leaves out and counts those that say by themselves that they are something
// else. Whoever asks for a part of a list decodes its rows with this and not with Rows.
func Chosen[T Row](ctx context.Context, raw json.RawMessage, other func(T) bool) (rows []T, others int, err error) {
	rows, _, err = Listed[T](ctx, raw)
	all := len(rows)
	rows = slices.DeleteFunc(rows, other)
	return rows, all - len(rows), err
}

// Listed decodes the rows of a list of everything; places is by how many a list goes on that is read by place: also rows that WithIDs leaves
// out count, and one that stands in the page twice counts once, so that nobody behind it is passed over.
func Listed[T Row](ctx context.Context, raw json.RawMessage) (rows []T, places int, err error) {
	if rows, err = decodeRows[T](raw); err != nil {
		return nil, 0, err
	}
	seen := make(map[string]bool, len(rows))
	for _, r := range rows {
		if id := r.RowID(); id == "" || !seen[id] {
			places++
			seen[id] = true
		}
	}
	rows, err = WithIDs(ctx, rows)
	return rows, places, err
}

// WithIDs leaves out rows without an id and tells the observer of the context: the others must come all the same. Without such an observer,
// and where no row has an id, it is an error as with Rows.
func WithIDs[T Row](ctx context.Context, rows []T) ([]T, error) {
	o, _ := ctx.Value(observerKey{}).(Observer)
	all := len(rows)
	rows = slices.DeleteFunc(rows, func(r T) bool { return r.RowID() == "" })
	switch {
	case len(rows) == all:
	case o.Nameless == nil, len(rows) == 0:
		return nil, contract("a row has no id")
	default:
		o.Nameless(all - len(rows))
	}
	return rows, nil
}

// NamelessNote says for the user that rows were left out because they have no id, "" for none. Who stands in them is not taken for removed.
func NamelessNote(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "One row of a list had no ID and was left out: who or what it is, is not known."
	}
	return fmt.Sprintf("%d rows of lists had no ID and were left out: who or what they are, is not known.", n)
}
