package objectstore

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// extra is a right that writing needs beside s3:PutObject because of a setting, and how the store would write without it.
type extra struct {
	Right
	without func(*S3)
}

func (s *S3) extras() (out []extra) {
	if s.tagging != "" {
		out = append(out, extra{Right{Name: "s3:PutObjectTagging", For: "store.s3.tags are set with it"}, func(s *S3) { s.tagging = "" }})
	}
	if s.opts.SSE == sseKMS {
		out = append(out, extra{Right{Name: "kms:GenerateDataKey", For: "store.s3.sse encrypts with it"}, func(s *S3) { s.opts.SSE, s.opts.SSEKMSKeyID = "", "" }})
	}
	return out
}

// besidePut finds out which right a refused write lacked: the probe, which is no document, is written once more without what needs another
// right. put is corrected where it is not the one.
func (s *S3) besidePut(write func(Store) error, put *Right) (out []Right) {
	all := s.extras()
	refused := put.Err
	if refused != nil && !onlyDenied(refused) {
		return nil
	}
	guilty := map[string]bool{}
	bare := *s
	for i := range all {
		all[i].without(&bare)
		one := *s
		all[i].without(&one)
		if refused != nil && len(guilty) == 0 && write(&one) == nil {
			guilty[all[i].Name] = true
		}
	}
	if refused != nil && len(guilty) == 0 {
		if len(all) < 2 || write(&bare) != nil {
			return nil // s3:PutObject itself: nothing is known of the others
		}
		for _, e := range all {
			guilty[e.Name] = true
		}
	}
	put.Err = nil
	for _, e := range all {
		if guilty[e.Name] {
			e.Err = refused
		}
		out = append(out, e.Right)
	}
	return out
}

// besideGet tells kms:Decrypt from s3:GetObject: what an object is like may be read with the second alone.
func (s *S3) besideGet(ctx context.Context, key string, written bool, get *Right) []Right {
	if s.opts.SSE != sseKMS || !written || get.Err != nil && !onlyDenied(get.Err) {
		return nil
	}
	decrypt := Right{Name: "kms:Decrypt", For: "what is encrypted is read with it, and long texts are put together from their parts"}
	if get.Err != nil {
		if _, err := s.Stat(ctx, key); err != nil {
			return nil
		}
		decrypt.Err, get.Err = get.Err, nil
	}
	return []Right{decrypt}
}

// ofUploads begins an upload in parts and takes it back: long texts go so. Where none can be begun there is nothing to learn.
func (s *S3) ofUploads(ctx context.Context, key string) []Right {
	in := &s3.CreateMultipartUploadInput{Bucket: aws.String(s.opts.Bucket), Key: s.name(key), ServerSideEncryption: types.ServerSideEncryption(s.opts.SSE)}
	if s.opts.SSEKMSKeyID != "" {
		in.SSEKMSKeyId = aws.String(s.opts.SSEKMSKeyID)
	}
	up, err := s.client.CreateMultipartUpload(ctx, in)
	if err != nil || aws.ToString(up.UploadId) == "" {
		return nil
	}
	abort := Right{Name: "s3:AbortMultipartUpload", Needless: true, For: "parts of uploads that broke off stay in the bucket and are paid for: a lifecycle rule may remove them"}
	parts := Right{Name: "s3:ListMultipartUploadParts", Needless: true, For: "whether parts of an upload that broke off are gone is not looked at"}
	if _, err := s.client.ListParts(ctx, &s3.ListPartsInput{Bucket: in.Bucket, Key: in.Key, UploadId: up.UploadId}); onlyDenied(s.fail("list", key, err)) {
		parts.Err = s.fail("list", key, err)
	}
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	_, err = s.client.AbortMultipartUpload(clean, &s3.AbortMultipartUploadInput{Bucket: in.Bucket, Key: in.Key, UploadId: up.UploadId})
	if onlyDenied(s.fail("abort", key, err)) {
		abort.Err = s.fail("abort", key, err)
	}
	return []Right{abort, parts}
}
