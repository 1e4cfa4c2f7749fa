package bindings

import (
	"context"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// KeysView is what is known of a source's keys beyond the first one's end, and which of them gives what.
type KeysView struct {
	CanAdd       bool                `json:"canAdd"` // this type of source may have a key for changes
	Changes      ChangeKeyView       `json:"changes"`
	Capabilities []KeyCapabilityView `json:"capabilities"`
}

// ChangeKeyView is what is known of a key for changes; never the key.
type ChangeKeyView struct {
	Keeping  string  `json:"keeping"` // "stored", "asked", or "" for none
	Key      KeyView `json:"key"`
	TestedAt string  `json:"testedAt"`
}

// KeyCapabilityView is one capability and the key that gives it.
type KeyCapabilityView struct {
	Capability string `json:"capability"`
	Title      string `json:"title"`
	Key        string `json:"key"`     // "reading", "changes", or "" when none does
	Reason     string `json:"reason"`  // why none does
	Changes    bool   `json:"changes"` // it changes something at Atlassian
}

// ChangeKeyDraft is a key for changes as typed; an empty one stands for the stored one.
type ChangeKeyDraft struct {
	Key     string `json:"key"`
	Ask     bool   `json:"ask"`     // do not store it: it is asked for at each run
	Expires string `json:"expires"` // YYYY-MM-DD or ""
}

// TestKey tests one of a source's stored keys, "reading" or "changes", and keeps what an OK test found of it.
func (x *Sources) TestKey(id, use string) (TestView, error) {
	return call(x.given(id, use), "Sources.TestKey", func(ctx context.Context, s *Services) (TestView, error) {
		if use != string(domain.KeyForReading) && use != string(domain.KeyForChanges) {
			return TestView{}, domain.Errorf(domain.Invalid, "There is no key for %s.", domain.Quote(use))
		}
		knock(s, id)
		result, err := s.Connections.TestKey(ctx, id, domain.KeyUse(use))
		return tested(ctx, result, err)
	})
}

// TestChangeKey tests a key for changes without saving anything.
func (x *Sources) TestChangeKey(id string, draft ChangeKeyDraft) (TestView, error) {
	return call(x.given(id, draft), "Sources.TestChangeKey", func(ctx context.Context, s *Services) (TestView, error) {
		d, err := changeKeyOf(draft)
		if err != nil {
			return TestView{}, err
		}
		result, err := s.Connections.TestChangeKey(ctx, id, d)
		return tested(ctx, result, err)
	})
}

// SetChangeKey tests and, if the test is OK, makes it the source's key for changes.
func (x *Sources) SetChangeKey(id string, draft ChangeKeyDraft) (AddedSource, error) {
	return call(x.given(id, draft), "Sources.SetChangeKey", func(ctx context.Context, s *Services) (AddedSource, error) {
		d, err := changeKeyOf(draft)
		if err != nil {
			return AddedSource{}, err
		}
		src, result, err := s.Connections.SetChangeKey(ctx, id, d)
		if len(result.Findings) > 0 && !result.OK {
			return AddedSource{Test: testView(result)}, givenUp(ctx) // the findings say more than the error
		}
		if err != nil {
			return AddedSource{}, err
		}
		v, err := sourceView(ctx, s, src)
		return AddedSource{Source: &v, Test: testView(result)}, err
	})
}

// RemoveChangeKey forgets a source's key for changes; a run that uses it pauses.
func (x *Sources) RemoveChangeKey(id string) error {
	return do(x.given(id), "Sources.RemoveChangeKey", func(ctx context.Context, s *Services) error { return s.Connections.RemoveChangeKey(ctx, id) })
}

func changeKeyOf(d ChangeKeyDraft) (source.ChangeKeyDraft, error) {
	out := source.ChangeKeyDraft{Key: d.Key, Ask: d.Ask}
	var err error
	out.Expires, err = expiryDate("expires", d.Expires)
	return out, err
}

// expiryDate reads the end of a key as the operator typed it, "" for none.
func expiryDate(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return day, &domain.Error{Code: domain.Invalid, Field: field, Message: "The expiry date is not a date.", Hint: "Write it as YYYY-MM-DD."}
	}
	return day, nil
}

func keysView(src domain.Source) KeysView {
	kind, _ := source.Kinds.Get(string(src.Kind))
	return KeysView{
		CanAdd: kind.ChangeKeyField != "",
		Changes: ChangeKeyView{
			Keeping: string(src.ChangeKey.Keeping), Key: keyView(src.ChangeKey.Expires), TestedAt: stamp(src.ChangeKey.TestedAt),
		},
		Capabilities: list(domain.Capabilities(), func(c domain.Capability) KeyCapabilityView {
			use, reason := source.KeyFor(src, c)
			return KeyCapabilityView{Capability: string(c), Title: c.Title(), Key: string(use), Reason: reason, Changes: c.Changes()}
		}),
	}
}
