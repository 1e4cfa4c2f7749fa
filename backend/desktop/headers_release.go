//go:build !dev

package desktop

// devConnect is empty in a released program.
const devConnect = ""
