package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/aidoc-pipeline/aidoc-agent/internal/s3client"
)

// GetObjectAPI is what an S3 source needs of *s3.Client.
type GetObjectAPI interface {
	GetObject(ctx context.Context, in *s3.GetObjectInput, opts ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

var _ GetObjectAPI = (*s3.Client)(nil)

// S3 opens documents that lie in a bucket, with the agent's own credentials.
type S3 struct {
	API          GetObjectAPI
	AllowBuckets []string // exact names; empty allows nothing
}

// Opener refuses a bucket that is not allowed, or returns a source that resumes as long as the object stays the same.
func (s S3) Opener(bucket, key, region string) (Opener, error) {
	switch {
	case !slices.Contains(s.AllowBuckets, bucket) || bucket == "":
		return nil, notAllowed(fmt.Sprintf("the bucket %q is not on this agent's list: add it to `allow_buckets` if documents may come from there", bucket))
	case key == "":
		return nil, notAllowed("the lease names no object in its bucket")
	}
	etag := ""
	return func(ctx context.Context, offset int64) (Body, error) {
		in := &s3.GetObjectInput{Bucket: &bucket, Key: &key}
		resume := offset > 0 && etag != ""
		if resume {
			byteRange := fmt.Sprintf("bytes=%d-", offset)
			in.Range, in.IfMatch = &byteRange, &etag
		}
		out, err := s.API.GetObject(ctx, in, inRegion(region))
		if resume && statusOf(err) == http.StatusPreconditionFailed { // replaced since: the new one from its start
			in.Range, in.IfMatch, resume = nil, nil, false
			out, err = s.API.GetObject(ctx, in, inRegion(region))
		}
		if err != nil {
			return Body{}, s3Error(bucket, err)
		}
		return s.body(out, offset, resume, &etag)
	}, nil
}

func (s S3) body(out *s3.GetObjectOutput, offset int64, resume bool, etag *string) (Body, error) {
	b := Body{ReadCloser: out.Body, Total: -1, Resumable: true}
	if out.ContentLength != nil {
		b.Total = *out.ContentLength
	}
	if resume && out.ContentRange != nil {
		total, ok := partOf(*out.ContentRange, offset)
		if !ok {
			out.Body.Close()
			return Body{}, &Error{Code: CodeTransfer, Message: "the object store sent another part of the document than was asked for"}
		}
		b.Offset, b.Total = offset, total
	}
	*etag = ""
	if out.ETag != nil && !strings.HasPrefix(*out.ETag, "W/") {
		*etag = *out.ETag
	}
	return b, nil
}

func inRegion(region string) func(*s3.Options) {
	return func(o *s3.Options) {
		if region != "" {
			o.Region = region
		}
	}
}

func statusOf(err error) int {
	var r *smithyhttp.ResponseError
	if errors.As(err, &r) {
		return r.HTTPStatusCode()
	}
	return 0
}

func s3Error(bucket string, err error) error {
	code := ""
	var api smithy.APIError
	if errors.As(err, &api) {
		code = api.ErrorCode()
	}
	status := statusOf(err)
	switch {
	case errors.Is(err, s3client.ErrNoKeys):
		return &Error{Code: CodeDenied, Message: fmt.Sprintf("this agent has no keys for the bucket %q: set `sites[].s3.access_key_id` and its secret, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", bucket)}
	case code == "NoSuchBucket":
		return &Error{Code: CodeNotFound, Err: plainS3(code), Message: fmt.Sprintf("the bucket %q does not exist: check the endpoint and the region", bucket)}
	case code == "NoSuchKey", code == "NotFound", status == http.StatusNotFound:
		return &Error{Code: CodeNotFound, Err: plainS3(code), Message: fmt.Sprintf("the document is not in the bucket %q any more", bucket)}
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return &Error{Code: CodeDenied, Err: plainS3(code), Message: fmt.Sprintf("the bucket %q refuses this agent's credentials: allow it s3:GetObject there", bucket)}
	case status >= 400 && !retryStatus(status):
		return &Error{Code: CodeRefused, Err: plainS3(code), Message: fmt.Sprintf("the bucket %q refused the request with status %d", bucket, status)}
	}
	return &Error{Code: CodeTransfer, Err: err, Message: fmt.Sprintf("the bucket %q cannot be reached", bucket)}
}

// plainS3 keeps the code of an answer; its text is the server's and may quote keys or requests.
func plainS3(code string) error {
	if code == "" {
		return nil
	}
	return errors.New(code)
}
