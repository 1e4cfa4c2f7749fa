package domain

import "time"

// InactiveSteps are the numbers of days for which trends are kept: a threshold that an admin chooses later can still be drawn for the
// past, when it is one of these.
var InactiveSteps = [...]int{7, 14, 30, 45, 60, 90, 120, 180, 270, 365, 540, 730}

// AppCounts counts the people who may open one app at one site, on one day.
type AppCounts struct {
	App         App // of a day in the past only with AppID, Key, Name, SiteName and SiteURL
	People      int
	Never       int                     // certainly never active
	Unknown     int                     // activity could not be read
	Invited     int                     // by status, whatever their activity; so are the next two
	Suspended   int                     //
	Deactivated int                     //
	Active      [len(InactiveSteps)]int // by step: whose last activity was at most so many days ago
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
