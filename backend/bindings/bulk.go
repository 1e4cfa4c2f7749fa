package bindings

// Bulk is bulk actions: plan, confirm, steer, undo.
type Bulk struct{ *desk }

// Actions lists the actions with whether the source can do them.
func (x *Bulk) Actions(sourceID string) ([]ActionView, error) { panic("unbuilt") }

// Preview stores a plan over the selected people.
func (x *Bulk) Preview(req PlanRequest) (PlanView, error) { panic("unbuilt") }

// Plan reads a stored plan.
func (x *Bulk) Plan(planID string) (PlanView, error) { panic("unbuilt") }

// Changes reads a page of a plan.
func (x *Bulk) Changes(q ChangeQuery) (ChangePage, error) { panic("unbuilt") }

// Discard deletes a plan that was not run.
func (x *Bulk) Discard(planID string) error { panic("unbuilt") }

// Confirm starts the run of a plan, once; hash is what the operator saw, typed the number of changes where it must be typed.
func (x *Bulk) Confirm(planID, hash, typed string) (RunView, error) { panic("unbuilt") }

// Pause pauses a run after the calls under way.
func (x *Bulk) Pause(runID string) error { panic("unbuilt") }

// Resume goes on with a paused run.
func (x *Bulk) Resume(runID string) error { panic("unbuilt") }

// Stop ends a run after the calls under way; the rest is not started.
func (x *Bulk) Stop(runID string) error { panic("unbuilt") }

// PreviewUndo stores a plan that takes a run back.
func (x *Bulk) PreviewUndo(runID string) (PlanView, error) { panic("unbuilt") }
