package chaos

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// allAlive is an error where an agent has ended that nobody had ended.
func (w *World) allAlive() error {
	var errs []error
	for _, a := range w.everybody() {
		if !a.Alive() {
			code, _ := a.Wait(time.Second)
			errs = append(errs, fmt.Errorf("%s ended by itself with %d", a.Name, code))
		}
	}
	return errors.Join(errs...)
}

// settle waits until no job is open any more.
func (w *World) settle(ctx context.Context) error {
	var last int64 = -1
	for {
		open, err := w.Site.Number("SELECT COUNT(*) FROM {p}aidoc_jobs WHERE state IN ('queued','leased')")
		if err != nil {
			return err
		}
		if open == 0 {
			return nil
		}
		if open != last {
			w.Say("%d jobs are open", open)
			last = open
		}
		if pause(ctx, time.Second); ctx.Err() != nil {
			return nil // what is still open is lost: Verify says so
		}
	}
}

// StopAll lets every agent end in peace and reads its journal.
func (w *World) StopAll() error {
	var errs []error
	for _, a := range w.everybody() {
		if a.Alive() {
			errs = append(errs, a.Signal(syscall.SIGTERM, false))
		}
	}
	for _, a := range w.everybody() {
		code, err := a.Wait(time.Minute)
		switch {
		case err != nil:
			errs = append(errs, err)
		case code > 0:
			errs = append(errs, fmt.Errorf("%s ended with %d after SIGTERM", a.Name, code))
		}
		errs = append(errs, a.ReadJournal())
	}
	return errors.Join(errs...)
}

// Refresh ends all agents in peace and starts them again: what they learned in the turmoil (a doorbell that does not
// work, long pauses) is forgotten.
func (w *World) Refresh(ctx context.Context) error {
	if err := w.StopAll(); err != nil {
		return err
	}
	for _, a := range w.everybody() {
		if err := a.Start(); err != nil {
			return err
		}
	}
	now := time.Now()
	for _, a := range w.everybody() {
		if err := w.awaitContact(ctx, a, now); err != nil {
			return err
		}
	}
	return nil
}
