package agent

import "github.com/prometheus/client_golang/prometheus"

// Gauges registers what is read off a running agent at the time of asking.
func (a *Agent) Gauges(reg prometheus.Registerer) {
	gauge := func(name, help string, f func() float64) {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, f))
	}
	gauge("aidoc_slots", "Documents this agent holds at a time at the most.", func() float64 { return float64(a.set.Slots) })
	gauge("aidoc_slots_used", "Documents in work, those that wait for their turn included.", func() float64 { return float64(a.room.InUse()) })
	gauge("aidoc_pressure", "1 while disk, memory or outbox keep this agent from taking work.", func() float64 {
		if a.pressure() != "" {
			return 1
		}
		return 0
	})
	gauge("aidoc_outbox_items", "Results and failures that wait to be delivered.", func() float64 { n, _ := a.outbox.Count(); return float64(n) })
	gauge("aidoc_model_stopped", "1 while no model is called because the account serves nobody.", func() float64 {
		if _, out := a.models.outage(); out {
			return 1
		}
		return 0
	})
	reg.MustRegister(newSpending(a.models.budget, "aidoc_spent_usd", "aidoc_spent_tokens", a.log))
	for _, s := range a.sessions {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "aidoc_site_silence_seconds", Help: "Time since the site last answered; -1 before the first answer.",
			ConstLabels: prometheus.Labels{"site": s.url},
		}, s.contact.silence))
	}
}
