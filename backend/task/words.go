package task

import "seatkeeper/backend/domain"

// Words tell what a run does and how it ended. Only codes are stored, so that a sentence can be worded better at any time.
func Words(kind string, r domain.TaskRun) (what, result string) {
	k, _ := Kinds.Get(kind)
	if what = k.Parts[r.Part]; what == "" {
		what = k.Title
	}
	result = outcomeWords[r.Outcome]
	switch {
	case r.Outcome == domain.TaskMissed && missedWords[r.Reason] != "":
		result += ": " + missedWords[r.Reason]
	case r.Outcome == domain.TaskFailed && failedWords[domain.Code(r.Reason)] != "":
		result += ": " + failedWords[domain.Code(r.Reason)]
	}
	return what, result
}

var outcomeWords = map[domain.TaskOutcome]string{
	domain.TaskRunning:     "Running",
	domain.TaskDone:        "Done",
	domain.TaskFailed:      "Failed",
	domain.TaskStopped:     "Stopped",
	domain.TaskInterrupted: "Not finished: Seatkeeper ended first",
	domain.TaskMissed:      "Missed",
}

var missedWords = map[string]string{
	domain.MissedAway:    "the computer slept, or Seatkeeper did not run",
	domain.MissedPaused:  "the source was paused",
	domain.MissedLocked:  "the keys were locked",
	domain.MissedBusy:    "something else was under way",
	domain.MissedChanged: "the schedule was changed first",
}

var failedWords = map[domain.Code]string{
	domain.Invalid:     "a setting is wrong",
	domain.NotFound:    "something is not there any more",
	domain.Conflict:    "something else was under way",
	domain.Forbidden:   "the key may not do this",
	domain.AuthFailed:  "the key is wrong, expired or revoked",
	domain.RateLimited: "Atlassian asked to wait",
	domain.Unreachable: "Atlassian could not be reached",
	domain.Unsupported: "this source cannot do this",
	domain.Stale:       "the local copy is too old",
	domain.Cancelled:   "it was stopped",
	domain.Internal:    "something went wrong in Seatkeeper or on this computer",
}
