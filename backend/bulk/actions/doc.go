// Package actions holds the bulk actions, one file each; importing it registers them all.
//
// An action only declares and judges: protection, guard, log, settling and undo belong to package bulk, requests to the source.
package actions
