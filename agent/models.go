package agent

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// ErrWaits ends a run that was to work off the queues: what is left waits for its model.
var ErrWaits = errors.New("what is left waits for its model")

// models is what keeps the agent from paying for summaries: an account that serves nobody, a cap that is reached. While one of them does,
// no document is taken that would only be given back.
type models struct {
	budget  *budget.Budget
	changed func() // called when an outage begins and when it ends
	room    *room.Room
	fit     func(l *room.Lane, calls int) // told how many calls the account of a lane has room for, whenever that changes
	log     *slog.Logger

	watching engines
}

// barred is why no document of this site that needs its model is taken now, or "".
func (m *models) barred(of llm.Summariser, site string) string {
	if o, out := outageOf(of); out {
		return o.Message
	}
	reason, _ := m.budget.Barred(site)
	return reason
}

// soon is a wait that a run which ends with the queue takes upon itself.
const soon = time.Minute

// away is barred for longer than that.
func (m *models) away(of llm.Summariser, site string) string {
	if _, until := m.budget.Barred(site); !until.IsZero() && time.Until(until) < soon {
		return ""
	}
	return m.barred(of, site)
}

func outageOf(s llm.Summariser) (llm.Outage, bool) {
	if e := llm.EngineOf(s); e != nil {
		return e.Outage()
	}
	return llm.Outage{}, false
}

// outage is that of the first account which serves nobody.
func (m *models) outage() (llm.Outage, bool) {
	for _, e := range m.watching.list() {
		if o, out := e.Outage(); out {
			return o, true
		}
	}
	return llm.Outage{}, false
}

// watch tries accounts that serve nobody again and again until ctx ends.
func (m *models) watch(ctx context.Context) { m.watching.run(ctx, m.watchOne) }

func (m *models) watchOne(ctx context.Context, e *llm.Engine) {
	e.Watch(ctx, m.budget.Probes(), func() {
		if o, out := e.Outage(); out {
			m.log.Error("no model: "+o.Message, "code", string(o.Code), "account", o.Account, "next_try", o.Next.UTC().Format(time.RFC3339))
		} else {
			m.log.Info("the model answers again", "account", e.Account())
		}
		m.changed()
	})
}

// use makes these the models that are watched.
func (m *models) use(main llm.Summariser, others []llm.Summariser) {
	m.watching.use(main, others, m.room, m.fit)
}

// ModelStatus is what models cost and whether they can be asked.
type ModelStatus struct {
	Outage      string    `json:"outage,omitempty"` // why no model is asked; "" while one is
	OutageCode  string    `json:"outage_code,omitempty"`
	OutageSince time.Time `json:"outage_since,omitzero"`
	NextTry     time.Time `json:"next_try,omitzero"`
	Account     string    `json:"account,omitempty"`
	Spend       []Spend   `json:"spend"`
}

// Spend is what was spent in a period, calls under way at their upper bound, and the caps; 0 is none.
type Spend struct {
	Period    string  `json:"period"` // day, month: of UTC
	Tokens    int64   `json:"tokens"`
	USD       float64 `json:"usd"`
	MaxTokens int64   `json:"max_tokens,omitempty"`
	MaxUSD    float64 `json:"max_usd,omitempty"`
}

func (m *models) status(ctx context.Context) ModelStatus {
	var out ModelStatus
	if o, stopped := m.outage(); stopped {
		out = ModelStatus{Outage: o.Message, OutageCode: string(o.Code), OutageSince: o.Since, NextTry: o.Next, Account: o.Account}
	}
	s, err := m.budget.State(ctx)
	if err != nil {
		m.log.Warn("what was spent cannot be read", "error", err.Error())
		return out
	}
	out.Spend = spends(s.Day, s.Caps.Day, s.Month, s.Caps.Month)
	return out
}

// ofSite is what was spent for a site that has caps of its own; nil for the others.
func (m *models) ofSite(ctx context.Context, site string) []Spend {
	s, capped, err := m.budget.StateOf(ctx, site)
	if err != nil {
		m.log.Warn("what was spent cannot be read", "site", site, "error", err.Error())
	}
	if !capped || err != nil {
		return nil
	}
	return spends(s.Day, s.Caps.Day, s.Month, s.Caps.Month)
}

func spends(day journal.Spent, dayCap budget.Amount, month journal.Spent, monthCap budget.Amount) []Spend {
	return []Spend{
		{"day", day.Tokens, day.USD, dayCap.Tokens, dayCap.USD},
		{"month", month.Tokens, month.USD, monthCap.Tokens, monthCap.USD},
	}
}
