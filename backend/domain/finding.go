package domain

// Passed adds a check that is fine.
func (r *TestResult) Passed(check, title, message string) {
	r.Findings = append(r.Findings, Finding{Check: check, Title: title, State: FindingOK, Message: message})
}

// Warned adds a check that leaves the source usable, but not fully or not for long.
func (r *TestResult) Warned(check, title, message, hint string) {
	r.Findings = append(r.Findings, Finding{Check: check, Title: title, State: FindingWarning, Message: message, Hint: hint})
}

// Failed adds a check that failed, with the error's own sentences.
func (r *TestResult) Failed(check, title string, err error) {
	e := AsError(err)
	r.Findings = append(r.Findings, Finding{
		Check: check, Title: title, State: FindingFailed, Message: e.Message, Hint: e.Hint, Code: e.Code, Reason: e.Reason,
	})
}

// Skipped adds a check that was not made because an earlier one failed.
func (r *TestResult) Skipped(check, title string) {
	r.Findings = append(r.Findings, Finding{Check: check, Title: title, State: FindingSkipped, Message: "Not checked."})
}

// Finding gives the finding of that check.
func (r *TestResult) Finding(check string) (Finding, bool) {
	for _, f := range r.Findings {
		if f.Check == check {
			return f, true
		}
	}
	return Finding{}, false
}
