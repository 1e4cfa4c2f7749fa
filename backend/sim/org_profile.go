package sim

import (
	"encoding/json"
	"net/http"
	"strings"
)

// ownProfile is what a profile says after it was changed; a person who never changed has none.
type ownProfile struct {
	zone, locale, title, organization, department, location string
}

// profileOf is a person's profile, changed or not.
func (p *person) profileOf() ownProfile {
	if p.own != nil {
		return *p.own
	}
	d := departments[p.department]
	return ownProfile{places[p.place].zone, "en-US", d.titles[p.title], companies[p.company], d.name, places[p.place].name}
}

// longest are the most characters of the fields that have a bound.
var longest = map[string]int{"name": 100, "nickname": 30}

// patchProfile changes the given fields of a managed account. Unlike memberships, a profile is seen changed at once everywhere.
func patchProfile(c *call) reply {
	i, p, rep, found := c.managedPerson()
	if !found {
		return rep
	}
	var q map[string]json.RawMessage
	if json.Unmarshal(c.body, &q) != nil {
		return keyRefusal(http.StatusBadRequest, "bodyParseFailure", nil)
	}
	fields := map[string]string{}
	if !flatten(q, "", fields) {
		return keyRefusal(http.StatusBadRequest, "bodyParseFailure", nil)
	}
	if p.synced && len(fields) > 0 {
		return fieldsRefused(fields, "externalDirectory.scim")
	}
	own := p.profileOf()
	target := map[string]*string{
		"name": &p.name, "nickname": &p.nickname, "zoneinfo": &own.zone, "locale": &own.locale, "extended_profile.job_title": &own.title,
		"extended_profile.organization": &own.organization, "extended_profile.department": &own.department, "extended_profile.location": &own.location,
	}
	for name, v := range fields {
		most, bound := longest[name]
		if _, known := target[name]; !known {
			return fieldsRefused(map[string]string{name: ""}, "administrative")
		} else if bound && len([]rune(v)) > most || name == "name" && v == "" {
			return violated(name, "maxLength")
		}
	}
	changed := false
	for name, v := range fields {
		changed = changed || *target[name] != v
		*target[name] = v
	}
	p.own = &own
	if changed {
		c.w.orders.drop()
		c.w.note(byOrg, c.now, "user_profile_changed", i, -1, -1)
		c.w.revision++
	}
	c.applied(changed)
	return manageProfile(c)
}

// flatten reads text fields, nested ones with a dot between; null empties.
func flatten(q map[string]json.RawMessage, prefix string, into map[string]string) bool {
	for name, raw := range q {
		var s *string
		var inner map[string]json.RawMessage
		switch {
		case json.Unmarshal(raw, &s) == nil:
			into[prefix+name] = ""
			if s != nil {
				into[prefix+name] = *s
			}
		case json.Unmarshal(raw, &inner) == nil:
			if !flatten(inner, prefix+name+".", into) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// fieldsRefused names the fields that may not be changed, each with the reason.
func fieldsRefused(fields map[string]string, reason string) reply {
	rules := map[string]refusedContext{}
	for name := range fields {
		rules[name] = refusedContext{Reason: ruleReason{reason}}
	}
	return keyRefusal(http.StatusForbidden, "forbidden.fieldMutation", rules)
}

func violated(field, rule string) reply {
	return keyRefusal(http.StatusBadRequest, "fieldConstraintsViolated", map[string]any{
		"fieldViolations": []map[string]any{{"field": field, "violations": []map[string]string{{"key": rule}}}},
	})
}

// setEmail gives a managed account another address of a verified domain and ends the person's sessions.
func setEmail(c *call) reply {
	i, p, rep, found := c.managedPerson()
	if !found {
		return rep
	}
	var q struct {
		Email string `json:"email"`
	}
	if json.Unmarshal(c.body, &q) != nil {
		return keyRefusal(http.StatusBadRequest, "bodyParseFailure", nil)
	}
	_, domain, isAddress := strings.Cut(q.Email, "@")
	other, taken := c.w.byEmail(q.Email)
	switch {
	case !isAddress || strings.ContainsAny(q.Email, " \n"):
		return violated("email", "email")
	case p.synced:
		return refuseScim()
	case !c.w.claimed(domain):
		return keyRefusal(http.StatusForbidden, "forbidden.unclaimedDomain", map[string]string{"domain": domain})
	case taken && other != i:
		return violated("email", "taken")
	}
	changed := p.email != q.Email
	if changed {
		p.email, p.verified = q.Email, true
		c.w.sessions[i]++
		c.w.orders.drop()
		c.w.note(byOrg, c.now, "user_email_changed", i, -1, -1)
		c.w.revision++
	}
	c.applied(changed)
	return noContent()
}
