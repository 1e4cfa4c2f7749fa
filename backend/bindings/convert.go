package bindings

import (
	"cmp"
	"context"
	"maps"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// maxPage is the most rows that one call gives: more would make the page wait.
const maxPage = 1000

// list converts a slice; the result is never nil, because null is no list for the page.
func list[A, B any](in []A, convert func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, a := range in {
		out = append(out, convert(a))
	}
	return out
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func moment(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, &domain.Error{Code: domain.Invalid, Field: field, Message: "That is not a time.", Hint: "Times look like 2026-01-31T08:00:00Z.", Err: err}
	}
	return t, nil
}

func checkPage(from, count int) error {
	if from < 0 || count < 1 || count > maxPage {
		return domain.Errorf(domain.Invalid, "A page has 1 to %d rows from row 0 on, not %d from %d.", maxPage, count, from)
	}
	return nil
}

func counts[K ~string](in map[K]int) map[string]int {
	out := make(map[string]int, len(in))
	for k, n := range in {
		out[string(k)] = n
	}
	return out
}

func texts(in map[string]string) map[string]string {
	if in == nil {
		return map[string]string{}
	}
	return maps.Clone(in)
}

func actionView(a bulk.ActionInfo, params []FieldView) ActionView {
	return ActionView{
		Kind: a.Kind, Groups: a.Subject.Noun() == "group", Title: a.Title, Verb: a.Verb, Effect: a.Effect, Undo: a.UndoClass, Docs: a.Docs, Risk: string(a.Risk),
		Reversible: a.Reversible, Params: params, Supported: a.Supported, Reason: domain.Visible(a.Reason), NeedsKey: a.NeedsKey,
	}
}

func planView(ctx context.Context, s *Services, p domain.Plan) (PlanView, error) {
	src, err := s.Connections.Get(ctx, p.SourceID)
	if err != nil {
		return PlanView{}, err
	}
	action, _ := bulk.ActionOf(p.Action)
	key, _ := source.KeyForAll(src, action.Needs)
	total := 0
	for _, n := range p.Counts {
		total += n
	}
	outside, err := outsideView(ctx, s, p)
	if err != nil {
		return PlanView{}, err
	}
	return PlanView{
		ID: p.ID, Hash: p.Hash, SourceID: p.SourceID, SourceName: domain.Visible(src.Name),
		Action: actionView(bulk.ActionInfo{Action: action, Supported: true}, fieldViews(src.Kind, action.Params, nil)), Params: texts(p.Params),
		Trigger: string(p.Trigger), Selection: p.Selection, Note: p.Note, UndoOf: p.UndoOf, CreatedAt: stamp(p.CreatedAt),
		ExpiresAt: stamp(p.ExpiresAt), Sentence: domain.Visible(bulk.Sentence(p, src.Name)),
		Guard: list(p.Findings, func(f domain.GuardFinding) GuardView {
			return GuardView{
				Level: string(f.Level), Rule: f.Rule, Message: domain.Visible(f.Message), Hint: domain.Visible(f.Hint), Names: list(f.Names, domain.Visible),
			}
		}),
		Counts: counts(p.Counts), Total: total, People: p.People, Changes: p.Counts[domain.VerdictChange],
		Blocked: p.Blocked(), MustType: p.MustType(), Words: p.RaiseWords(), ButtonLabel: bulk.ButtonLabel(p),
		Key: string(key), AsksKey: key == domain.KeyForChanges && src.ChangeKey.Keeping == domain.KeyAsked, Outside: outside,
	}, nil
}

func changeView(c domain.Change) ChangeView {
	return ChangeView{
		Seq: c.Seq, AccountID: c.Target.AccountID, Name: c.Target.Name, Email: c.Target.Email, Group: c.Target.GroupName, Role: roleOf(c.Target),
		Verdict: string(c.Verdict), Reason: domain.Visible(c.Reason), Used: domain.Visible(c.Used), Diffs: list(c.Diffs, diffView),
	}
}

func roleOf(t domain.Target) string {
	if t.Role == "" {
		return ""
	}
	return domain.Visible("Role " + domain.RoleTitle(t.Role) + " on " + cmp.Or(t.AppName, t.AppID))
}

func diffView(d domain.Diff) DiffView { return DiffView(d) }

func runView(r domain.Run) RunView {
	canUndo, why := bulk.CanUndo(r)
	action, _ := bulk.ActionOf(r.Action)
	var raised *RaisedView
	if r.Raised != nil {
		raised = &RaisedView{Caps: list(r.Raised.Caps, domain.Visible), Words: domain.Visible(r.Raised.Words), Reason: domain.Visible(r.Raised.Reason)}
	}
	return RunView{
		ID: r.ID, PlanID: r.PlanID, SourceID: r.SourceID, SourceName: domain.Visible(r.SourceName), Action: r.Action, ActionTitle: r.ActionTitle,
		Groups: action.Subject != nil && action.Subject.Noun() == "group", Params: texts(r.Params), Trigger: string(r.Trigger), Operator: r.Operator, Selection: r.Selection, Note: r.Note, UndoOf: r.UndoOf,
		UndoneBy: r.UndoneBy, State: string(r.State), PauseReason: domain.Visible(r.PauseReason), CreatedAt: stamp(r.CreatedAt),
		FinishedAt: stamp(r.FinishedAt), Total: r.Total, Raised: raised, Counts: counts(r.Counts),
		Finished: r.Total - r.Counts[domain.ItemPlanned] - r.Counts[domain.ItemIntent], CanUndo: canUndo, UndoReason: domain.Visible(why),
	}
}

func itemView(i domain.Item) ItemView {
	return ItemView{
		Seq: i.Change.Seq, AccountID: i.Change.Target.AccountID, Name: i.Change.Target.Name, Email: i.Change.Target.Email,
		Group: i.Change.Target.GroupName, State: string(i.State), Reason: domain.Visible(i.Reason), Evidence: string(i.Evidence),
		Diffs: list(i.Change.Diffs, diffView), FinishedAt: stamp(i.FinishedAt),
	}
}

func itemDetails(i domain.Item) ItemDetails {
	d := ItemDetails{Item: itemView(i), Attempts: i.Attempts}
	if r := i.Receipt; r != nil {
		d.Called, d.Method, d.URL, d.Body, d.Status, d.Answer = true, r.Method, r.URL, r.Body, r.Status, r.Answer
		d.RequestID, d.SentAt, d.TookMS = r.RequestID, stamp(r.SentAt), r.Took.Milliseconds()
	}
	return d
}
