package agent

import (
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Gauges registers what is read off a running agent at the time of asking.
func (a *Agent) Gauges(reg prometheus.Registerer) {
	gauge := func(name, help string, f func() float64) {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, f))
	}
	gauge("aidoc_slots", "Documents this agent holds at a time at the most.", func() float64 { return float64(a.settings().Slots) })
	gauge("aidoc_slots_used", "Documents in work, those that wait for their turn included.", func() float64 { return float64(a.room.InUse()) })
	gauge("aidoc_pressure", "1 while disk, memory or outbox keep this agent from taking work.", func() float64 { return oneIf(a.pressure() != "") })
	gauge("aidoc_draining", "1 while this agent takes no work because it is ending.", func() float64 { return oneIf(a.draining() || a.Stopped()) })
	gauge("aidoc_outbox_items", "Results and failures that wait to be delivered.", func() float64 { n, _ := a.outbox.Count(); return float64(n) })
	gauge("aidoc_model_stopped", "1 while a model is not called because its account serves nobody.", func() float64 { _, out := a.models.outage(); return oneIf(out) })
	reg.MustRegister(newSpending(a.models.budget, "aidoc_spent_usd", "aidoc_spent_tokens", a.log))
	reg.MustRegister(&siteGauges{sites: a.sites})
	info := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "aidoc_build_info", Help: "1, with the version of this agent.",
		ConstLabels: prometheus.Labels{"version": a.opt.Info.Version, "goversion": runtime.Version()}}, func() float64 { return 1 })
	reg.MustRegister(info, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
}
