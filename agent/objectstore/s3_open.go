package objectstore

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// S3Options name a bucket and how to get at it.
type S3Options struct {
	Bucket    string
	Region    string // "": AWS_REGION, the profile, else us-east-1 (which compatible servers ignore)
	Endpoint  string // "": AWS
	PathStyle bool   // bucket in the path, as MinIO and most compatible servers want
	Prefix    string // put before every key; "" for none

	// Keys; without them the AWS chain: AWS_* variables, shared profile, web identity, instance role.
	AccessKeyID     string
	SecretAccessKey string

	SSE         string // "", "AES256" or "aws:kms"
	SSEKMSKeyID string

	PartBytes   int64             // of multipart uploads; 0: 8 MiB, at least 5 MiB
	MaxAttempts int               // of each request; 0: 4
	RetryWait   time.Duration     // the longest pause between attempts; 0: the SDK's, and 100 ms, doubled, between aborts of an upload
	Transport   http.RoundTripper // tests; nil: the SDK's
}

// answerTimeout bounds the wait for a response to begin; transfers as a whole are bounded by the caller's context.
const answerTimeout = 60 * time.Second

// OpenS3 makes the store. It sends nothing: Check does.
func OpenS3(ctx context.Context, o S3Options) (*S3, error) {
	o.Prefix = strings.Trim(o.Prefix, "/")
	if o.PartBytes == 0 {
		o.PartBytes = defaultPart
	}
	if o.Bucket == "" {
		return nil, &Error{Op: "open", Store: "s3", Code: CodeConfig, Message: "no bucket is set: set store.s3.bucket"}
	}
	if o.Prefix != "" {
		if err := ValidKey(o.Prefix); err != nil {
			return nil, &Error{Op: "open", Store: "s3://" + o.Bucket, Code: CodeConfig, Message: "store.s3.prefix cannot be used", Err: err}
		}
	}
	cfg, err := config.LoadDefaultConfig(ctx, loadOptions(o)...)
	if err != nil {
		return nil, &Error{Op: "open", Store: "s3://" + o.Bucket, Code: CodeConfig, Message: "the AWS settings of this machine cannot be read", Err: err}
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	client := s3.NewFromConfig(cfg, func(so *s3.Options) {
		so.UsePathStyle = o.PathStyle
		if o.Endpoint != "" {
			so.BaseEndpoint = aws.String(o.Endpoint)
		}
	})
	upload := transfermanager.New(uploadClient{client, abortPause(o)}, func(t *transfermanager.Options) {
		t.PartSizeBytes = o.PartBytes
		t.MultipartUploadThreshold = o.PartBytes
		t.Concurrency = uploadConcurrency
		t.FailTimeout = cleanupTimeout
		t.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	})
	return &S3{client: client, upload: upload, opts: o}, nil
}

func loadOptions(o S3Options) []func(*config.LoadOptions) error {
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

func httpClient(o S3Options) aws.HTTPClient {
	if o.Transport != nil {
		return &http.Client{Transport: o.Transport, CheckRedirect: noRedirect}
	}
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.ResponseHeaderTimeout = answerTimeout
	})
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// GoString keeps the secret out of logs.
func (o S3Options) GoString() string { return fmt.Sprintf("s3://%s/%s", o.Bucket, o.Prefix) }
func (o S3Options) String() string   { return o.GoString() }
