package setup

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
)

// Verdict says whether a site lets this machine in.
type Verdict string

// The verdicts.
const (
	VerdictAllowed Verdict = "allowed"
	VerdictBlocked Verdict = "blocked"
)

// reasonAllowlist is the reason of an error that a site's IP allowlist is the cause of.
const reasonAllowlist = "ip_allowlist"

// Allowlist is what the site answered to this machine.
type Allowlist struct {
	Site      string   `json:"site"`
	Verdict   Verdict  `json:"verdict"`
	Message   string   `json:"message"`
	Hint      string   `json:"hint"`
	Addresses []string `json:"addresses"` // to add to the allowlist, where they can be known
	Known     string   `json:"known"`     // how the addresses are known, or why they are not
}

// Check asks a site, without a credential, whether this machine may reach it, and keeps the answer. A site that cannot
// be asked at all is an error with the cause: the address is wrong, there is no network, there is no site.
func (g *Guide) Check(ctx context.Context, site string) (Allowlist, error) {
	address, err := g.o.Reach(ctx, site)
	a := Allowlist{Site: address, Addresses: []string{}}
	e := domain.AsError(err)
	switch {
	case err == nil, e.Code == domain.AuthFailed:
		a.Verdict = VerdictAllowed
		a.Message = "The site answers this computer: no IP allowlist stands in the way."
		a.Hint = "The test with your token makes sure: a few sites check only requests that are signed in."
	case e.Reason == reasonAllowlist:
		a.Verdict, a.Message = VerdictBlocked, e.Message
		a.Hint = "An organization admin adds the address under Security > IP allowlists, or you connect from an allowed network (VPN). " +
			"An organization's API key works without: allowlists concern sites only."
		a.Addresses, a.Known = g.addresses(e)
	default:
		return Allowlist{}, fmt.Errorf("ask the site: %w", err)
	}
	err = g.edit(ctx, func(r *record, _ bool) error {
		r.Allowlist = &a
		return nil
	})
	return a, err
}

// addresses gives the addresses to add: the one that the site names, else those of this machine which the internet can
// see.
func (g *Guide) addresses(refusal *domain.Error) (list []string, known string) {
	if named := addressesIn(refusal.Error()); len(named) > 0 {
		return named, "This is the address that Atlassian saw."
	}
	for _, a := range g.o.Local() {
		if public(a) && !slices.Contains(list, a.String()) {
			list = append(list, a.String())
		}
	}
	if len(list) > 0 {
		return list, "This computer has this address itself. Behind a VPN or proxy Atlassian may see another one."
	}
	return []string{}, "This computer has only addresses of its own network, so the one that Atlassian sees cannot be told from here: " +
		"whoever runs the network knows it."
}

// addressesIn finds IP addresses in a text.
func addressesIn(text string) []string {
	var found []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return r != '.' && r != ':' && (r < '0' || r > '9') && (r < 'a' || r > 'f') && (r < 'A' || r > 'F')
	}) {
		a, err := netip.ParseAddr(strings.Trim(word, ".:"))
		if err == nil && public(a) && !slices.Contains(found, a.String()) {
			found = append(found, a.String())
		}
	}
	return found
}

// carrierGrade are the addresses that providers share among customers.
var carrierGrade = netip.MustParsePrefix("100.64.0.0/10")

func public(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !carrierGrade.Contains(a.Unmap())
}

// localAddresses are the addresses of this machine's interfaces; none where the system does not tell.
func localAddresses() []netip.Addr {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var out []netip.Addr
	for _, a := range list {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			out = append(out, p.Addr().Unmap())
		}
	}
	return out
}
