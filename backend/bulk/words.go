package bulk

import (
	"strings"

	"seatkeeper/backend/domain"
)

// Sentence says what a plan will do, like "Suspend access of 214 people in Acme.", for the preview.
func Sentence(p domain.Plan, sourceName string) string {
	a, ok := ActionOf(p.Action)
	if !ok {
		return ""
	}
	return a.Sentence(p, peopleOf(p)) + " in " + sourceName + "."
}

// ButtonLabel is the text of the button that confirms a plan: "Suspend 214 people".
func ButtonLabel(p domain.Plan) string {
	a, ok := ActionOf(p.Action)
	if !ok {
		return ""
	}
	return a.Verb + " " + peopleOf(p)
}

func peopleOf(p domain.Plan) string {
	a, ok := ActionOf(p.Action)
	if !ok {
		return ""
	}
	return a.Subject.Counted(p.People)
}

// CanUndo tells whether PlanUndo makes sense for a run, and else why not. A run that was undone can be undone again:
// the first undo may have been stopped half way, and people who are back already are left out.
func CanUndo(r domain.Run) (ok bool, why string) {
	a, known := ActionOf(r.Action)
	switch {
	case !known || a.Inverse == "":
		return false, "This action cannot be undone."
	case stillOpen(r) != "":
		return false, stillOpen(r)
	case r.Counts[domain.ItemDone] == 0:
		return false, "Nothing was changed."
	}
	return true, ""
}

// quoted names a state within a sentence.
func quoted(s domain.State) string { return domain.Quote(s.Words()) }

// stillOpen says why it is not known yet what a run has done, "" when it is. A run that was stopped still waits for its
// last calls: a plan about what it did would leave out whom these change.
func stillOpen(r domain.Run) string {
	switch {
	case r.Active():
		return "The run is not over yet."
	case r.Counts[domain.ItemIntent] > 0:
		return "It is not known yet what became of the run's last calls. Try again in a moment."
	}
	return ""
}

// what names those whom an action is about.
func (a Action) what() string { return strings.TrimPrefix(a.Subject.Counted(0), "0 ") }
