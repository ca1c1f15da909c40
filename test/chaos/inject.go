package chaos

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"time"
)

// Run feeds the site and does to it and to its agents what the size says; it returns when the agents are all well
// again and everything that was accepted has ended, or when ctx ends.
func (w *World) Run(ctx context.Context) error {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, w.Limit)
	defer cancel()
	for _, a := range w.everybody() {
		if err := a.Start(); err != nil {
			return err
		}
	}
	if err := w.skewClocks(ctx); err != nil {
		return err
	}
	fed, healed := make(chan error, 1), make(chan error, 1)
	go func() {
		pause(ctx, w.Wrong)
		healed <- w.healClocks()
	}()
	go func() { fed <- w.feed(ctx, w.Jobs) }()
	w.Proxy.StartFaults()
	w.Say("faults are on: %.0f %% of all exchanges", 100*w.Plan.Rate)
	if err := w.injectAll(ctx); err != nil {
		return err
	}
	err := <-fed
	w.Proxy.StopFaults()
	w.Say("the worst is over after %v; what is left must come to an end", time.Since(began).Round(time.Second))
	if rerr := w.allAlive(); err == nil {
		err = rerr
	}
	if herr := <-healed; err == nil {
		err = herr
	}
	if serr := w.settle(ctx); err == nil {
		err = serr
	}
	w.mu.Lock()
	w.facts.Took = time.Since(began)
	w.mu.Unlock()
	return err
}

// injectAll injects all faults in random order, one every so often, and waits until all have been made up for.
func (w *World) injectAll(ctx context.Context) error {
	type fault struct {
		name string
		do   func(context.Context) error
	}
	var faults []fault
	add := func(n int, name string, do func(context.Context) error) {
		for range n {
			faults = append(faults, fault{name, do})
		}
	}
	add(w.Kills, "kill", w.kill)
	add(w.Stops, "stop", w.stop)
	add(w.Terms, "term", w.term)
	add(w.DB, "database", func(ctx context.Context) error { return w.bounce(ctx, "MariaDB", w.db) })
	add(w.PHP, "php", func(ctx context.Context) error { return w.bounce(ctx, "php-fpm", w.php) })
	w.rng.Shuffle(len(faults), func(i, j int) { faults[i], faults[j] = faults[j], faults[i] })
	defer func() { // nothing more is injected: the rest may be uploaded
		w.mu.Lock()
		w.begun = 1
		w.mu.Unlock()
	}()
	var wg sync.WaitGroup
	errs := make(chan error, len(faults))
	for n, f := range faults {
		w.mu.Lock()
		w.begun = float64(n+1) / float64(len(faults))
		w.mu.Unlock()
		pause(ctx, w.Every/2+time.Duration(w.rng.Int64N(int64(w.Every))))
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			if err := f.do(ctx); err != nil && ctx.Err() == nil {
				errs <- fmt.Errorf("%s: %w", f.name, err)
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs // nil where none was sent
}

// pickAgent takes an agent out of the hands of other faults, rather one that is at work; at least two others stay untouched.
func (w *World) pickAgent(ctx context.Context) *Agent {
	for try := 0; ctx.Err() == nil; try++ {
		busy := w.busy()
		w.mu.Lock()
		var free, working []*Agent
		for _, a := range w.Agents {
			if !a.faulty && a.Alive() {
				free = append(free, a)
				if busy[a.ID] {
					working = append(working, a)
				}
			}
		}
		choice := working
		if len(working) == 0 && try > 10 {
			choice = free
		}
		if len(free) > 2 && len(choice) > 0 {
			a := choice[w.rng.IntN(len(choice))]
			a.faulty = true
			w.mu.Unlock()
			return a
		}
		w.mu.Unlock()
		pause(ctx, 100*time.Millisecond)
	}
	return nil
}

// busy are the agents that hold a lease.
func (w *World) busy() map[int64]bool {
	rows, err := w.Site.SQL("SELECT DISTINCT agent_id FROM {p}aidoc_jobs WHERE state = 'leased'")
	out := map[int64]bool{}
	for _, r := range rows {
		var id int64
		if _, serr := fmt.Sscan(r[0], &id); err == nil && serr == nil {
			out[id] = true
		}
	}
	return out
}

func (w *World) release(a *Agent) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a.faulty = false
}

// dice gives a random share of 1.
func (w *World) dice() float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rng.Float64()
}

// kill is SIGKILL: of the whole group as in a power cut, or of the process alone as by the kernel when memory is short.
// Some come back at once, some when their leases are long over.
func (w *World) kill(ctx context.Context) error {
	a := w.pickAgent(ctx)
	if a == nil {
		return nil
	}
	defer w.release(a)
	all := w.dice() < 0.5
	at := time.Now()
	if err := a.Signal(syscall.SIGKILL, all); err != nil {
		return err
	}
	if _, err := a.Wait(10 * time.Second); err != nil {
		return err
	}
	w.recordDeath(a, "kill", at)
	if n := a.Orphans(10 * time.Second); n > 0 {
		w.mu.Lock()
		w.facts.Orphans = append(w.facts.Orphans, fmt.Sprintf("%d of %s", n, a.Name))
		w.mu.Unlock()
	}
	if err := a.ReadJournal(); err != nil {
		return err
	}
	rest := time.Duration(w.dice() * float64(5*time.Second))
	if w.dice() < 0.35 {
		rest = w.Pace.TTL + w.Pace.TTL/4
	}
	pause(ctx, rest)
	return a.Start()
}

// stop freezes an agent until its leases are over, then lets it go on as if nothing had happened.
func (w *World) stop(ctx context.Context) error {
	a := w.pickAgent(ctx)
	if a == nil {
		return nil
	}
	defer w.release(a)
	if err := a.Signal(syscall.SIGSTOP, true); err != nil {
		return err
	}
	w.recordDeath(a, "kill", time.Now())
	pause(context.WithoutCancel(ctx), w.Pace.TTL+w.Pace.TTL/3)
	w.mu.Lock()
	w.facts.Stops++
	w.mu.Unlock()
	return a.Signal(syscall.SIGCONT, true)
}

// term is an update or a reboot: SIGTERM, and back a little later.
func (w *World) term(ctx context.Context) error {
	a := w.pickAgent(ctx)
	if a == nil {
		return nil
	}
	defer w.release(a)
	at := time.Now()
	if err := a.Signal(syscall.SIGTERM, false); err != nil {
		return err
	}
	w.recordDeath(a, "term", at)
	if _, err := a.Wait(time.Minute); err != nil {
		return err
	}
	if err := a.ReadJournal(); err != nil {
		return err
	}
	pause(ctx, 2*time.Second)
	return a.Start()
}

// recordDeath writes down what an agent held when it went.
func (w *World) recordDeath(a *Agent, how string, at time.Time) {
	d := Death{Agent: a.Name, How: how, At: at}
	rows, err := w.Site.SQL(fmt.Sprintf("SELECT id, epoch FROM {p}aidoc_jobs WHERE state = 'leased' AND agent_id = %d", a.ID))
	d.Unknown = err != nil
	for _, r := range rows {
		var h Holding
		if _, err := fmt.Sscan(r[0]+" "+r[1], &h.Job, &h.Epoch); err == nil {
			d.Held = append(d.Held, h)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.facts.Deaths = append(w.facts.Deaths, d)
	w.Say("%-5s %s, which held %d", how, a.Name, len(d.Held))
}

// bounce kills a server of the site and starts it again after a moment.
func (w *World) bounce(ctx context.Context, name string, v *server) error {
	w.serving.Lock() // one at a time: MariaDB and php-fpm wait for each other's way back
	defer w.serving.Unlock()
	from := time.Now()
	if err := v.kill(); err != nil {
		return err
	}
	pause(ctx, time.Duration(w.dice()*float64(3*time.Second)))
	if err := v.start(); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.facts.Outages = append(w.facts.Outages, Span{from, time.Now()})
	w.Say("%s was killed and is back after %v", name, time.Since(from).Round(time.Millisecond))
	return nil
}
