// Package trends keeps one small row of counts for each day, source and app, and makes lines of them.
//
// It counts nothing itself: package directory does, by the sums that also make the tiles, so that today's row equals
// today's tiles. A day without a sync has no row; nothing is filled in.
package trends
