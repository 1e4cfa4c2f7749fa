package sourcetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
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
	wanted func(truth Truth, group, account string) bool // whether it has been carried out
	before func(truth Truth, group, account string)
}

var errCannot = errors.New("the source cannot do this")

func changes() []change {
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
			func(truth Truth, _, a string) bool { return truth.Suspended(a) },
			func(truth Truth, _, a string) { truth.SetSuspended(a, false) },
		},
		{
			"restore", func(ctx context.Context, src source.Source, d, _, a string) (domain.Receipt, error) {
				if x, ok := src.(source.Suspender); ok {
					return x.Restore(ctx, d, a)
				}
				return domain.Receipt{}, errCannot
			}, suspender,
			func(truth Truth, _, a string) bool { return !truth.Suspended(a) },
			func(truth Truth, _, a string) { truth.SetSuspended(a, true) },
		},
		{
			"add member", func(ctx context.Context, src source.Source, d, g, a string) (domain.Receipt, error) {
				if x, ok := src.(source.GroupEditor); ok {
					return x.AddMember(ctx, d, g, a)
				}
				return domain.Receipt{}, errCannot
			}, editor,
			func(truth Truth, g, a string) bool { return truth.Member(g, a) },
			func(truth Truth, g, a string) { truth.SetMember(g, a, false) },
		},
		{
			"remove member", func(ctx context.Context, src source.Source, d, g, a string) (domain.Receipt, error) {
				if x, ok := src.(source.GroupEditor); ok {
					return x.RemoveMember(ctx, d, g, a)
				}
				return domain.Receipt{}, errCannot
			}, editor,
			func(truth Truth, g, a string) bool { return !truth.Member(g, a) },
			func(truth Truth, g, a string) { truth.SetMember(g, a, true) },
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

// outcomes are all of them, or one of each sort.
func (s Subject) outcomes() []outcome {
	return some(s, outcomes(), func(o outcome) bool {
		return o.effect == "" || o.fault.Kind == sim.FaultNoAnswer || o.fault.Kind == sim.FaultRateLimit || o.fault.Status == http.StatusForbidden
	})
}

// changes makes each change under each fault and compares the word about its effect with the truth. Each is sent once.
func (s Subject) changes(t *testing.T) {
	for _, c := range changes() {
		for _, o := range s.outcomes() {
			t.Run(fmt.Sprintf("%s %s %d", c.name, o.fault.Kind, o.fault.Status), func(t *testing.T) {
				s.bubble(t, sim.Config{People: 60, Seed: 2}, func(t *testing.T, w *sim.World) {
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
	truth := s.truth(w)
	account, group, found := truth.Ordinary()
	if !found {
		t.Fatal("the world has no ordinary person or group")
	}
	c.before(truth, group, account)
	if reader, ok := src.(source.UserReader); ok { // a run reads everybody just before it changes them
		if _, err := reader.ReadUsers(t.Context(), []string{account}); err != nil {
			t.Fatal(err)
		}
	}
	var before uint64
	for _, e := range w.Journal() {
		before = e.Seq
	}
	if o.fault.Kind != "" {
		w.SetFaults(o.fault)
	}
	receipt, err := c.do(t.Context(), src, truth.Directory(), group, account)
	sent := 0
	for _, e := range w.JournalSince(before) {
		if e.Method == http.MethodGet {
			continue // asking again is no change
		}
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
	if done := c.wanted(truth, group, account); done != o.done && o.fault.Kind != sim.FaultLatency {
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

// chosen reads a few people afresh; who is gone is missing.
func (s Subject) chosen(t *testing.T) {
	s.bubble(t, sim.Config{People: 200, Seed: 8}, func(t *testing.T, w *sim.World) {
		t.Helper()
		src := s.Open(t, w, nil)
		defer src.Close()
		reader, ok := src.(source.UserReader)
		if !ok {
			t.Fatal("every kind reads chosen people: no run is planned without")
		}
		var ids []string
		truths := map[string]Person{}
		for _, p := range s.truth(w).People(9) {
			ids = append(ids, p.AccountID)
			truths[p.AccountID] = p
		}
		users, err := reader.ReadUsers(t.Context(), append(ids, "557058:nobody"))
		if err != nil {
			t.Fatal(err)
		}
		if len(users) != len(ids) || len(ids) == 0 {
			t.Errorf("%d people, want %d", len(users), len(ids))
		}
		for _, u := range users {
			truth := truths[u.AccountID]
			slices.Sort(u.GroupIDs)
			if !slices.Equal(u.GroupIDs, truth.Groups) {
				t.Errorf("%s: groups %v, want %v", u.AccountID, u.GroupIDs, truth.Groups)
			}
			if (u.Status == domain.StatusActive || u.Status == domain.StatusInvited) != truth.Active {
				t.Errorf("%s: %s, in truth active: %v", u.AccountID, u.Status, truth.Active)
			}
		}
		if _, err := reader.ReadUsers(t.Context(), make([]string, 11)); domain.CodeOf(err) != domain.Invalid {
			t.Errorf("11 people at once: %v", err)
		}
		if _, err := reader.ReadUsers(t.Context(), []string{cmp.Or(s.NoID, "../x")}); domain.CodeOf(err) != domain.Invalid {
			t.Errorf("an id that is none: %v", err)
		}
	})
}
