package bench

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Main runs a measurement with the program's arguments until it ends or the program is told to; an error ends the program with 1.
func Main(name string, run func(ctx context.Context, args []string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}
