// Package demo is the demo organization: a simulated Atlassian in this process, with the sources that connect to it.
//
// It keeps nothing on disk; whoever opens it gives it a workspace of its own.
package demo

import (
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

const (
	// DefaultPeople is the size of the demo organization when nothing else is asked for.
	DefaultPeople = 5000
	// MaxPeople is the largest demo organization.
	MaxPeople = 500_000
	minPeople = 10

	sites = 3
	seed  = 1
	// latency makes progress visible, as with the real service, without making anybody wait.
	latency = 15 * time.Millisecond
)

// Org is a demo organization.
type Org struct {
	world *sim.World
}

// New makes a demo organization with that many people; 0 is DefaultPeople. It is the same at each call.
// The error is Invalid for a size out of range.
func New(people int) (*Org, error) {
	if people == 0 {
		people = DefaultPeople
	}
	if people < minPeople || people > MaxPeople {
		return nil, domain.Errorf(domain.Invalid, "The demo organization can have %d to %d people, not %d.", minPeople, MaxPeople, people)
	}
	return &Org{world: sim.New(sim.Config{People: people, Sites: sites, Seed: seed, Latency: latency})}, nil
}

// Network is the way to the demo organization: it leads to no other host.
func (o *Org) Network() source.Network {
	return source.Network{Transport: o.world.Transport()}
}

// Drafts are the sources to add, the first of them the one to show.
func (o *Org) Drafts() []source.Draft {
	org, key := o.world.Organization()
	site := o.world.Sites()[0]
	return []source.Draft{
		{
			Kind: domain.KindAtlassianOrg, Name: "Acme (demo)", Color: "teal",
			Values: map[string]string{"org_id": org, "api_key": key, "my_account": o.world.Operator()},
		},
		{
			Kind: domain.KindJiraCloud, Name: site.Name + " (demo site)", Color: "grape",
			Values: map[string]string{"site_url": site.URL, "email": site.Email, "api_token": site.Token},
		},
	}
}
