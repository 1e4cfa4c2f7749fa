package bindings

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/export"
	"seatkeeper/backend/people/directory"
)

// changed is the payload of events that say only what has to be read again.
type changed struct {
	SourceID string `json:"sourceId"`
}

// View converts an event of the bus for the page; name is "" for what the page need not know. Lists follow the index,
// so the page learns of new people when the index has taken them in, not when the local copy has.
func View(e events.Event) (name string, payload any) {
	switch e.Topic {
	case events.PeopleChanged:
		if e.SourceID != "" {
			return "", nil
		}
	case directory.Indexed:
		return string(events.PeopleChanged), changed{SourceID: e.SourceID}
	default: // the others go to the page under their own name
	}
	switch p := e.Payload.(type) {
	case domain.Sync:
		return string(e.Topic), syncView(p)
	case domain.Run:
		return string(e.Topic), runView(p)
	case domain.RecheckProgress:
		return string(e.Topic), RecheckProgress(p)
	case export.Progress:
		return string(e.Topic), exportProgress(p)
	case events.SilencePayload:
		return string(e.Topic), SilenceView(p)
	case events.NoticePayload:
		return string(e.Topic), NoticeView(p)
	default:
		return string(e.Topic), changed{SourceID: e.SourceID}
	}
}
