package bindings

import (
	"cmp"
	"context"

	"seatkeeper/backend/domain"
)

// outsideNames is how many names a preview tells at once.
const outsideNames = 5

// Outside reads a page of those of a plan who are not in the list of people or groups that was shown last.
func (x *Bulk) Outside(planID string, from, count int) (SubjectPage, error) {
	return call(x.given(planID), "Bulk.Outside", func(ctx context.Context, s *Services) (SubjectPage, error) {
		if err := checkPage(from, count); err != nil {
			return SubjectPage{}, err
		}
		plan, err := s.Bulk.GetPlan(ctx, planID)
		if err != nil {
			return SubjectPage{}, err
		}
		outside, _, err := outsideOf(ctx, s, plan)
		from = min(from, len(outside))
		return SubjectPage{Subjects: list(outside[from:min(from+count, len(outside))], subjectView), Total: len(outside)}, err
	})
}

// outsideOf gives who of a plan is not in the list that was shown last, and how many people or groups it is about.
func outsideOf(ctx context.Context, s *Services, p domain.Plan) ([]domain.Target, int, error) {
	subjects, err := s.Bulk.Subjects(ctx, p.ID)
	if err != nil {
		return nil, 0, err
	}
	outside, err := s.Directory.Outside(ctx, p.SourceID, subjects)
	return outside, len(subjects), err
}

func outsideView(ctx context.Context, s *Services, p domain.Plan) (OutsideView, error) {
	outside, of, err := outsideOf(ctx, s, p)
	names := list(outside[:min(outsideNames, len(outside))], func(t domain.Target) string { return cmp.Or(t.Name, t.Email, t.AccountID) })
	return OutsideView{Count: len(outside), Of: of, Names: names}, err
}

func subjectView(t domain.Target) SubjectView {
	return SubjectView{Key: t.Key(), AccountID: t.AccountID, Name: t.Name, Email: t.Email}
}
