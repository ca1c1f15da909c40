package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// asAfterBoot copies the program at from to the file to and drops the copy from the kernel's cache, so that the kernel reads it as after the
// machine's start: page by page as it is used. A file that was just linked lies in the cache in pieces of up to 2 MiB, which newer kernels map whole.
func asAfterBoot(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("the agent to measure: %w", err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	if err := out.Sync(); err != nil { // what is not on the disk yet cannot be dropped
		return err
	}
	return unix.Fadvise(int(out.Fd()), 0, 0, unix.FADV_DONTNEED)
}
