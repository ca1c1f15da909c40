package cli

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// settingsOf are the agent's dials as a configuration has them; how objects are named is not among them.
func settingsOf(cfg *config.Config) (agent.Settings, error) {
	tidy, zone, err := cfg.Schedule.HousekeepingSchedule()
	if err != nil {
		return agent.Settings{}, withCode(exitUsage, err)
	}
	return agent.Settings{
		Slots: cfg.Agent.Slots, Memory: int64(cfg.Limits.Memory), Readers: cfg.Extract.Workers, Calls: callsOf(cfg), MoreCalls: moreCalls(cfg), DrainTimeout: cfg.Agent.DrainTimeout.D(),
		PollMin: cfg.Poll.Min.D(), PollMax: cfg.Poll.Max.D(), LeaseEvery: cfg.Poll.LeaseEvery.D(), NoDoorbell: !cfg.Poll.Doorbell,
		WorkDir: filepath.Join(cfg.WorkDir(), "spool"), MaxBytes: int64(cfg.Extract.MaxBytes), ExtractTimeout: cfg.Extract.Timeout.D(), Languages: cfg.Extract.Languages,
		Summariser:   writerOf(cfg.Summary),
		Housekeeping: tidy, Zone: zone, KeepJournal: cfg.Journal.Keep.D(),
		KeepStored: cfg.Store.Keep.D(), ShareText: cfg.Store.ShareText, Slug: config.SiteSlug,
		MaxOutboxItems: cfg.Limits.MaxOutboxItems, MaxOutboxBytes: int64(cfg.Limits.MaxOutboxBytes),
		StatusFile: statusPath(cfg),
	}, nil
}

// callsOf is how many documents are summarised at a time by the model of summary at the most: those whose questions are with it, and those that the
// CPUs work on.
func callsOf(cfg *config.Config) int { return cfg.Extract.Workers + questionsOf(cfg.Summary) }

func questionsOf(s config.Summary) int {
	switch {
	case s.Provider == config.ProviderExtractive:
		return 0
	case s.Concurrency == 0:
		return llm.MostCalls
	}
	return s.Concurrency
}

// moreCalls is the same of the models that sites have of their own.
func moreCalls(cfg *config.Config) (n int) {
	for _, name := range cfg.ModelsInUse()[1:] {
		n += questionsOf(cfg.SummaryBy(name))
	}
	return n
}

// siteSettings are what the agent takes of a site's settings.
func siteSettings(cfg *config.Config, w writers, s config.Site) (agent.SiteSettings, error) {
	out := agent.SiteSettings{
		Open: newSources(s).open, LocalOnly: s.LocalOnly, Style: styles(cfg, s.URL, s.Labels),
		MaxDocuments: s.MaxDocuments, Languages: s.Languages, Labels: s.Labels, Model: w.modelOf(cfg, s.Model), Vision: w.visionOf(cfg, s),
	}
	if len(s.Windows) == 0 && s.TZ == "" {
		return out, nil
	}
	windows, err := cfg.WindowsOf("sites", s)
	if err != nil {
		return out, withCode(exitUsage, err)
	}
	out.Hours = &agent.Hours{Open: windows.Open, Opens: windows.NextChange}
	return out, nil
}

// allSiteSettings are those of all sites, by URL.
func allSiteSettings(cfg *config.Config, w writers) (map[string]agent.SiteSettings, error) {
	out := map[string]agent.SiteSettings{}
	for _, s := range cfg.Sites {
		own, err := siteSettings(cfg, w, s)
		if err != nil {
			return nil, err
		}
		out[s.URL] = own
	}
	return out, nil
}

// fixedOfSite are the fields of a site in which two configurations differ and that only a new process takes.
func fixedOfSite(began, is config.Site) (fields []string) {
	for name, differs := range map[string]bool{
		"rest_root":      began.RESTRoot != is.RESTRoot,
		"insecure_http":  began.InsecureHTTP != is.InsecureHTTP,
		"allow_loopback": began.AllowLoopback != is.AllowLoopback,
		"store_prefix":   began.StorePrefix != is.StorePrefix,
	} {
		if differs {
			fields = append(fields, fmt.Sprintf("sites[%s].%s", is.URL, name))
		}
	}
	slices.Sort(fields)
	return fields
}
