package domain

// Profile is what a person's profile tells in texts, each "" where it is not set or not visible.
type Profile struct {
	Department   string
	JobTitle     string
	Location     string
	Organization string // free text, not the Atlassian organization
	TimeZone     string
}

// ProfileText is one text of the profile. The local copy, the people list, the filter fields and the exports follow
// ProfileTexts: another text is a field of Profile, an entry here, a column in a migration, and what its source reads.
type ProfileText struct {
	Column  string // in the local copy
	Name    string // in the filter language and in exports
	Aliases []string
	Label   string // for the user
	Docs    string
	Example string // a filter
	Width   int    // in an export
	Of      func(p *Profile) *string
}

// ProfileTexts are all of them, in the order in which they are shown.
var ProfileTexts = []ProfileText{
	{
		Column: "department", Name: "department", Label: "Department", Width: 20,
		Docs:    "The department in the person's profile, where it is set and visible.",
		Example: `department = "Sales"`,
		Of:      func(p *Profile) *string { return &p.Department },
	},
	{
		Column: "job_title", Name: "jobTitle", Aliases: []string{"title"}, Label: "Job title", Width: 24,
		Docs:    "The job title in the person's profile, where it is set and visible.",
		Example: `jobTitle ~ "manager"`,
		Of:      func(p *Profile) *string { return &p.JobTitle },
	},
	{
		Column: "location", Name: "location", Label: "Location", Width: 18,
		Docs:    "The location in the person's profile, where it is set and visible.",
		Example: `location is not empty`,
		Of:      func(p *Profile) *string { return &p.Location },
	},
	{
		Column: "organization", Name: "organization", Aliases: []string{"company"}, Label: "Organization", Width: 20,
		Docs: "The organization in the person's profile, where it is set and visible. " +
			"It is free text and not the Atlassian organization.",
		Example: `organization ~ "contractor"`,
		Of:      func(p *Profile) *string { return &p.Organization },
	},
	{
		Column: "time_zone", Name: "timeZone", Label: "Time zone", Width: 18,
		Docs:    "The time zone in the person's profile, where it is set and visible.",
		Example: `timeZone ~ "Europe"`,
		Of:      func(p *Profile) *string { return &p.TimeZone },
	},
}
