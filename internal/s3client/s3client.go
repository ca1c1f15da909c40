// Package s3client makes the client of an S3 server from one set of settings, for the store that is written and the buckets that
// documents are read from alike.
package s3client

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Options say which server and with which keys.
type Options struct {
	Endpoint  string // "": AWS
	Region    string // "": AWS_REGION, the profile, else us-east-1 (which compatible servers ignore)
	PathStyle bool   // bucket in the path, as MinIO and most compatible servers want

	// Keys; without them the AWS chain: AWS_* variables, shared profile, web identity, container and instance role.
	AccessKeyID     string
	SecretAccessKey string

	MaxAttempts int               // of each request; 0: 4
	RetryWait   time.Duration     // the longest pause between attempts; 0: the SDK's
	Transport   http.RoundTripper // tests; nil: the SDK's
}

const (
	// answerTimeout bounds the wait for a response to begin; transfers as a whole are bounded by the caller's context.
	answerTimeout = 60 * time.Second
	// keysTimeout bounds the look for keys. Its last place is the cloud's metadata address, which outside a cloud leads nowhere.
	keysTimeout = 5 * time.Second
)

// ErrNoKeys is part of every error of a request for which no keys were found.
var ErrNoKeys = errors.New("no keys for the S3 server were found in the settings, in the AWS_* variables, in a profile or from a role of this machine")

// New makes a client. It sends nothing; its error is about settings of this machine (a broken profile).
func New(ctx context.Context, o Options) (*s3.Client, error) {
	cfg, err := config.LoadDefaultConfig(ctx, loadOptions(o)...)
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	if o.AccessKeyID == "" {
		cfg.Credentials = aws.NewCredentialsCache(inTime{cfg.Credentials, keysTimeout})
	}
	return s3.NewFromConfig(cfg, func(so *s3.Options) {
		so.UsePathStyle = o.PathStyle
		so.DisableLogOutputChecksumValidationSkipped = true // a server without checksums is no news
		if o.Endpoint != "" {
			so.BaseEndpoint = aws.String(o.Endpoint)
		}
	}), nil
}

func loadOptions(o Options) []func(*config.LoadOptions) error {
	attempts := o.MaxAttempts
	if attempts == 0 {
		attempts = 4
	}
	opts := []func(*config.LoadOptions) error{
		config.WithRetryMaxAttempts(attempts),
		// Newer checksums travel as trailers, which older compatible servers refuse; TLS, the
		// signature over the payload and the ETag remain.
		config.WithRequestChecksumCalculation(aws.RequestChecksumCalculationWhenRequired),
		config.WithResponseChecksumValidation(aws.ResponseChecksumValidationWhenRequired),
		config.WithAppID("aidoc-agent"),
		config.WithHTTPClient(httpClient(o)),
	}
	if o.RetryWait > 0 {
		opts = append(opts, config.WithRetryer(func() aws.Retryer {
			return retry.AddWithMaxBackoffDelay(retry.AddWithMaxAttempts(retry.NewStandard(), attempts), o.RetryWait)
		}))
	}
	if o.Region != "" {
		opts = append(opts, config.WithRegion(o.Region))
	}
	if o.AccessKeyID != "" {
		opts = append(opts, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(o.AccessKeyID, o.SecretAccessKey, "")))
	}
	return opts
}

func httpClient(o Options) aws.HTTPClient {
	if o.Transport != nil {
		return &http.Client{Transport: o.Transport, CheckRedirect: noRedirect}
	}
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.ResponseHeaderTimeout = answerTimeout
	})
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// inTime looks for keys for so long and no longer.
type inTime struct {
	chain aws.CredentialsProvider
	limit time.Duration
}

// Retrieve implements aws.CredentialsProvider.
func (p inTime) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if p.chain == nil {
		return aws.Credentials{}, ErrNoKeys
	}
	look, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	keys, err := p.chain.Retrieve(look)
	if err != nil && ctx.Err() == nil {
		err = errors.Join(ErrNoKeys, err)
	}
	return keys, err
}
