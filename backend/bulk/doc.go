// Package bulk changes many people or groups safely: it plans, guards, runs, resumes and undoes bulk actions.
//
// It makes no request of its own and writes no SQL: actions call the source's capabilities, and a small store keeps
// plans and runs.
//
// # What a run promises
//
// A plan is stored with all its changes before anybody is asked, and a run does exactly its plan. Each item goes
// through
//
//	planned -> (fresh read) -> already | skipped | intent -> done | refused | planned again
//	                                               intent -> no clear answer -> two equal reads -> done | planned again | unknown
//
// Intent is on disk before the request is handed on, so that after a crash at most as many items are ambiguous as calls
// were under way. An item that is found in intent is never sent again before two equal reads have proven that the
// change is absent; and that happens only once, because every action here sets a state rather than adding to one. What
// reads cannot settle is called unknown, never done. Successes are read back, ten people or groups at a time: one that
// reading disproves becomes unknown and pauses the run. Atlassian offers no idempotency key, so "exactly once" is not
// promised: nobody could keep it.
//
// # What a plan goes by
//
// A plan is made from the local copy. What runs of the source changed is read again into the copy only after it was
// read back, so until then the copy is behind: for those people and groups the plan goes by the runs' own record
// (record.go). "Already so" leads to no call, hence it is said only by a reading that began after the change could be
// seen. What an ended program had not read again is taken up at the next start, and whenever a plan is made.
//
// # Several actions in order
//
// Actions in order are an action too (steps.go): "group.remove_member+user.suspend". Each step is judged as if the ones
// before were done. A run begins a step when the one before is over and read back (barrier.go); whoever did not get
// through it is left out, with the reason. An undo goes the other way round. An action may also plan changes that name
// other actions: "access.remove" takes people out of groups and takes roles away, and each of these knows how to read,
// apply and take back its own change.
//
// # What stops a plan
//
// Guards ask for a confirmation, stop, or block. A plan stops when it, with the last day's runs of the same action,
// changes more than 25 % of the people or groups of its source, or 5 % where an undo does not give everything back;
// never for up to ten, or five. Who is so already or protected does not count, nor does whom a later run gave back. It
// goes on only by Raise: words that are typed and a reason, for this plan alone, kept with the run. Undoing what took
// from people is not stopped, so that a mass mistake can be repaired at once; undoing what gave is. Confirm looks again
// at what ran since the preview, so that plans made side by side do not add up unseen.
package bulk
