package fetch

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// lazyS3 makes its client at the first use: most agents never read from a bucket, and looking for
// credentials can mean asking the cloud's metadata service.
type lazyS3 struct {
	mu     sync.Mutex
	client *s3.Client
}

// LazyS3 reads with the AWS credential chain of this machine (AWS_* variables, profile, role).
func LazyS3() GetObjectAPI { return &lazyS3{} }

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
		cfg, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the AWS settings of this machine: %w", err)
		}
		l.client = s3.NewFromConfig(cfg)
	}
	return l.client, nil
}
