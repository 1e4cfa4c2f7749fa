// Package sqlite takes the place of github.com/glebarez/go-sqlite (go.mod says so), and so puts modernc.org/sqlite's own driver under GORM's
// dialect: it keeps prepared statements, which the other compiles again at each execution. Both name themselves "sqlite", so only one can be.
package sqlite

import "modernc.org/sqlite"

// What the dialect uses of the driver.
type (
	Driver = sqlite.Driver
	Error  = sqlite.Error // Code gives SQLite's extended result code
)
