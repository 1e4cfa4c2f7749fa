// Package formats holds the report formats, one file each; importing it registers them all.
//
// A format only encodes; files and their safety belong to package report.
package formats
