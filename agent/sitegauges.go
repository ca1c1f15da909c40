package agent

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// siteGauges exports what is known of each site at the time of asking: sites come and go while the agent runs.
type siteGauges struct{ sites *roster }

var _ prometheus.Collector = (*siteGauges)(nil)

var (
	silenceDesc  = prometheus.NewDesc("aidoc_site_silence_seconds", "Time since the site last answered; -1 before the first answer.", []string{"site"}, nil)
	upDesc       = prometheus.NewDesc("aidoc_site_up", "1 while the site's last answer was one, 0 while it gives none.", []string{"site"}, nil)
	waitingDesc  = prometheus.NewDesc("aidoc_site_queue_documents", "Documents that wait on the site, as it said last, at most 1000; absent where it does not say.", []string{"site"}, nil)
	breakerDesc  = prometheus.NewDesc("aidoc_site_breaker", "1 for the state in which the circuit breaker of requests for work is, 0 for the others: closed, open, half_open.", []string{"site", "state"}, nil)
	doorbellDesc = prometheus.NewDesc("aidoc_site_doorbell", "1 for how the site's doorbell is heard, 0 for the other ways: works, around_cache, kept_by_cache, unreachable, off; absent until it is known.", []string{"site", "state"}, nil)
	labelDesc    = prometheus.NewDesc("aidoc_site_label", "1, for each label that the operator has given a site (sites[].labels, at most eight).", []string{"site", "label"}, nil)
	leasesDesc   = prometheus.NewDesc("aidoc_leases", "Leases held, by phase of the work.", []string{"site", "phase"}, nil)
)

// Describe implements prometheus.Collector.
func (g *siteGauges) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{silenceDesc, upDesc, waitingDesc, breakerDesc, doorbellDesc, leasesDesc, labelDesc} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (g *siteGauges) Collect(to chan<- prometheus.Metric) {
	for _, s := range g.sites.all() {
		send := func(d *prometheus.Desc, v float64, labels ...string) {
			to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, append([]string{s.url}, labels...)...)
		}
		send(silenceDesc, s.contact.silence())
		send(upDesc, oneIf(s.contact.up()))
		now, _ := s.leases.breaker.now()
		for _, state := range breakerStates {
			send(breakerDesc, oneIf(state == now), string(state))
		}
		if heard := s.leases.bell.heard.Load(); heard != nil {
			for _, state := range wpclient.BellStates {
				send(doorbellDesc, oneIf(state == heard.State), state)
			}
		}
		if n, told := s.contact.waiting(); told {
			send(waitingDesc, float64(n))
		}
		for _, l := range s.tuned.Load().Labels {
			send(labelDesc, 1, l)
		}
		phases := map[string]int{}
		for _, p := range pipeline.Phases {
			phases[p] = 0 // a graph with a line at 0, not with a gap
		}
		for _, h := range s.held.all() {
			phases[h.Report().Phase]++
		}
		for phase, n := range phases {
			send(leasesDesc, float64(n), phase)
		}
	}
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
