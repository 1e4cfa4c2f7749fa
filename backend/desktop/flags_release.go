//go:build !dev && !bindings

package desktop

import "flag"

// toolFlags adds nothing: a released program knows its own flags only.
func toolFlags(*flag.FlagSet) {}
