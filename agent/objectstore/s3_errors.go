package objectstore

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// errNotS3: an answer of success that no S3 server gives. A captive portal or a proxy says 200
// to everything; taking its word would lose the object.
var errNotS3 = errors.New("not an answer of S3")

// fail gives an error of the SDK its meaning; nil stays nil.
func (s *S3) fail(op, key string, err error) error {
	if err == nil {
		return nil
	}
	if own := named(op, s.String(), key, err); own != nil {
		return own
	}
	e := &Error{Op: op, Store: s.String(), Key: key, Code: CodeInternal, Err: err}
	switch {
	case errors.Is(err, errNotS3):
		e.Code, e.Message, e.Err = CodeUnreachable, notS3, nil
	case contextEnded(err):
		e.Code = CodeInterrupted
	case s.byCode(e, err), s.byStatus(e, err), s.byTransport(e, err):
	}
	return e
}

const sseKMS = "aws:kms"

const credentialsHint = "check store.s3.access_key_id and secret_access_key, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"

const notS3 = "what answered is not an S3 server (a proxy's page?): check store.s3.endpoint"

// byCode reads S3's error code, which says more than the status.
func (s *S3) byCode(e *Error, err error) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	switch api.ErrorCode() {
	case "NoSuchKey", "NotFound":
		e.Code = CodeNotFound
	case "NoSuchBucket":
		e.Code, e.Message = CodeNoBucket, "there is no bucket "+s.opts.Bucket+": create it, or correct store.s3.bucket and store.s3.region"
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "XAdminUserNotFound":
		e.Code, e.Message = CodeAccessDenied, "the server does not accept the keys ("+api.ErrorCode()+"): "+credentialsHint
	case "RequestTimeTooSkewed":
		e.Code = CodeClockSkew
	case "AccessDenied", "AllAccessDisabled", "Forbidden":
		e.Code, e.Message = CodeAccessDenied, "the keys may not do this in the bucket "+s.opts.Bucket+" (needed: "+s.needed()+"); "+credentialsHint
	case "AuthorizationHeaderMalformed": // S3 says so of a signature for another region
		e.Code, e.Message = CodeWrongRegion, "the server does not take requests signed for this region: correct store.s3.region, or "+credentialsHint
	case "PermanentRedirect", "MovedPermanently", "IllegalLocationConstraintException":
		e.Code = CodeWrongRegion
	case "NotImplemented", "InvalidArgument", "UnexpectedContent": // a server that has no such thing, and says so
		if len(s.asked()) == 0 {
			return false
		}
		e.Code, e.Message = CodeConfig, "the server does not take what this asks of it: take out, one after the other, "+strings.Join(s.asked(), ", ")
	case "InvalidStorageClass":
		e.Code, e.Message = CodeConfig, "the server has no storage class "+s.opts.StorageClass+": correct store.s3.storage_class"
	case "InvalidTag", "BadRequest.InvalidTag":
		e.Code, e.Message = CodeConfig, "the server does not take these tags: correct store.s3.tags"
	case "KMS.NotFoundException", "KMS.DisabledException", "KMS.KMSInvalidStateException", "KMS.InvalidKeyUsageException":
		e.Code, e.Message = CodeConfig, "the key for encryption cannot be used ("+api.ErrorCode()+"): correct store.s3.sse_kms_key_id, or enable the key"
	case "BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch":
		e.Code, e.Message = CodeBusy, "what arrived at the server is not what was sent: something on the way changes it, or the server counts another checksum than store.s3.checksum"
	case "SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "Throttling", "ThrottlingException", "TooManyRequests":
		e.Code = CodeBusy
	case "QuotaExceeded", "XMinioStorageFull", "InsufficientStorage":
		e.Code, e.Message = CodeFull, "the server has no space left for the bucket "+s.opts.Bucket
	default:
		return false
	}
	return true
}

// needed are the rights without which nothing works with these settings.
func (s *S3) needed() string {
	names := "s3:GetObject, s3:PutObject, s3:DeleteObject, s3:ListBucket, s3:AbortMultipartUpload"
	if s.tagging != "" {
		names += ", s3:PutObjectTagging"
	}
	if s.opts.SSE == sseKMS {
		names += ", kms:GenerateDataKey and kms:Decrypt for the key"
	}
	return names
}

// asked are the settings that ask something of a server which not every one has.
func (s *S3) asked() (names []string) {
	for name, set := range map[string]bool{"store.s3.storage_class": s.opts.StorageClass != "", "store.s3.tags": s.tagging != "",
		"store.s3.checksum": s.opts.Checksum != ChecksumNone, "store.s3.sse": s.opts.SSE != ""} {
		if set {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (s *S3) byStatus(e *Error, err error) bool {
	var re *awshttp.ResponseError
	if !errors.As(err, &re) || re.Response == nil {
		return false
	}
	switch code := re.HTTPStatusCode(); {
	case code == http.StatusNotFound && (e.Op == "get" || e.Op == "stat"):
		e.Code = CodeNotFound
	case code == http.StatusNotFound:
		e.Code, e.Message = CodeConfig, "the server knows no such place: check store.s3.endpoint, bucket and path_style"
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		e.Code, e.Message = CodeAccessDenied, "the server refuses access: "+credentialsHint
	case code >= 300 && code < 400:
		e.Code, e.Message = CodeWrongRegion, "the server sends elsewhere: correct store.s3.region or store.s3.endpoint"
	case code == http.StatusInsufficientStorage:
		e.Code = CodeFull
	case code == http.StatusTooManyRequests, code >= 500:
		e.Code = CodeBusy
	case code >= 200 && code < 300: // and not understood
		e.Code, e.Message = CodeUnreachable, notS3
	default:
		return false
	}
	return true
}

func (s *S3) byTransport(e *Error, err error) bool {
	var (
		netErr net.Error
		urlErr *url.Error
		ce     *smithy.CanceledError
	)
	switch {
	case errors.As(err, &ce):
		e.Code = CodeInterrupted
	case errors.As(err, &netErr), errors.As(err, &urlErr), errors.Is(err, io.ErrUnexpectedEOF):
		where := s.opts.Endpoint
		if where == "" {
			where = "AWS S3"
		}
		e.Code, e.Message = CodeUnreachable, "no answer from "+where+": check the network and store.s3.endpoint"
	case isNoCredentials(err):
		e.Code, e.Message = CodeAccessDenied, "there are no AWS keys on this machine: "+credentialsHint
	default:
		return false
	}
	return true
}

// isNoCredentials: signing failed because the chain found nothing. The SDK marks it only by the operation.
func isNoCredentials(err error) bool {
	var op *smithy.OperationError
	var re *awshttp.ResponseError
	return errors.As(err, &op) && !errors.As(err, &re)
}
