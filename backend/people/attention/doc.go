// Package attention says what an admin should look at today: about the connection, the local copy, runs, groups and
// people of a source.
//
// It changes nothing and keeps nothing but what was put aside for today. Each number is the length of the list that it
// opens, because it is counted by that list's own filter.
package attention
