package sim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

type inviteRequest struct {
	Emails           []string         `json:"emails"`
	PermissionRules  []permissionRule `json:"permissionRules"`
	AdditionalGroups []string         `json:"additionalGroups"`
	SendNotification *bool            `json:"sendNotification"`
	NotificationText *string          `json:"notificationText"`
}

type permissionRule struct {
	Resource string `json:"resource"`
	Role     string `json:"role"`
}

type inviteBody struct {
	Data []invitedItem `json:"data"`
}

type invitedItem struct {
	ID      string         `json:"id"`
	Email   string         `json:"email"`
	Results []inviteResult `json:"results"`
}

type inviteResult struct {
	Roles  []inviteOutcome `json:"roleAssignmentResult"`
	Groups []inviteOutcome `json:"groupAssignmentResult"`
}

type inviteOutcome struct {
	Resource     string `json:"resource,omitempty"`
	Role         string `json:"role,omitempty"`
	Group        string `json:"group,omitempty"`
	Status       string `json:"status"`
	StatusReason string `json:"statusReason,omitempty"`
}

// inviteUsers lets people in. Each entry tells for each app and group whether it worked; the status alone tells that not all did.
func inviteUsers(c *call) reply {
	var q inviteRequest
	if json.Unmarshal(c.body, &q) != nil || len(q.Emails) == 0 {
		return uamError(http.StatusBadRequest, "400-1", "emails is missing")
	}
	for _, e := range q.Emails {
		if local, domain, found := strings.Cut(e, "@"); !found || local == "" || domain == "" || strings.ContainsAny(e, " \t\n") {
			return uamError(http.StatusBadRequest, "400-2", "An e-mail address is invalid")
		}
	}
	if c.w.cfg.NoPaidPlan {
		return uamError(http.StatusPaymentRequired, "402-1", "A paid subscription is required")
	}
	out, failed := inviteBody{}, false
	for _, email := range q.Emails {
		item, bad := c.invite(email, &q)
		out.Data, failed = append(out.Data, item), failed || bad
	}
	status := http.StatusOK
	if failed {
		status = http.StatusPartialContent
	}
	if c.w.cfg.InviteStatus != 0 {
		status = c.w.cfg.InviteStatus
	}
	return reply{status: status, value: out}
}

func (c *call) invite(email string, q *inviteRequest) (item invitedItem, failed bool) {
	w := c.w
	i, known := w.byEmail(email)
	if !known {
		i = w.newcomer(email, c.now)
	}
	to := w.people[i].state
	result := inviteResult{Roles: []inviteOutcome{}, Groups: []inviteOutcome{}}
	for _, r := range q.PermissionRules {
		reason := w.inviteRole(i, &to, r)
		result.Roles = append(result.Roles, outcomeOf(inviteOutcome{Resource: r.Resource, Role: r.Role}, reason))
		failed = failed || reason != ""
	}
	for _, id := range q.AdditionalGroups {
		reason := w.inviteGroup(i, &to, id)
		result.Groups = append(result.Groups, outcomeOf(inviteOutcome{Group: id}, reason))
		failed = failed || reason != ""
	}
	if len(q.PermissionRules)+len(q.AdditionalGroups) == 0 {
		to.member |= 1
	}
	from := w.people[i].state
	changed := to.member != from.member || len(to.direct) != len(from.direct) || len(to.groups) != len(from.groups)
	if changed {
		w.set(i, to, byOrg, c.now)
	}
	c.applied(changed)
	return invitedItem{w.accountID(i), email, []inviteResult{result}}, failed
}

func outcomeOf(o inviteOutcome, reason string) inviteOutcome {
	o.Status = "INVITED"
	if reason != "" {
		o.Status, o.StatusReason = "ERROR", reason
	}
	return o
}

// inviteRole gives an app in the state, or says why not.
func (w *World) inviteRole(i int, to *state, r permissionRule) string {
	a := slices.IndexFunc(w.apps, func(a app) bool { return a.ari == r.Resource })
	switch {
	case a < 0:
		return "Resource not found"
	case !slices.Contains(knownRoles, r.Role):
		return "The role is invalid"
	case to.account != accountActive:
		return "The account is deactivated"
	}
	next := *to
	next.member |= 1 << w.sites[w.apps[a].site].directory
	if g := (grant{a, r.Role}); !slices.Contains(next.direct, g) {
		next.direct = append(slices.Clone(next.direct), g)
	}
	if w.full(&w.people[i].state, &next) >= 0 {
		return "The license limit is reached"
	}
	*to = next
	return ""
}

func (w *World) inviteGroup(i int, to *state, id string) string {
	g, found := w.groupByID[id]
	switch {
	case !found || w.groups[g].until[viewTruth] != 0:
		return "Group not found"
	case w.groups[g].kind == groupSynced:
		return "The group is managed by an external directory"
	case to.account != accountActive:
		return "The account is deactivated"
	}
	next := withGroup(*to, g)
	next.member |= 1 << w.groups[g].directory
	if w.full(&w.people[i].state, &next) >= 0 {
		return "The license limit is reached"
	}
	*to = next
	return ""
}
