package bindings

import (
	"context"
	"strconv"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/export"
	"seatkeeper/backend/people/attention"
	"seatkeeper/backend/people/trends"
	"seatkeeper/backend/report"
)

// Overview is what the overview shows beside its tiles: trends, and what needs attention.
type Overview struct{ *core }

// inactiveSetting keeps after how many days without use somebody counts as inactive.
const (
	inactiveSetting = "inactive_days"
	inactiveDefault = 90
	inactiveMost    = 3650
)

// Days gives after how many days without use somebody counts as inactive, and for which numbers of days trends are
// kept.
func (x *Overview) Days() (InactiveDays, error) {
	return call(x.core, "Overview.Days", func(ctx context.Context, s *Services) (InactiveDays, error) {
		v := InactiveDays{Days: inactiveDefault, Steps: domain.InactiveSteps[:]}
		text, err := s.Settings.Setting(ctx, inactiveSetting)
		if domain.CodeOf(err) == domain.NotFound {
			return v, nil
		}
		if days, bad := strconv.Atoi(text); bad == nil && checkDays(days) == nil {
			v.Days = days
		}
		return v, err
	})
}

// SetDays keeps that number of days.
func (x *Overview) SetDays(days int) error {
	return do(x.core, "Overview.SetDays", func(ctx context.Context, s *Services) error {
		if err := checkDays(days); err != nil {
			return err
		}
		return s.Settings.SetSetting(ctx, inactiveSetting, strconv.Itoa(days))
	})
}

func checkDays(days int) error {
	if days < 1 || days > inactiveMost {
		return &domain.Error{Code: domain.Invalid, Field: "days", Message: "The number of days must be between 1 and 3,650."}
	}
	return nil
}

// Trend gives the lines of one app, or of everybody.
func (x *Overview) Trend(q TrendQuery) (TrendView, error) {
	return call(x.given(q), "Overview.Trend", func(ctx context.Context, s *Services) (TrendView, error) {
		t, err := s.Trends.Trend(ctx, trends.Query(q))
		if err != nil {
			return TrendView{}, err
		}
		return TrendView{
			Series: list(t.Series, func(v trends.Series) TrendSeries { return TrendSeries(v) }),
			Points: list(t.Points, func(p trends.Point) TrendPoint {
				return TrendPoint{Day: date(p.Day), Computed: p.Computed, Values: list(p.Values, func(n int) int { return n })}
			}),
			Step: t.Step, Summary: domain.Visible(t.Summary), Zone: t.Zone, Zones: t.Zones,
		}, nil
	})
}

// GoneApps gives the apps that are no longer there, but of which a trend is kept.
func (x *Overview) GoneApps(sourceID string) ([]GoneApp, error) {
	return call(x.given(sourceID), "Overview.GoneApps", func(ctx context.Context, s *Services) ([]GoneApp, error) {
		apps, err := s.Trends.Gone(ctx, sourceID)
		return list(apps, func(g domain.GoneApp) GoneApp {
			return GoneApp{AppID: g.App.AppID, App: g.App.Name, Site: g.App.SiteName, Last: date(g.Last)}
		}), err
	})
}

// ExportTrend writes the days of a trend to a file that the operator chooses; a cancelled dialog gives an empty path.
func (x *Overview) ExportTrend(q TrendQuery, format string) (Exported, error) {
	return call(x.given(q, format), "Overview.ExportTrend", func(ctx context.Context, s *Services) (Exported, error) {
		return x.writeList(ctx, s, q.SourceID, "trend", format, func(to report.Place, f report.Format, source string) (int, error) {
			t, err := s.Trends.Trend(ctx, trends.Query(q))
			if err != nil {
				return 0, err
			}
			return export.WriteTrend(ctx, to, f, source, t)
		})
	})
}

// Attention tells what needs attention at a source, the worst first.
func (x *Overview) Attention(sourceID string, inactiveDays int) (AttentionView, error) {
	return call(x.given(sourceID), "Overview.Attention", func(ctx context.Context, s *Services) (AttentionView, error) {
		if err := checkDays(inactiveDays); err != nil {
			return AttentionView{}, err
		}
		r, err := s.Attention.Report(ctx, sourceID, inactiveDays)
		return AttentionView{Items: list(r.Items, attentionItem), Hidden: list(r.Hidden, attentionItem)}, err
	})
}

// PutAside hides something that needs attention until tomorrow, or shows it again.
func (x *Overview) PutAside(sourceID, kind string, hide bool) error {
	return do(x.given(sourceID, kind), "Overview.PutAside", func(ctx context.Context, s *Services) error {
		return s.Attention.PutAside(ctx, sourceID, kind, hide)
	})
}

func attentionItem(it attention.Item) AttentionItem {
	return AttentionItem{
		Kind: it.Kind, Level: string(it.Level), Title: domain.Visible(it.Title), Hint: domain.Visible(it.Hint), Count: it.Count, Page: string(it.Page), Filter: it.Filter, Query: texts(it.Query),
	}
}
