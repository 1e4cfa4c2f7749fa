package trends

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/index"
)

// Query asks for the lines of one app, or of everybody.
type Query struct {
	SourceID string
	AppID    string // "" for people by status
	Days     int    // how far back, today included; 0 for all
	Inactive int    // after how many days without use somebody is inactive; the nearest of domain.InactiveSteps is taken
}

// Series is one line.
type Series struct {
	Name  string // stable: "seats", "active", "inactive", "never", "invited", "unknown", or a status
	Title string
}

// Point is one day that was counted.
type Point struct {
	Day      time.Time // the date, at midnight UTC
	Zone     string
	Computed bool
	Values   []int // by series
}

// Trend is the lines with what is to be said about them.
type Trend struct {
	App     domain.App // of the last day that has it; zero for everybody
	Series  []Series
	Points  []Point // oldest first; days without a sync are missing
	Step    int     // the number of days that is drawn
	Summary string  // one sentence, or two
	Zone    string  // in which the days were counted; of the last one
	Zones   int     // how many different ones there are
}

// maxDays bounds how far back a question goes: more than a century.
const maxDays = 40_000

// Trend reads the lines.
func (s *Service) Trend(ctx context.Context, q Query) (Trend, error) {
	if q.Days < 0 || q.Days > maxDays {
		return Trend{}, &domain.Error{Code: domain.Invalid, Field: "days", Message: "A trend can go back 1 to " + strconv.Itoa(maxDays) + " days."}
	}
	var from time.Time
	if q.Days > 0 {
		y, m, d := time.Now().Date()
		from = time.Date(y, m, d-q.Days+1, 0, 0, 0, 0, time.UTC)
	}
	app := q.AppID
	if app == "" {
		app = "-" // no app has this id: the totals suffice
	}
	days, err := s.o.Store.Days(ctx, q.SourceID, from, app)
	if err != nil {
		return Trend{}, fmt.Errorf("read the trend: %w", err)
	}
	step := nearest(q.Inactive)
	t := Trend{Step: domain.InactiveSteps[step]}
	if q.AppID == "" {
		t.people(days)
	} else {
		t.app(days, step)
	}
	zones := map[string]bool{}
	for _, p := range t.Points {
		zones[p.Zone] = true
		t.Zone = p.Zone
	}
	t.Zones = len(zones)
	t.Summary = t.summary()
	return t, nil
}

// Gone gives the apps that are no longer there, but of which days are kept: a trend can still be drawn of them.
func (s *Service) Gone(ctx context.Context, sourceID string) ([]domain.GoneApp, error) {
	apps, err := s.o.Store.GoneApps(ctx, sourceID)
	if err != nil {
		return nil, fmt.Errorf("read the apps of the trends: %w", err)
	}
	return apps, nil
}

// nearest gives the step nearest to a number of days, the smaller one of two.
func nearest(days int) int {
	best := 0
	for i, step := range domain.InactiveSteps {
		if abs(step-days) < abs(domain.InactiveSteps[best]-days) {
			best = i
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

func (t *Trend) people(days []domain.DayCounts) {
	t.Series = []Series{
		{"people", "People"}, {string(domain.StatusActive), "Active"}, {string(domain.StatusInvited), "Invited"},
		{string(domain.StatusSuspended), "Suspended"}, {string(domain.StatusDeactivated), "Deactivated"},
	}
	for _, d := range days {
		t.Points = append(t.Points, Point{d.Day, d.Zone, d.Computed, []int{
			d.People(), d.Status[domain.StatusActive], d.Status[domain.StatusInvited], d.Status[domain.StatusSuspended], d.Status[domain.StatusDeactivated],
		}})
	}
}

func (t *Trend) app(days []domain.DayCounts, step int) {
	t.Series = []Series{{"seats", "Have access"}, {"active", "Active"}, {"inactive", "Inactive"}, {"never", "Never used"}}
	invited, unknown := false, false // lines only where there is somebody
	for _, d := range days {
		for _, c := range d.Apps {
			invited, unknown = invited || c.Invited > 0, unknown || c.Unknown > 0
		}
	}
	if invited {
		t.Series = append(t.Series, Series{"invited", "Invited"})
	}
	if unknown {
		t.Series = append(t.Series, Series{"unknown", "Use not known"})
	}
	for _, d := range days {
		for _, c := range d.Apps {
			t.App = c.App
			values := []int{c.People, c.Active[step], c.Inactive(step), c.Never}
			if invited {
				values = append(values, c.Invited)
			}
			if unknown {
				values = append(values, c.Unknown)
			}
			t.Points = append(t.Points, Point{d.Day, d.Zone, d.Computed, values})
		}
	}
}

// summary says in a sentence what the lines show.
func (t *Trend) summary() string {
	if len(t.Points) == 0 {
		return ""
	}
	first, last := t.Points[0], t.Points[len(t.Points)-1]
	what := "Everybody"
	if t.App.AppID != "" {
		what = index.AppLabel(t.App)
	}
	text := fmt.Sprintf("%s: %s on %s", what, t.say(last, 0), dateWords(last.Day))
	if len(t.Points) > 1 {
		text += ", " + change(first.Values[0], last.Values[0]) + " since " + dateWords(first.Day)
	}
	text += ". " + t.say(last, 1)
	if len(t.Points) > 1 {
		text += " (" + change(first.Values[1], last.Values[1]) + ")"
	}
	text += "; " + t.say(last, 2)
	if len(t.Points) > 1 {
		text += " (" + change(first.Values[2], last.Values[2]) + ")"
	}
	return text + "."
}

// say gives one value of a point in words.
func (t *Trend) say(p Point, series int) string {
	n := domain.Thousands(p.Values[series])
	switch name := t.Series[series].Name; name {
	case "seats":
		return domain.Plural(p.Values[series], "person has access", "people have access")
	case "people":
		return domain.Plural(p.Values[series], "person", "people")
	case "active":
		if t.App.AppID != "" {
			return fmt.Sprintf("%s used it in the %d days before", n, t.Step)
		}
		return n + " active"
	case "inactive":
		return fmt.Sprintf("%s did not for %d days", n, t.Step)
	default:
		return n + " " + name
	}
}

// change says how a number has changed, in percent where there was one.
func change(from, to int) string {
	switch from {
	case to:
		return "unchanged"
	case 0:
		return "+" + domain.Thousands(to)
	}
	percent := fmt.Sprintf("%+.1f%%", 100*float64(to-from)/float64(from))
	if percent == "+0.0%" || percent == "-0.0%" {
		return fmt.Sprintf("%+d", to-from) // too small for percent, but not unchanged
	}
	return percent
}

func dateWords(day time.Time) string { return day.Format("Jan 2, 2006") }
