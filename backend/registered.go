package backend

// Everything that registers itself at start. A new kind of source, action, field or format needs at most a line here.
import (
	_ "seatkeeper/backend/bulk/actions"
	_ "seatkeeper/backend/people/fields"
	_ "seatkeeper/backend/report/formats"
	_ "seatkeeper/backend/source/atlassianorg"
	_ "seatkeeper/backend/source/jiracloud"
	_ "seatkeeper/backend/source/jiradc"
	_ "seatkeeper/backend/task/kinds"
)
