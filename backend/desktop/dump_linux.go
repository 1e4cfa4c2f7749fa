package desktop

import "golang.org/x/sys/unix"

// undumpable keeps the kernel from handing memory to a program that collects crashes, which a limit of 0 does not, and other programs of the
// user from reading it. What the window starts is dumpable again; the limit holds for it.
func undumpable() { _ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }
