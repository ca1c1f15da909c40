package objectstore

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"

	"github.com/aidoc-pipeline/aidoc-agent/internal/s3client"
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

	StorageClass string                // "": the bucket's default
	Brief        func(key string) bool // which objects are soon removed and stay in the bucket's default class; nil: none
	Tags         []string              // of every object, as name=value
	Checksum     Checksum

	PartBytes   int64             // of multipart uploads; 0: 8 MiB, at least 5 MiB
	MaxAttempts int               // of each request; 0: 4
	RetryWait   time.Duration     // the longest pause between attempts; 0: the SDK's, and 100 ms, doubled, between aborts of an upload
	Transport   http.RoundTripper // tests; nil: the SDK's
}

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
	tagging, err := tagHeader(o.Tags)
	if err != nil {
		return nil, &Error{Op: "open", Store: "s3://" + o.Bucket, Code: CodeConfig, Message: "store.s3.tags cannot be used", Err: err}
	}
	client, err := s3client.New(ctx, s3client.Options{
		Endpoint: o.Endpoint, Region: o.Region, PathStyle: o.PathStyle, AccessKeyID: o.AccessKeyID, SecretAccessKey: o.SecretAccessKey,
		MaxAttempts: o.MaxAttempts, RetryWait: o.RetryWait, Transport: o.Transport,
	})
	if err != nil {
		return nil, &Error{Op: "open", Store: "s3://" + o.Bucket, Code: CodeConfig, Message: "the AWS settings of this machine cannot be read", Err: err}
	}
	upload := transfermanager.New(uploadClient{client, abortPause(o), o.Checksum}, func(t *transfermanager.Options) {
		t.PartSizeBytes = o.PartBytes
		t.MultipartUploadThreshold = o.PartBytes
		t.Concurrency = uploadConcurrency
		t.FailTimeout = cleanupTimeout
		t.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	})
	return &S3{client: client, upload: upload, opts: o, tagging: tagging}, nil
}

// tagHeader writes tags as S3 takes them beside an object.
func tagHeader(tags []string) (string, error) {
	v := url.Values{}
	for _, t := range tags {
		name, value, ok := strings.Cut(t, "=")
		if !ok || name == "" {
			return "", fmt.Errorf("%q is not of the form name=value", clip(t))
		}
		v.Set(name, value)
	}
	return v.Encode(), nil
}

// GoString keeps the secret out of logs.
func (o S3Options) GoString() string { return fmt.Sprintf("s3://%s/%s", o.Bucket, o.Prefix) }
func (o S3Options) String() string   { return o.GoString() }
