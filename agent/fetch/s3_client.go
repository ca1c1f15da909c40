package fetch

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/aidoc-pipeline/aidoc-agent/internal/s3client"
)

// lazyS3 makes its client at the first use: most agents never read from a bucket, and looking for
// credentials can mean asking the cloud's metadata service.
type lazyS3 struct {
	opt    s3client.Options
	mu     sync.Mutex
	client *s3.Client
}

// LazyS3 reads from the server, and with the keys, of opt.
func LazyS3(opt s3client.Options) GetObjectAPI { return &lazyS3{opt: opt} }

func (l *lazyS3) GetObject(ctx context.Context, in *s3.GetObjectInput, opts ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	c, err := l.get(ctx)
	if err != nil {
		return nil, err
	}
	return c.GetObject(ctx, in, opts...)
}

func (l *lazyS3) get(ctx context.Context) (*s3.Client, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.client == nil {
		c, err := s3client.New(ctx, l.opt)
		if err != nil {
			return nil, fmt.Errorf("read the AWS settings of this machine: %w", err)
		}
		l.client = c
	}
	return l.client, nil
}
