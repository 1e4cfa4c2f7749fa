//go:build dev || bindings

package desktop

import "flag"

// toolFlags accepts the flags by which Wails' own tools start the program; Wails reads them itself.
func toolFlags(set *flag.FlagSet) {
	for _, name := range []string{
		"assetdir", "devserver", "frontenddevserverurl", "loglevel", "tsprefix", "tssuffix", "tsoutputtype",
	} {
		set.String(name, "", "")
	}
}
