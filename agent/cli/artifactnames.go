package cli

import (
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

// artifactNames names the objects of jobs. A site keeps the names it has as long as the process lives: what its jobs have left is looked for there.
type artifactNames struct {
	later    objectstore.Layout // of sites that are added beside those of the start: these have their name in the keys, for job ids are those of a site
	laterErr error
	template string

	mu    sync.RWMutex
	sites map[string]folder // by URL
}

// folder is where a site's files are.
type folder struct {
	prefix string
	layout objectstore.Layout
}

func newArtifactNames(cfg *config.Config, sites []*siteConn) (*artifactNames, error) {
	count := len(sites)
	if cfg.Store.Layout != "" && cfg.OwnPrefixes() {
		count = 1 // none lies in another's folder
	}
	layout, err := objectstore.NewLayout(cfg.Store.Layout, count)
	if err != nil {
		return nil, err
	}
	n := &artifactNames{template: cfg.Store.Layout, sites: map[string]folder{}}
	n.later, n.laterErr = objectstore.NewLayout(cfg.Store.Layout, 2)
	for _, c := range sites {
		n.sites[c.home] = folder{prefixOf(c.conf), layout}
	}
	return n, nil
}

func prefixOf(s config.Site) string {
	if s.StorePrefix == "" {
		return ""
	}
	return s.StorePrefix + "/"
}

// key is the agent's artifact.KeyFunc.
func (n *artifactNames) key(site string, jobID int64, name string) string {
	f := n.of(site)
	return f.prefix + f.layout.KeyFor(config.SiteSlug(site), jobID, name)
}

// shelf is what the keys of all jobs of a site begin with.
func (n *artifactNames) shelf(site string) string {
	f := n.of(site)
	return f.prefix + f.layout.Shelf(config.SiteSlug(site))
}

func (n *artifactNames) of(site string) folder {
	n.mu.RLock()
	defer n.mu.RUnlock()
	f, known := n.sites[site]
	if !known {
		f.layout = n.later
	}
	return f
}

// add gives a site its folder that is added while the agent runs; apart says that every site has a prefix of its own.
func (n *artifactNames) add(s config.Site, apart bool) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, known := n.sites[s.URL]; known {
		return nil
	}
	f := folder{prefixOf(s), n.later}
	if err := n.laterErr; err != nil {
		if !apart {
			return err
		}
		if f.layout, err = objectstore.NewLayout(n.template, 1); err != nil {
			return err
		}
	}
	n.sites[s.URL] = f
	return nil
}
