package cli

import (
	"fmt"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/internal/s3client"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// sources resolves what a lease of one site may point to besides the site itself.
type sources struct {
	urls *fetch.URLs
	s3   fetch.S3
}

func newSources(site config.Site) *sources {
	return &sources{
		urls: fetch.NewURLs(fetch.URLOptions{AllowHosts: site.AllowHosts}),
		s3: fetch.S3{API: fetch.LazyS3(s3client.Options{
			Endpoint: site.S3.Endpoint, Region: site.S3.Region, PathStyle: site.S3.PathStyle,
			AccessKeyID: site.S3.AccessKeyID, SecretAccessKey: site.S3.SecretAccessKey.Reveal(),
		}), AllowBuckets: site.AllowBuckets},
	}
}

func (s *sources) open(src wpclient.Source) (fetch.Opener, error) {
	switch src.Kind {
	case "url":
		return s.urls.Opener(src.URL)
	case "s3":
		return s.s3.Opener(src.Bucket, src.Key, src.Region)
	}
	return nil, &fetch.Error{Code: fetch.CodeNotAllowed, Message: fmt.Sprintf("the site names a source of the unknown kind %q: update the agent", src.Kind)}
}
