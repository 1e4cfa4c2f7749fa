package jira

import (
	"context"
	"sync"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// route is the way that a token takes. A classic token works at the site; one with scopes works at Atlassian's gateway
// only, and the site refuses it like a wrong one. So the first refusal of the site is checked at the gateway; a refused
// call was not carried out, so it may be made again there.
type route struct {
	gateway func(cloudID string) *atlassian.Client // nil: there is none

	mu     sync.Mutex
	rest   *atlassian.Client // the gateway, once the token was found to be one with scopes
	judged bool              // the gateway refused the token too: it is just wrong
}

// ByGateway lets a token with scopes be used; gateway makes the client for the site of that cloud id.
func (c *Client) ByGateway(gateway func(cloudID string) *atlassian.Client) *Client {
	c.route = &route{gateway: gateway}
	return c
}

// Scoped tells whether the token was found to be one with scopes, so that calls go through the gateway.
func (c *Client) Scoped() bool { return c.route.current() != nil }

// Knock lets the next request through, whichever way it goes.
func (c *Client) Knock() {
	c.rest.Knock()
	if g := c.route.current(); g != nil {
		g.Knock()
	}
}

// Close forgets the token.
func (c *Client) Close() {
	c.rest.Close()
	if g := c.route.current(); g != nil {
		g.Close()
	}
}

func (r *route) current() *atlassian.Client {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rest
}

// via is the client that calls go to now.
func (c *Client) via() *atlassian.Client {
	g := c.route.current()
	switch {
	case g == nil:
		return c.rest
	case c.hurried:
		return g.Hurried()
	}
	return g
}

// detour tells whether a call that the site refused should be made again at the gateway.
func (c *Client) detour(ctx context.Context, err error) bool {
	e := domain.AsError(err)
	if c.route == nil || c.route.gateway == nil || err == nil || e.Code != domain.AuthFailed || e.Reason != "credential" {
		return false
	}
	r := c.route
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rest != nil || r.judged {
		return r.rest != nil
	}
	cloudID, err := c.CloudID(ctx)
	if err != nil {
		return false
	}
	g := r.gateway(cloudID)
	_, err = g.Hurried().Read(ctx, atlassian.Get("/rest/api/3/myself"))
	switch e := domain.AsError(err); {
	case err == nil, e.Reason == "scope": // known there, even if not for this call
		r.rest = g
		return true
	case e.Code == domain.AuthFailed:
		r.judged = true
	}
	g.Close()
	return false
}

func (c *Client) read(ctx context.Context, call atlassian.Call) (atlassian.Answer, error) {
	at := c.via()
	answer, err := at.Read(ctx, call)
	if at == c.rest && c.detour(ctx, err) {
		return c.via().Read(ctx, call)
	}
	return answer, err
}

func (c *Client) write(ctx context.Context, call atlassian.Call) (atlassian.Answer, domain.Receipt, error) {
	at := c.via()
	answer, receipt, err := at.WriteAnswer(ctx, call)
	if at == c.rest && c.detour(ctx, err) {
		return c.via().WriteAnswer(ctx, call)
	}
	return answer, receipt, err
}

// changed is write for a call whose answer tells nothing new.
func (c *Client) changed(ctx context.Context, call atlassian.Call) (domain.Receipt, error) {
	_, receipt, err := c.write(ctx, call)
	return receipt, err
}

// OrganizationID asks the site which organization it belongs to.
func (c *Client) OrganizationID(ctx context.Context, host string) (string, error) {
	const query = "query TenantContext($hostNames:[String!]!){tenantContexts(hostNames:$hostNames){cloudId orgId hostName}}"
	var body struct {
		Data struct {
			Contexts []*struct {
				OrgID string `json:"orgId"`
			} `json:"tenantContexts"`
		} `json:"data"`
	}
	call := atlassian.Post(map[string]any{"query": query, "variables": map[string]any{"hostNames": []string{host}}}, "/gateway/api/graphql")
	answer, err := c.rest.Read(ctx, call)
	if err != nil {
		return "", err
	}
	if err := answer.Decode(&body); err != nil {
		return "", err
	}
	for _, t := range body.Data.Contexts {
		if t != nil && atlassian.CheckID("organization id", t.OrgID) == nil {
			return t.OrgID, nil
		}
	}
	return "", atlassian.Contract("the site does not tell its organization")
}
