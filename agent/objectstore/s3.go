package objectstore

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	tmtypes "github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

var (
	_ Store   = (*S3)(nil)
	_ Sweeper = (*S3)(nil)
)

// S3 keeps objects in one bucket, under a prefix.
type S3 struct {
	client  *s3.Client
	upload  *transfermanager.Client
	opts    S3Options
	tagging string // as its header has it
}

// Memory of one upload: part size × (uploadConcurrency + 1). Bigger parts from announced sizes
// keep a huge object under S3's limit of 10,000 parts.
const (
	defaultPart       = 8 << 20
	uploadConcurrency = 2
	maxParts          = 10_000
)

func (s *S3) String() string {
	name := "s3://" + s.opts.Bucket
	if s.opts.Prefix != "" {
		name += "/" + s.opts.Prefix
	}
	return name
}

// Check implements Store.
func (s *S3) Check(ctx context.Context) error { return probe(ctx, s) }

// name is the key inside the bucket.
func (s *S3) name(key string) *string {
	if s.opts.Prefix == "" {
		return aws.String(key)
	}
	return aws.String(s.opts.Prefix + "/" + key)
}

// brief objects live minutes: a class that is paid for a month at the least is not for them.
func (s *S3) brief(key string) bool {
	return strings.HasPrefix(key, probePrefix) || s.opts.Brief != nil && s.opts.Brief(key)
}

func (s *S3) valid(op, key string) error {
	if err := ValidKey(key); err != nil {
		return named(op, s.String(), clip(key), err)
	}
	return nil
}

// Put implements Store. Small objects go in one request, others as a multipart upload that is
// aborted, with a context of its own, when anything fails.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if err := s.valid("put", key); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return s.fail("put", key, context.Cause(ctx))
	}
	src := &source{ctx: ctx, r: r, want: size}
	in := &transfermanager.UploadObjectInput{
		Bucket: aws.String(s.opts.Bucket), Key: s.name(key), Body: src,
		ServerSideEncryption: tmtypes.ServerSideEncryption(s.opts.SSE), ChecksumAlgorithm: s.opts.Checksum.algorithm(), ChecksumType: s.opts.Checksum.kind(),
	}
	if s.opts.StorageClass != "" && !s.brief(key) {
		in.StorageClass = tmtypes.StorageClass(s.opts.StorageClass)
	}
	if s.tagging != "" {
		in.Tagging = aws.String(s.tagging)
	}
	if contentType != "" {
		in.ContentType = aws.String(contentType)
	}
	if s.opts.SSEKMSKeyID != "" {
		in.SSEKMSKeyID = aws.String(s.opts.SSEKMSKeyID)
	}
	out, err := s.upload.UploadObject(ctx, in, func(o *transfermanager.Options) {
		if need := size/maxParts + 1; need > o.PartSizeBytes {
			o.PartSizeBytes = need
		}
	})
	if src.err != nil {
		err = src.err // the cause; a failing abort would hide it in the upload's own error
	}
	if err == nil && aws.ToString(out.ETag) == "" {
		err = errNotS3
	}
	return s.fail("put", key, err)
}

// Get implements Store.
func (s *S3) Get(ctx context.Context, key string) (io.ReadCloser, Info, error) {
	if err := s.valid("get", key); err != nil {
		return nil, Info{}, err
	}
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(s.opts.Bucket), Key: s.name(key), ChecksumMode: s.opts.Checksum.mode()})
	if err != nil {
		return nil, Info{}, s.fail("get", key, err)
	}
	info := Info{Key: key, Size: aws.ToInt64(out.ContentLength), ModTime: aws.ToTime(out.LastModified), ContentType: aws.ToString(out.ContentType)}
	b := &body{ReadCloser: out.Body, s: s, key: key, announced: -1}
	if out.ContentLength != nil {
		b.announced = info.Size
	}
	return b, info, nil
}

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, key string) (Info, error) {
	if err := s.valid("stat", key); err != nil {
		return Info{}, err
	}
	out, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(s.opts.Bucket), Key: s.name(key)})
	if err != nil {
		return Info{}, s.fail("stat", key, err)
	}
	return Info{Key: key, Size: aws.ToInt64(out.ContentLength), ModTime: aws.ToTime(out.LastModified), ContentType: aws.ToString(out.ContentType)}, nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := s.valid("delete", key); err != nil {
		return err
	}
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(s.opts.Bucket), Key: s.name(key)})
	if err = s.fail("delete", key, err); errors.Is(err, ErrNotFound) {
		return nil // some servers say so
	}
	return err
}

// List implements Store.
func (s *S3) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		base := ""
		if s.opts.Prefix != "" {
			base = s.opts.Prefix + "/"
		}
		pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{
			Bucket: aws.String(s.opts.Bucket), Prefix: aws.String(base + prefix)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(Info{}, s.fail("list", prefix, err))
				return
			}
			if page.Name == nil && page.KeyCount == nil && page.IsTruncated == nil && page.Contents == nil {
				yield(Info{}, s.fail("list", prefix, errNotS3))
				return
			}
			for _, o := range page.Contents {
				key := strings.TrimPrefix(aws.ToString(o.Key), base)
				if ValidKey(key) != nil {
					continue // folder markers and what others put there
				}
				if !yield(Info{Key: key, Size: aws.ToInt64(o.Size), ModTime: aws.ToTime(o.LastModified)}, nil) {
					return
				}
			}
		}
	}
}
