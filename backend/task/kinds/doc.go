// Package kinds holds the kinds of task, one file each; importing it registers them all.
//
// A kind only declares and does its work: due times, claims, retries, history and words belong to package task.
package kinds
