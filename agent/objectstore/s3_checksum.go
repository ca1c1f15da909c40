package objectstore

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"hash/crc32"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	tmtypes "github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Checksum is what a server holds the bytes against that it was sent, and this agent those that it gets back.
type Checksum string

const (
	ChecksumNone   Checksum = ""
	ChecksumCRC32C Checksum = "crc32c" // of the whole object, also where it was sent in parts
	ChecksumSHA256 Checksum = "sha256" // of each part, where it was sent in parts: then only the way there is checked
)

// algorithm is what S3 calls it.
func (c Checksum) algorithm() tmtypes.ChecksumAlgorithm {
	switch c {
	case ChecksumCRC32C:
		return tmtypes.ChecksumAlgorithmCrc32c
	case ChecksumSHA256:
		return tmtypes.ChecksumAlgorithmSha256
	}
	return ""
}

// kind of the checksum of an object in parts: S3 adds up CRCs to one of the whole, which it cannot with SHA-256.
func (c Checksum) kind() tmtypes.ChecksumType {
	if c == ChecksumCRC32C {
		return tmtypes.ChecksumTypeFullObject
	}
	return ""
}

func (c Checksum) mode() types.ChecksumMode {
	if c == ChecksumNone {
		return ""
	}
	return types.ChecksumModeEnabled
}

// put writes the checksum of what a body holds from here on, which is left where it was, into the field of its kind. It goes in a header of its
// own: left to the SDK it would travel behind the body, in a form that many compatible servers refuse.
func (c Checksum) put(body io.Reader, crc32c, sha **string) error {
	var h hash.Hash
	field := crc32c
	switch c {
	case ChecksumCRC32C:
		h = crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case ChecksumSHA256:
		h, field = sha256.New(), sha
	}
	seeker, ok := body.(io.ReadSeeker)
	if h == nil || !ok {
		return nil
	}
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := io.Copy(h, seeker); err != nil {
		return err
	}
	*field = aws.String(base64.StdEncoding.EncodeToString(h.Sum(nil)))
	_, err = seeker.Seek(start, io.SeekStart)
	return err
}

// PutObject sends a whole object with its checksum.
func (c uploadClient) PutObject(ctx context.Context, in *s3.PutObjectInput, opts ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	if err := c.checksum.put(in.Body, &in.ChecksumCRC32C, &in.ChecksumSHA256); err != nil {
		return nil, err
	}
	return c.Client.PutObject(ctx, in, opts...)
}

// UploadPart sends a part with its checksum.
func (c uploadClient) UploadPart(ctx context.Context, in *s3.UploadPartInput, opts ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
	if err := c.checksum.put(in.Body, &in.ChecksumCRC32C, &in.ChecksumSHA256); err != nil {
		return nil, err
	}
	return c.Client.UploadPart(ctx, in, opts...)
}

// body gives errors in the middle of a download their meaning.
type body struct {
	io.ReadCloser
	s         *S3
	key       string
	announced int64
	read      int64
}

// Read tells by the count what the SDK's error alone does not: whether the way broke off, or every byte came and they are not those of the checksum.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	switch {
	case err == nil || errors.Is(err, io.EOF):
	case b.s.opts.Checksum != ChecksumNone && b.read == b.announced:
		err = &Error{Op: "get", Store: b.s.String(), Key: b.key, Code: CodeCorrupt, Err: err}
	default:
		err = b.s.fail("get", b.key, err)
	}
	return n, err
}
