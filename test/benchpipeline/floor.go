package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// floor is the processor time below which no way of doing it gets: the engines alone, one process for all files with one
// thread, and for each document two requests to WordPress that do nothing.
type floor struct {
	recognition, mupdf time.Duration // of the mix
	request            time.Duration // one that does nothing: nginx, PHP and MariaDB
}

// requestsEach is what a document needs at least: to be asked for, and to be answered.
const requestsEach = 2

func measureFloor(ctx context.Context, b *bed, m mix) (floor, error) {
	recognition, err := engine(ctx, strings.Join(m.paths(image), "\n")+"\n", "tesseract", "stdin", "stdout", "-l", "eng", "--psm", "3")
	if err != nil {
		return floor{}, err
	}
	mupdf, err := engine(ctx, "", append([]string{"mutool", "draw", "-q", "-F", "txt", "-o", os.DevNull}, m.paths(pdf)...)...)
	if err != nil {
		return floor{}, err
	}
	f := floor{recognition: recognition, mupdf: mupdf}
	count := requestsEach * len(m.docs)
	before, err := b.use()
	if err != nil {
		return f, err
	}
	for range count {
		if err := b.doNothing(ctx); err != nil {
			return f, err
		}
	}
	after, err := b.use()
	if err != nil {
		return f, err
	}
	spent := after.since(before)
	f.request = (spent.nginx + spent.php + spent.mariadb) / time.Duration(count)
	return f, nil
}

// engine runs a program once over all files and returns its processor time.
func engine(ctx context.Context, stdin string, args ...string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Env = strings.NewReader(stdin), append(os.Environ(), "OMP_THREAD_LIMIT=1")
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("%s: %w: %.300s", args[0], err, said.String())
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

func (b *bed) doNothing(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.URL+"/wp-json/bench/v1/nothing", strings.NewReader("{}"))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the route that does nothing answered %d", resp.StatusCode)
	}
	return nil
}

func medianFloor(all []floor) floor {
	of := func(what func(floor) time.Duration) time.Duration {
		var s bench.Sample
		for _, f := range all {
			s = append(s, what(f))
		}
		return s.Median()
	}
	return floor{recognition: of(func(f floor) time.Duration { return f.recognition }), mupdf: of(func(f floor) time.Duration { return f.mupdf }),
		request: of(func(f floor) time.Duration { return f.request })}
}

// total is the processor time that a mix, with images or without, takes at least.
func (f floor) total(m mix) time.Duration {
	sum := f.mupdf + f.request*time.Duration(requestsEach*len(m.docs))
	if len(m.paths(image)) > 0 {
		sum += f.recognition
	}
	return sum
}

// rate is in documents a minute, all cores busy.
func (f floor) rate(m mix) float64 {
	return float64(len(m.docs)) * float64(runtime.NumCPU()) / f.total(m).Minutes()
}

func (f floor) markdown(m mix) string {
	rest := m.without(image)
	return fmt.Sprintf("\nThe floor, in the same run: recognition of the %d images %.2f CPU s and the text of the %d PDFs by MuPDF %.2f CPU s, one process of one thread each; "+
		"a request that does nothing %.4f CPU s, %d a document. With all cores busy that is %.0f documents a minute, and %.0f without the images.\n",
		len(m.paths(image)), f.recognition.Seconds(), len(m.paths(pdf)), f.mupdf.Seconds(), f.request.Seconds(), requestsEach, f.rate(m), f.rate(rest))
}
