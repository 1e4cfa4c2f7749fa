package sim

// DataCenterConfig says what the Data Center instances of a world are like. The zero value is a present version with Atlassian's settings.
type DataCenterConfig struct {
	NoUserList     bool // an older version without user/list: only the search lists people, and it ends after 1,000
	SearchShows    int  // the most people that user/search shows, whatever page is asked for; 0 is 1,000
	PickerLimit    int  // jira.ajax.autocomplete.limit, the most groups that groups/picker shows; 0 is 1,000, Atlassian's own default is 20
	ListPage       int  // the largest page of user/list; 0 is 2,000
	MemberPage     int  // the largest page of group/member; 0 is 50
	ReadOnlyStatus int  // status for changing somebody of a read-only directory; 0 is 400
	Server         bool // deploymentType "Server": the same program with the older license
}

const (
	maxDataCenters = 5
	dcContext      = "/jira"
)

func (c DataCenterConfig) withDefaults() DataCenterConfig {
	if c.SearchShows == 0 {
		c.SearchShows = maxSearchable
	}
	if c.PickerLimit == 0 {
		c.PickerLimit = 1000
	}
	if c.ListPage == 0 {
		c.ListPage = 2000
	}
	if c.MemberPage == 0 {
		c.MemberPage = 50
	}
	if c.ReadOnlyStatus == 0 {
		c.ReadOnlyStatus = 400
	}
	return c
}
