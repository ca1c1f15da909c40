package objectstore

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

// uploadClient is the S3 client of the upload manager with the two calls that decide whether a
// cancelled upload leaves something behind, and the two that bring a checksum (s3_checksum.go).
type uploadClient struct {
	*s3.Client
	pause    time.Duration // between aborts; doubled each time
	checksum Checksum
}

// CreateMultipartUpload outlives a cancelled caller: were its answer thrown away, nobody would
// know the id of the upload to abort.
func (c uploadClient) CreateMultipartUpload(ctx context.Context, in *s3.CreateMultipartUploadInput, opts ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	return c.Client.CreateMultipartUpload(ctx, in, opts...)
}

const abortTries = 5

func abortPause(o S3Options) time.Duration {
	if o.RetryWait > 0 {
		return o.RetryWait
	}
	return 100 * time.Millisecond
}

// AbortMultipartUpload aborts until the upload is gone: a part that is still being written on
// the server may survive the first abort.
func (c uploadClient) AbortMultipartUpload(ctx context.Context, in *s3.AbortMultipartUploadInput, opts ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error) {
	for try := 1; ; try++ {
		out, err := c.Client.AbortMultipartUpload(ctx, in, opts...)
		if noSuchUpload(err) {
			return &s3.AbortMultipartUploadOutput{}, nil
		}
		if err == nil {
			_, listErr := c.Client.ListParts(ctx, &s3.ListPartsInput{Bucket: in.Bucket, Key: in.Key, UploadId: in.UploadId})
			if listErr != nil { // gone, or the keys may not list: then the first answer has to do
				return out, nil
			}
		}
		if try == abortTries {
			return out, err
		}
		select {
		case <-time.After(c.pause << (try - 1)):
		case <-ctx.Done():
			return out, errors.Join(err, context.Cause(ctx))
		}
	}
}

func noSuchUpload(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "NoSuchUpload"
}

// Sweep aborts the unfinished uploads below the prefix that began before the given time: what a
// killed process left behind, and is paid for. It returns how many.
func (s *S3) Sweep(ctx context.Context, before time.Time) (int, error) {
	in := &s3.ListMultipartUploadsInput{Bucket: aws.String(s.opts.Bucket), Prefix: s.name("")}
	if s.opts.Prefix == "" {
		in.Prefix = nil
	}
	swept := 0
	for {
		page, err := s.client.ListMultipartUploads(ctx, in)
		if err != nil {
			return swept, s.fail("sweep", "", err)
		}
		for _, u := range page.Uploads {
			if u.Initiated == nil || !u.Initiated.Before(before) {
				continue
			}
			_, err := uploadClient{s.client, abortPause(s.opts), ChecksumNone}.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: in.Bucket, Key: u.Key, UploadId: u.UploadId})
			if err != nil {
				return swept, s.fail("sweep", "", err)
			}
			swept++
		}
		if !aws.ToBool(page.IsTruncated) || page.NextKeyMarker == nil {
			return swept, nil
		}
		in.KeyMarker, in.UploadIdMarker = page.NextKeyMarker, page.NextUploadIdMarker
	}
}
