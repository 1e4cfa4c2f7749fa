package main

import (
	"bytes"
	"context"
	"os/exec"
	"sync/atomic"
)

// account is what one step of test has cost and, where it runs beside others, what its programs have said: that is shown in one piece.
type account struct {
	said  *bytes.Buffer // nil: shown at once
	spent atomic.Int64  // processor time, in nanoseconds
}

type accountKey struct{}

func accountOf(ctx context.Context) *account {
	if a, ok := ctx.Value(accountKey{}).(*account); ok {
		return a
	}
	return &account{}
}

// behind makes a program give way to others, where the system has nice: the walks beside it are shown to be quick.
func behind(name string, args []string) (string, []string) {
	if _, err := exec.LookPath("nice"); err != nil {
		return name, args
	}
	return "nice", append([]string{"-n", "10", name}, args...)
}

// spend adds the processor time of a program that has ended, with that of the programs which it has started and awaited.
func (a *account) spend(cmd *exec.Cmd) {
	if p := cmd.ProcessState; p != nil {
		a.spent.Add(int64(p.UserTime() + p.SystemTime()))
	}
}
