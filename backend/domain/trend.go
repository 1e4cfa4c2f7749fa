package domain

import "time"

// InactiveSteps are the numbers of days for which trends are kept: a threshold that an admin chooses later can still be drawn for the
// past, when it is one of these.
var InactiveSteps = [...]int{7, 14, 30, 45, 60, 90, 120, 180, 270, 365, 540, 730}

// AppCounts counts the people of one app at one site, on one day.
type AppCounts struct {
	App         App // of a day in the past only with AppID, Key, Name, SiteName and SiteURL
	People      int // who may open it: neither suspended nor deactivated
	Never       int // of People: certainly never active
	Unknown     int // of People: activity could not be read
	Invited     int // of People, and in none of the others
	Suspended   int // beside People; so is the next one
	Deactivated int
	Active      [len(InactiveSteps)]int // of People, by step: whose last activity was at most so many days ago
}

// Inactive counts those of People whose last activity was longer ago than a step.
func (c AppCounts) Inactive(step int) int {
	return c.People - c.Never - c.Unknown - c.Invited - c.Active[step]
}

// DayCounts is what was counted at one source on one day. Over its apps a person counts as often as there are apps.
type DayCounts struct {
	SourceID string
	Day      time.Time // the date, at midnight UTC; which moment belongs to which date is said by Zone
	TakenAt  time.Time
	Zone     string // time zone in which the day was counted, such as "CET (UTC+01:00)"
	Computed bool   // worked out later from the dates of today's people, not counted on that day: in the demo organization only
	Groups   int
	Status   map[Status]int // people by status
	Apps     []AppCounts    // by site and name
}

// GoneApp is an app that was counted on earlier days but not on the newest one.
type GoneApp struct {
	App  App
	Last time.Time // the last day that has it, at midnight UTC
}

// People is how many people there were, whatever their status.
func (d DayCounts) People() int {
	n := 0
	for _, of := range d.Status {
		n += of
	}
	return n
}
