package sim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

type rule struct {
	Allowed bool        `json:"allowed"`
	Reason  *ruleReason `json:"reason,omitempty"`
}

func allowed(yes bool) rule {
	if yes {
		return rule{Allowed: true}
	}
	return rule{Reason: &ruleReason{"externalDirectory.scim"}}
}

// managePermissions tells what the organization may do with an account. What the identity provider manages it may not.
func managePermissions(c *call) reply {
	_, p, rep, found := c.managedPerson()
	if !found {
		return rep
	}
	own := allowed(!p.synced)
	fields := map[string]rule{}
	for _, name := range []string{"name", "nickname", "zoneinfo", "locale", "extended_profile.job_title", "extended_profile.department"} {
		fields[name] = own
	}
	all := map[string]any{
		"profile": fields, "profile.write": fields, "profile.read": allowed(true), "email.set": own,
		"lifecycle.enablement": own, "lifecycle.delete": own, "apiToken.read": allowed(true), "apiToken.delete": allowed(true),
	}
	if list := c.query.Get("privileges"); list != "" {
		wanted := strings.Split(list, ",")
		for name := range all {
			if !slices.Contains(wanted, name) {
				delete(all, name)
			}
		}
	}
	return ok(all)
}

type profileBody struct {
	Account profileAccount `json:"account"`
}

type profileAccount struct {
	AccountID       string          `json:"account_id"`
	AccountType     string          `json:"account_type"`
	AccountStatus   string          `json:"account_status"`
	Name            string          `json:"name"`
	Picture         string          `json:"picture"`
	Email           string          `json:"email"`
	Nickname        string          `json:"nickname"`
	ZoneInfo        string          `json:"zoneinfo"`
	Locale          string          `json:"locale"`
	ExtendedProfile extendedProfile `json:"extended_profile"`
	Characteristics struct {
		NotMentionable bool `json:"not_mentionable"`
	} `json:"characteristics"`
}

type extendedProfile struct {
	JobTitle     string `json:"job_title"`
	Organization string `json:"organization"`
	Department   string `json:"department"`
	Location     string `json:"location"`
}

func manageProfile(c *call) reply {
	i, p, rep, found := c.managedPerson()
	if !found {
		return rep
	}
	own := p.profileOf()
	return ok(profileBody{profileAccount{
		AccountID: c.w.accountID(i), AccountType: "atlassian", AccountStatus: p.at(viewOrg, c.now).account.String(),
		Name: p.name, Picture: picture, Email: p.email, Nickname: p.nickname, ZoneInfo: own.zone, Locale: own.locale,
		ExtendedProfile: extendedProfile{own.title, own.organization, own.department, own.location},
	}})
}

// lifecycle changes the account everywhere at Atlassian, if the identity provider leaves it to the organization.
func (c *call) lifecycle(change func(*state) bool, success reply) reply {
	i, p, rep, found := c.managedPerson()
	if !found {
		return rep
	}
	if p.synced {
		return refuseScim()
	}
	to := p.state
	changed := change(&to)
	if changed && c.w.full(&p.state, &to) >= 0 {
		return adminError(http.StatusConflict, "ADMIN-409-3", "The license limit is reached")
	}
	if changed {
		c.w.deactivate(i, to, byOrg, c.now)
	}
	c.applied(changed)
	return success
}

// disableAccount takes an optional message for the person, who gets it by e-mail.
func disableAccount(c *call) reply {
	var q struct {
		Message *string `json:"message"`
	}
	if len(c.body) > 0 && json.Unmarshal(c.body, &q) != nil {
		return keyRefusal(http.StatusBadRequest, "bodyParseFailure", nil)
	}
	return c.lifecycle(func(s *state) bool {
		changed := s.account != accountInactive
		s.account = accountInactive
		return changed
	}, noContent())
}

func enableAccount(c *call) reply {
	return c.lifecycle(func(s *state) bool {
		changed := s.account != accountActive && !s.deletion
		if changed {
			s.account = accountActive
		}
		return changed
	}, noContent())
}

// deleteAccount begins the 14 days in which the deletion can be taken back.
func deleteAccount(c *call) reply {
	return c.lifecycle(func(s *state) bool {
		changed := !s.deletion
		s.account, s.deletion = accountInactive, true
		return changed
	}, c.deleted())
}

// deleted is the answer to asking for a deletion, which is not documented for sure.
func (c *call) deleted() reply {
	if c.w.cfg.DeleteStatus != 0 {
		return reply{status: c.w.cfg.DeleteStatus}
	}
	return ok(map[string]string{"message": "Success"})
}

func cancelDeleteAccount(c *call) reply {
	return c.lifecycle(func(s *state) bool {
		changed := s.deletion
		s.account, s.deletion = accountActive, false
		return changed
	}, c.deleted())
}
