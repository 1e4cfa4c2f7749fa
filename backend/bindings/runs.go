package bindings

// Runs is run logs.
type Runs struct{ *desk }

// List lists runs, newest first.
func (x *Runs) List(q RunQuery) (RunPage, error) { panic("unbuilt") }

// Run reads one run.
func (x *Runs) Run(runID string) (RunView, error) { panic("unbuilt") }

// Items reads a page of results.
func (x *Runs) Items(q ItemQuery) (ItemPage, error) { panic("unbuilt") }

// Item reads one result with what was asked and answered.
func (x *Runs) Item(runID string, seq int) (ItemDetails, error) { panic("unbuilt") }

// Export writes a run to a file that the operator chooses; format is "json" or "csv".
func (x *Runs) Export(runID, format string) (Exported, error) { panic("unbuilt") }

// Delete deletes runs that have ended and returns how many.
func (x *Runs) Delete(runIDs []string) (int, error) { panic("unbuilt") }
