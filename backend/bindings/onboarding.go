package bindings

import (
	"context"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/workspace/setup"
)

// Onboarding is Get started: how far the set-up is, and what the operator decides about its steps.
type Onboarding struct{ *core }

// State tells how far the set-up is.
func (x *Onboarding) State() (OnboardingView, error) {
	return call(x.core, "Onboarding.State", func(ctx context.Context, s *Services) (OnboardingView, error) {
		state, err := s.Guide.State(ctx)
		return onboardingView(state), err
	})
}

// Skip passes over a step.
func (x *Onboarding) Skip(step string) error {
	return do(x.given(step), "Onboarding.Skip", func(ctx context.Context, s *Services) error {
		return s.Guide.Skip(ctx, setup.Step(step))
	})
}

// Look marks a step as done that asks only to be looked at.
func (x *Onboarding) Look(step string) error {
	return do(x.given(step), "Onboarding.Look", func(ctx context.Context, s *Services) error {
		return s.Guide.Look(ctx, setup.Step(step))
	})
}

// CheckSite asks a site, without a credential, whether its IP allowlist lets this machine in.
func (x *Onboarding) CheckSite(site string) (AllowlistView, error) {
	return call(x.given(site), "Onboarding.CheckSite", func(ctx context.Context, s *Services) (AllowlistView, error) {
		a, err := s.Guide.Check(ctx, site)
		return *allowlistView(&a), err
	})
}

// Domains lists the e-mail domains of the organizations that are connected, and what a verified one changes.
func (x *Onboarding) Domains() (DomainsView, error) {
	return call(x.core, "Onboarding.Domains", func(ctx context.Context, s *Services) (DomainsView, error) {
		organizations, err := s.Guide.Domains(ctx)
		return DomainsView{
			Organizations: list(organizations, func(o setup.SourceDomains) OrganizationDomains {
				return OrganizationDomains{
					SourceID: o.SourceID, Name: o.Name, Synced: o.Synced,
					Domains: list(o.Domains, func(d domain.Domain) DomainView { return DomainView{Name: d.Name, Verified: d.Verified} }),
				}
			}),
			Rights: list(setup.Rights, func(r setup.Right) RightView { return RightView{What: r.What, Managed: r.Managed} }),
		}, err
	})
}

// Finish ends the set-up; the page does not open by itself any more.
func (x *Onboarding) Finish() error {
	return do(x.core, "Onboarding.Finish", func(ctx context.Context, s *Services) error { return s.Guide.Finish(ctx) })
}

// Welcomed ends the short Welcome after an upgrade.
func (x *Onboarding) Welcomed() error {
	return do(x.core, "Onboarding.Welcomed", func(ctx context.Context, s *Services) error { return s.Guide.Welcomed(ctx) })
}

func onboardingView(s setup.State) OnboardingView {
	return OnboardingView{
		Steps: list(s.Steps, func(p setup.Progress) StepView {
			return StepView{
				Step: string(p.Step), Title: p.Title, Why: p.Why, LinkURL: p.Link.URL, LinkLabel: p.Link.Label, Skippable: p.Skippable,
				State: string(p.State),
			}
		}),
		Next: string(s.Next), Complete: s.Complete, Appears: s.Appears, Welcome: s.Welcome, Version: s.Version, Previous: s.Previous,
		Allowlist: allowlistView(s.Allowlist),
	}
}

func allowlistView(a *setup.Allowlist) *AllowlistView {
	if a == nil {
		return nil
	}
	return &AllowlistView{
		Site: a.Site, Verdict: string(a.Verdict), Message: domain.Visible(a.Message), Hint: domain.Visible(a.Hint), Known: a.Known,
		Addresses: list(a.Addresses, func(s string) string { return s }),
	}
}
