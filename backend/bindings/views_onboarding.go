package bindings

// OnboardingView is how far Get started is.
type OnboardingView struct {
	Steps     []StepView     `json:"steps"`
	Next      string         `json:"next"`     // the step to go on with
	Complete  bool           `json:"complete"` // nothing is left to be asked
	Appears   bool           `json:"appears"`  // the page opens by itself at the start
	Welcome   bool           `json:"welcome"`  // after an upgrade
	Version   string         `json:"version"`
	Previous  string         `json:"previous"`  // the version before the upgrade, "" when not known
	Allowlist *AllowlistView `json:"allowlist"` // the last answer, null when never asked
}

// StepView is one step of Get started.
type StepView struct {
	Step      string `json:"step"` // "allowlist", "organization", "site", "domains", "sync", "done"
	Title     string `json:"title"`
	Why       string `json:"why"`
	LinkURL   string `json:"linkUrl"`
	LinkLabel string `json:"linkLabel"`
	Skippable bool   `json:"skippable"`
	State     string `json:"state"` // "open", "done", "skipped", "waiting"
}

// AllowlistView is what a site answered to this machine.
type AllowlistView struct {
	Site      string   `json:"site"`
	Verdict   string   `json:"verdict"` // "allowed", "blocked"
	Message   string   `json:"message"`
	Hint      string   `json:"hint"`
	Addresses []string `json:"addresses"` // to add to the allowlist, where they can be known
	Known     string   `json:"known"`     // how they are known, or why not
}

// DomainsView lists e-mail domains, and what a verified one changes.
type DomainsView struct {
	Organizations []OrganizationDomains `json:"organizations"`
	Rights        []RightView           `json:"rights"`
}

// OrganizationDomains are the domains of one organization.
type OrganizationDomains struct {
	SourceID string       `json:"sourceId"`
	Name     string       `json:"name"`
	Synced   bool         `json:"synced"` // the list is complete
	Domains  []DomainView `json:"domains"`
}

// DomainView is one e-mail domain.
type DomainView struct {
	Name     string `json:"name"`
	Verified bool   `json:"verified"`
}

// RightView is something that can be done with people.
type RightView struct {
	What    string `json:"what"`
	Managed bool   `json:"managed"` // only with managed accounts
}

// KeyView is how near the end of a source's key is.
type KeyView struct {
	Phase   string `json:"phase"`   // "unknown", "valid", "ending", "ended"
	Expires string `json:"expires"` // YYYY-MM-DD, "" when unknown
	Days    int    `json:"days"`    // whole days left
	Words   string `json:"words"`   // "" when unknown
}
