package bindings

import (
	"context"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/runlog"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/reminders"
)

// Sources is connections: list, test, add, change, remove.
type Sources struct{ *core }

// Kinds lists the kinds of source with their forms.
func (x *Sources) Kinds() ([]SourceKindView, error) {
	return call(x.core, "Sources.Kinds", func(context.Context, *Services) ([]SourceKindView, error) {
		return list(source.Kinds.All(), func(k source.Kind) SourceKindView {
			return SourceKindView{
				Kind: string(k.Kind), Title: k.Title, Summary: k.Summary, Fields: fieldViews(k.Kind, k.Fields, nil), Supports: list(k.Supports, supportView),
			}
		}), nil
	})
}

// List lists the sources that were added, oldest first.
func (x *Sources) List() ([]SourceView, error) {
	return call(x.core, "Sources.List", func(ctx context.Context, s *Services) ([]SourceView, error) {
		all, err := s.Connections.List(ctx)
		if err != nil {
			return nil, err
		}
		views := make([]SourceView, 0, len(all))
		for _, src := range all {
			v, err := sourceView(ctx, s, src)
			if err != nil {
				return nil, err
			}
			views = append(views, v)
		}
		return views, nil
	})
}

// Test tests a connection without saving anything; id is "" for a new source.
func (x *Sources) Test(id string, draft SourceDraft) (TestView, error) {
	return call(x.given(id, draft), "Sources.Test", func(ctx context.Context, s *Services) (TestView, error) {
		d, err := draftOf(draft)
		if err != nil {
			return TestView{}, err
		}
		knock(s, id) // the test has a connection of its own; what comes after it need not wait
		result, err := s.Connections.Test(ctx, id, d)
		return tested(ctx, result, err)
	})
}

// Add tests and, if the test is OK, saves a new source and starts its first sync.
func (x *Sources) Add(draft SourceDraft) (AddedSource, error) {
	return call(x.given(draft), "Sources.Add", func(ctx context.Context, s *Services) (AddedSource, error) {
		d, err := draftOf(draft)
		if err != nil {
			return AddedSource{}, err
		}
		src, result, err := s.Connections.Add(ctx, d)
		if len(result.Findings) > 0 && !result.OK {
			return AddedSource{Test: testView(result)}, givenUp(ctx) // the findings say more than the error
		}
		if err != nil {
			return AddedSource{}, err
		}
		if _, err := s.Mirror.Start(ctx, src.ID); err != nil {
			x.log.Warn("the first sync did not start", "source", src.ID, "err", err)
		}
		v, err := sourceView(ctx, s, src)
		return AddedSource{Source: &v, Test: testView(result)}, err
	})
}

// Update tests and, if the test is OK, saves changes; an empty secret keeps the stored one.
func (x *Sources) Update(id string, draft SourceDraft) (AddedSource, error) {
	return call(x.given(id, draft), "Sources.Update", func(ctx context.Context, s *Services) (AddedSource, error) {
		d, err := draftOf(draft)
		if err != nil {
			return AddedSource{}, err
		}
		src, result, err := s.Connections.Update(ctx, id, d)
		if len(result.Findings) > 0 && !result.OK {
			return AddedSource{Test: testView(result)}, givenUp(ctx)
		}
		if err != nil {
			return AddedSource{}, err
		}
		v, err := sourceView(ctx, s, src)
		return AddedSource{Source: &v, Test: testView(result)}, err
	})
}

// Rename changes name and color.
func (x *Sources) Rename(id, name, color string) error {
	return do(x.given(id, name, color), "Sources.Rename", func(ctx context.Context, s *Services) error { return s.Connections.Rename(ctx, id, name, color) })
}

// SetPaused pauses or resumes a source.
func (x *Sources) SetPaused(id string, paused bool) error {
	return do(x.given(id), "Sources.SetPaused", func(ctx context.Context, s *Services) error {
		if paused {
			s.Mirror.Cancel(id)
		}
		return s.Connections.SetPaused(ctx, id, paused)
	})
}

// Remove forgets the source, its key and its local copy; run logs stay. A source with a run that has not ended is
// refused.
func (x *Sources) Remove(id string) error {
	return do(x.given(id), "Sources.Remove", func(ctx context.Context, s *Services) error {
		unfinished := runlog.Query{SourceIDs: []string{id}, States: []domain.RunState{domain.RunRunning, domain.RunPaused}, Limit: 1}
		switch _, n, err := s.Runs.List(ctx, unfinished); {
		case err != nil:
			return err
		case n > 0:
			return domain.Errorf(domain.Conflict, "This source has a run that is not over yet.").WithHint("Stop it under Run logs first.")
		}
		free, err := s.Mirror.Bar(ctx, id)
		if err != nil {
			return err
		}
		defer free()
		if err := s.Connections.Remove(ctx, id); err != nil {
			return err
		}
		s.Directory.Forget(id)
		return nil
	})
}

// Reminders gives the reminders about keys that end soon or have ended, each one once; the event "keys" says when there
// are new ones.
func (x *Sources) Reminders() ([]NoticeView, error) {
	return call(x.core, "Sources.Reminders", func(ctx context.Context, s *Services) ([]NoticeView, error) {
		due, err := s.Keys.Take(ctx, reminders.Window)
		return list(due, func(r domain.KeyReminder) NoticeView {
			level := "warning"
			if r.Days == 0 {
				level = "error"
			}
			return NoticeView{Level: level, Title: domain.Visible(r.Title), Message: domain.Visible(r.Message)}
		}), err
	})
}

func keyView(expires time.Time) KeyView {
	k := reminders.StateOf(expires, time.Now())
	return KeyView{Phase: string(k.Phase), Expires: date(k.Expires), Days: k.Days, Words: k.Words}
}

func draftOf(d SourceDraft) (source.Draft, error) {
	out := source.Draft{Kind: domain.SourceKind(d.Kind), Name: d.Name, Color: d.Color, Values: d.Values}
	var err error
	out.KeyExpires, err = expiryDate("keyExpires", d.KeyExpires)
	return out, err
}

func sourceView(ctx context.Context, s *Services, src domain.Source) (SourceView, error) {
	state, err := syncState(ctx, s, src.ID)
	if err != nil {
		return SourceView{}, err
	}
	kind, _ := source.Kinds.Get(string(src.Kind))
	settings := src.Settings
	if settings == nil {
		settings = map[string]string{}
	}
	return SourceView{
		ID: src.ID, Kind: string(src.Kind), KindTitle: kind.Title, Name: domain.Visible(src.Name), Color: src.Color, Settings: settings,
		Paused: src.Paused, Demo: s.Demo, KeyExpires: date(src.KeyExpires), Key: keyView(src.KeyExpires), Keys: keysView(src), CreatedAt: stamp(src.CreatedAt), TestedAt: stamp(src.TestedAt),
		Sync: state,
	}, nil
}

func supportView(s domain.Support) SupportView {
	return SupportView{Capability: string(s.Capability), Supported: s.Supported, Reason: domain.Visible(s.Reason)}
}

// tested is the answer of a test. One that was given up found nothing.
func tested(ctx context.Context, r domain.TestResult, err error) (TestView, error) {
	if stopped := givenUp(ctx); stopped != nil && !r.OK {
		return TestView{}, stopped
	}
	return testView(r), err
}

func testView(r domain.TestResult) TestView {
	return TestView{
		OK: r.OK, Name: r.Name, OperatorName: r.OperatorName, KeyExpires: date(r.KeyExpires), TestedAt: stamp(r.TestedAt),
		Findings: list(r.Findings, func(f domain.Finding) FindingView {
			return FindingView{Check: f.Check, Title: f.Title, State: string(f.State), Message: domain.Visible(f.Message), Hint: domain.Visible(f.Hint), Reason: f.Reason}
		}),
		Capabilities: list(r.Capabilities, supportView),
	}
}
