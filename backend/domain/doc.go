// Package domain holds the nouns of Seatkeeper: sources, users, groups, apps, plans, runs, and the closed set of error codes.
//
// It imports nothing but the standard library, performs no I/O and knows neither Atlassian's wire format nor the database.
package domain
