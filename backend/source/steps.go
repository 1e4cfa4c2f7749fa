package source

import (
	"context"
	"fmt"
	"sync"
	"time"

	"seatkeeper/backend/domain"
)

// maxSkew is how far a clock may be off without a word: logs and schedules stay readable.
const maxSkew = 2 * time.Minute

// A Check is one line of a connection test: its stable name and what was checked, for the user.
type Check struct{ Name, Title string }

// FirstCall judges the first request of a connection test. It tells whether the server was reached, the credential accepted and the place
// the right one; where it fails, everything later is skipped.
type FirstCall struct {
	Answers     string // who answers, in a sentence
	Accepted    string // that the credential is accepted, in a sentence
	Auth, Place Check
	Reach       Check
	Later       []Check
	Refused     func(e *domain.Error) error // what may be wrong with the credential
	Missing     func() error                // nothing is at this place
	Unreached   func(e *domain.Error) error // nil: the error itself
	// ProvesAuth says that the server looks at the credential before the place: a place that is missing proves the credential, and an
	// answer that is not understood is the place's.
	ProvesAuth bool
}

// Judge adds the findings and tells whether the test goes on. The place's own finding is left to the caller then.
func (f FirstCall) Judge(r *domain.TestResult, err error) bool {
	const something = "Something answers."
	e := domain.AsError(err)
	switch {
	case err == nil:
		r.Passed(f.Reach.Name, f.Reach.Title, f.Answers)
		r.Passed(f.Auth.Name, f.Auth.Title, f.Accepted)
		return true
	case e.Code == domain.AuthFailed, e.Code == domain.Forbidden:
		r.Passed(f.Reach.Name, f.Reach.Title, f.Answers)
		r.Failed(f.Auth.Name, f.Auth.Title, f.Refused(e))
		r.Skipped(f.Place.Name, f.Place.Title)
	case e.Code == domain.NotFound && f.ProvesAuth:
		r.Passed(f.Reach.Name, f.Reach.Title, f.Answers)
		r.Passed(f.Auth.Name, f.Auth.Title, f.Accepted)
		r.Failed(f.Place.Name, f.Place.Title, f.Missing())
	case e.Code == domain.NotFound:
		r.Passed(f.Reach.Name, f.Reach.Title, something)
		r.Skipped(f.Auth.Name, f.Auth.Title)
		r.Failed(f.Place.Name, f.Place.Title, f.Missing())
	case e.Reason == "contract" && f.ProvesAuth:
		r.Passed(f.Reach.Name, f.Reach.Title, something)
		r.Failed(f.Place.Name, f.Place.Title, e)
	default:
		err = e
		if f.Unreached != nil {
			err = f.Unreached(e)
		}
		r.Failed(f.Reach.Name, f.Reach.Title, err)
		r.Skipped(f.Auth.Name, f.Auth.Title)
		r.Skipped(f.Place.Name, f.Place.Title)
	}
	for _, c := range f.Later {
		r.Skipped(c.Name, c.Title)
	}
	return false
}

// Clock compares this computer's clock with the server's, "Atlassian's" or "Jira's".
func Clock(r *domain.TestResult, skew time.Duration, known bool, whose, hint string) {
	const check, title = "clock", "This computer's clock"
	word := "behind"
	if skew < 0 {
		word = "ahead of"
	}
	switch {
	case !known:
	case skew.Abs() <= maxSkew:
		r.Passed(check, title, "It agrees with "+whose+".")
	default:
		r.Warned(check, title, fmt.Sprintf("It is %s %s %s.", skew.Abs().Round(time.Second), word, whose), hint)
	}
}

// Lacking lists capabilities that are missing for one reason; without a reason they are there.
func Lacking(reason string, capabilities ...domain.Capability) []domain.Support {
	list := make([]domain.Support, 0, len(capabilities))
	for _, c := range capabilities {
		list = append(list, domain.Support{Capability: c, Supported: reason == "", Reason: reason})
	}
	return list
}

// ReadEach reads people one by one, all at once, for a server that has no call for several. read gives NotFound for somebody who is
// gone; the first other error ends all.
func ReadEach(ctx context.Context, accountIDs []string, read func(ctx context.Context, accountID string) (domain.User, error)) ([]domain.User, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	found := make([]*domain.User, len(accountIDs))
	var work sync.WaitGroup
	for i, id := range accountIDs {
		work.Go(func() {
			u, err := read(ctx, id)
			switch {
			case domain.CodeOf(err) == domain.NotFound: // gone: missing from the answer
			case err != nil:
				cancel(fmt.Errorf("reading people: %w", err))
			default:
				found[i] = &u
			}
		})
	}
	work.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	var users []domain.User
	for _, u := range found {
		if u != nil {
			users = append(users, *u)
		}
	}
	return users, nil
}
