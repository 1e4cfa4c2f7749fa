package main

import (
	"os"
	"os/exec"
	"time"
)

// patience is how long a program may take to end after it was asked to.
const patience = 10 * time.Second

// endGently lets the end of a command's context interrupt the program before it is killed, where the system can do that.
func endGently(cmd *exec.Cmd) {
	cmd.WaitDelay = patience
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
}
