package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// change is one call that changes something, with the truth that it is about.
type change struct {
	name   string
	do     func(ctx context.Context, src source.Source, directory, group, account string) (domain.Receipt, error)
	has    func(src source.Source) bool
	wanted func(w *sim.World, group, account string) bool // whether it has been carried out
	before func(w *sim.World, group, account string)
}

var errCannot = errors.New("the source cannot do this")

func changes() []change {
	suspended := func(w *sim.World, account string) bool {
		s, _ := w.State(account)
		return s.Status == "suspended"
	}
	suspender := func(src source.Source) bool { _, ok := src.(source.Suspender); return ok }
	editor := func(src source.Source) bool { _, ok := src.(source.GroupEditor); return ok }
	return []change{
		{
			"suspend", func(ctx context.Context, src source.Source, d, _, a string) (domain.Receipt, error) {
				if x, ok := src.(source.Suspender); ok {
					return x.Suspend(ctx, d, a)
				}
				return domain.Receipt{}, errCannot
			}, suspender,
			func(w *sim.World, _, a string) bool { return suspended(w, a) },
			func(w *sim.World, _, a string) { w.Restore(a) },
		},
		{
			"restore", func(ctx context.Context, src source.Source, d, _, a string) (domain.Receipt, error) {
				if x, ok := src.(source.Suspender); ok {
					return x.Restore(ctx, d, a)
				}
				return domain.Receipt{}, errCannot
			}, suspender,
			func(w *sim.World, _, a string) bool { return !suspended(w, a) },
			func(w *sim.World, _, a string) { w.Suspend(a) },
		},
		{
			"add member", func(ctx context.Context, src source.Source, d, g, a string) (domain.Receipt, error) {
				if x, ok := src.(source.GroupEditor); ok {
					return x.AddMember(ctx, d, g, a)
				}
				return domain.Receipt{}, errCannot
			}, editor,
			func(w *sim.World, g, a string) bool { return w.MemberOf(a, g) },
			func(w *sim.World, g, a string) { w.RemoveMember(a, g) },
		},
		{
			"remove member", func(ctx context.Context, src source.Source, d, g, a string) (domain.Receipt, error) {
				if x, ok := src.(source.GroupEditor); ok {
					return x.RemoveMember(ctx, d, g, a)
				}
				return domain.Receipt{}, errCannot
			}, editor,
			func(w *sim.World, g, a string) bool { return !w.MemberOf(a, g) },
			func(w *sim.World, g, a string) { w.AddMember(a, g) },
		},
	}
}

// outcome is what must be known after a change under a fault.
type outcome struct {
	fault  sim.Fault
	effect domain.Effect // "" for success
	code   domain.Code
	done   bool // whether the world has changed
}

func outcomes() []outcome {
	unknown, not := domain.EffectUnknown, domain.NotApplied
	list := []outcome{
		{effect: "", done: true},
		{fault: sim.Fault{Kind: sim.FaultRateLimit}, effect: not, code: domain.RateLimited},
		{fault: sim.Fault{Kind: sim.FaultRefused}, effect: not, code: domain.Unreachable},
		{fault: sim.Fault{Kind: sim.FaultNoNetwork}, effect: not, code: domain.Unreachable},
		{fault: sim.Fault{Kind: sim.FaultCut}, effect: unknown, code: domain.Unreachable},
		{fault: sim.Fault{Kind: sim.FaultNoAnswer}, effect: unknown, code: domain.Unreachable, done: true},
		{fault: sim.Fault{Kind: sim.FaultErrorApplied}, effect: unknown, code: domain.Unreachable, done: true},
		{fault: sim.Fault{Kind: sim.FaultError}, effect: unknown, code: domain.Unreachable},
		{fault: sim.Fault{Kind: sim.FaultStatus, Status: 502}, effect: unknown, code: domain.Unreachable},
		{fault: sim.Fault{Kind: sim.FaultHTML}, effect: unknown, code: domain.Unreachable},
		{fault: sim.Fault{Kind: sim.FaultRedirect, Location: "https://x.example/"}, effect: unknown, code: domain.Unreachable},
		{fault: sim.Fault{Kind: sim.FaultLatency, Delay: 10 * time.Minute}, effect: unknown, code: domain.Unreachable},
	}
	for status, code := range map[int]domain.Code{
		400: domain.Invalid, 401: domain.AuthFailed, 402: domain.Conflict, 403: domain.Forbidden, 404: domain.NotFound,
		405: domain.Internal, 409: domain.Conflict, 415: domain.Internal,
	} {
		list = append(list, outcome{fault: sim.Fault{Kind: sim.FaultStatus, Status: status}, effect: not, code: code})
	}
	return list
}

// changes makes each change under each fault and compares the word about its effect with the truth. Each is sent once.
func (s Subject) changes(t *testing.T) {
	for _, c := range changes() {
		for _, o := range outcomes() {
			t.Run(fmt.Sprintf("%s %s %d", c.name, o.fault.Kind, o.fault.Status), func(t *testing.T) {
				bubble(t, sim.Config{People: 60, Seed: 2}, func(t *testing.T, w *sim.World) {
					t.Helper()
					s.changeOnce(t, w, c, o)
				})
			})
		}
	}
}

func (s Subject) changeOnce(t *testing.T, w *sim.World, c change, o outcome) {
	t.Helper()
	src := s.Open(t, w, nil)
	defer src.Close()
	if !c.has(src) {
		return
	}
	account, group := somebody(t, w)
	directory := w.DirectoryIDs()[0]
	c.before(w, group, account)
	if o.fault.Kind != "" {
		w.SetFaults(o.fault)
	}
	receipt, err := c.do(t.Context(), src, directory, group, account)
	sent := 0
	for _, e := range w.Journal() {
		if slices.Contains(e.Accounts, account) || e.AccountID == account {
			sent++
		}
	}
	if connected := o.fault.Kind != sim.FaultRefused && o.fault.Kind != sim.FaultNoNetwork; sent > 1 || connected && sent != 1 {
		t.Errorf("sent %d times", sent)
	}
	if receipt.Method == "" || receipt.URL == "" || receipt.SentAt.IsZero() {
		t.Errorf("receipt %+v", receipt)
	}
	if done := c.wanted(w, group, account); done != o.done && o.fault.Kind != sim.FaultLatency {
		t.Errorf("carried out: %v, want %v (%v)", done, o.done, err)
	}
	if o.effect == "" {
		if err != nil {
			t.Error(err)
		}
		return
	}
	var e *domain.Error
	if !errors.As(err, &e) || e.Effect != o.effect || e.Code != o.code || e.Receipt == nil || e.Message == "" {
		t.Errorf("%+v, want %s/%s", err, o.code, o.effect)
	}
}

// somebody finds an ordinary active person and an ordinary group.
func somebody(t *testing.T, w *sim.World) (account, group string) {
	t.Helper()
	people := w.People(1, func(p sim.PersonState) bool {
		return p.Status == "active" && !p.OrgAdmin && !p.Synced && len(p.Apps) > 0 && p.AccountID != w.Operator() && p.AccountID != w.KeyOwner()
	})
	for _, g := range w.Groups() {
		if len(people) == 1 && !g.Synced && !g.Default && !g.Admins && len(g.Apps) == 0 {
			return people[0].AccountID, g.ID
		}
	}
	t.Fatal("the world has no ordinary person or group")
	return "", ""
}

// chosen reads a few people afresh; who is gone is missing.
func (s Subject) chosen(t *testing.T) {
	bubble(t, sim.Config{People: 200, Seed: 8}, func(t *testing.T, w *sim.World) {
		t.Helper()
		src := s.Open(t, w, nil)
		defer src.Close()
		reader, ok := src.(source.UserReader)
		if !ok {
			return
		}
		var ids []string
		for _, p := range w.People(9, func(p sim.PersonState) bool { return len(p.Apps) > 0 }) {
			ids = append(ids, p.AccountID)
		}
		users, err := reader.ReadUsers(t.Context(), append(ids, "557058:nobody"))
		if err != nil {
			t.Fatal(err)
		}
		if len(users) != len(ids) {
			t.Errorf("%d people, want %d", len(users), len(ids))
		}
		for _, u := range users {
			truth, known := w.State(u.AccountID)
			slices.Sort(truth.Groups)
			slices.Sort(u.GroupIDs)
			if !known || !slices.Equal(u.GroupIDs, truth.Groups) {
				t.Errorf("%s: groups %v, want %v", u.AccountID, u.GroupIDs, truth.Groups)
			}
			if (u.Status == domain.StatusActive || u.Status == domain.StatusInvited) != (truth.Status == "active") {
				t.Errorf("%s: %s, in truth %s", u.AccountID, u.Status, truth.Status)
			}
		}
		if _, err := reader.ReadUsers(t.Context(), make([]string, 11)); domain.CodeOf(err) != domain.Invalid {
			t.Errorf("11 people at once: %v", err)
		}
		if _, err := reader.ReadUsers(t.Context(), []string{"../x"}); domain.CodeOf(err) != domain.Invalid {
			t.Errorf("an id that is none: %v", err)
		}
	})
}
