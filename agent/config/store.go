package config

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Checksums of store.s3.checksum.
const (
	ChecksumAuto   = "auto"
	ChecksumCRC32C = "crc32c"
	ChecksumSHA256 = "sha256"
	ChecksumNone   = "none"
)

// ChecksumToUse is what auto means: AWS takes checksums, and of other servers only their operator knows.
func (s S3Store) ChecksumToUse() string {
	switch {
	case s.Checksum != ChecksumAuto:
		return s.Checksum
	case s.Endpoint == "":
		return ChecksumCRC32C
	}
	return ChecksumNone
}

func (c *Config) checkStore(k *checks) {
	s := c.Store
	k.oneOf("store.kind", s.Kind, StoreDir, StoreS3)
	if s.Layout != "" && !strings.Contains(s.Layout, "{job_id}") {
		k.bad("store.layout", "has no {job_id}: documents would overwrite each other")
	}
	if s.Layout != "" && len(c.Sites) > 1 && !strings.Contains(s.Layout, "{site}") && !c.OwnPrefixes() {
		k.bad("store.layout", "has no {site}, but job ids of several sites collide: use {site}/processed/{job_id}, leave it empty, or give each site a sites[].store_prefix of its own")
	}
	if s.Keep != 0 {
		between(k, "store.keep", s.Keep, Duration(7*24*time.Hour), Duration(36500*24*time.Hour))
		if c.Schedule.Housekeeping == "" || c.Schedule.Housekeeping == "off" {
			k.bad("store.keep", "needs schedule.housekeeping, which removes what is too old")
		}
	}
	if s.Kind != StoreS3 {
		return
	}
	if s.S3.Bucket == "" {
		k.bad("store.s3.bucket", "is needed for the kind s3")
	}
	k.s3Server("store.s3", s.S3.Endpoint, s.S3.AccessKeyID, s.S3.SecretAccessKey)
	k.oneOf("store.s3.sse", s.S3.SSE, "", "AES256", "aws:kms")
	if s.S3.SSEKMSKeyID != "" && s.S3.SSE != "aws:kms" {
		k.bad("store.s3.sse_kms_key_id", "needs sse: aws:kms")
	}
	s.S3.checkClass(k)
	s.S3.checkTags(k)
	k.oneOf("store.s3.checksum", s.S3.Checksum, ChecksumAuto, ChecksumCRC32C, ChecksumSHA256, ChecksumNone)
}

// awsClasses are those from which an object is read at once. coldClasses are those from which it first has to be ordered: another agent that
// takes over, and whoever asks for a text, would wait for hours.
var (
	awsClasses  = []string{"STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "REDUCED_REDUNDANCY", "EXPRESS_ONEZONE"}
	coldClasses = []string{"GLACIER", "DEEP_ARCHIVE"}
	className   = pattern.Lazily(`^[A-Za-z0-9_-]{1,64}$`)
)

func (s S3Store) checkClass(k *checks) {
	switch c := s.StorageClass; {
	case c == "":
	case slices.Contains(coldClasses, c):
		k.bad("store.s3.storage_class", "%s cannot be read at once: use GLACIER_IR, or let a lifecycle rule move objects there later", c)
	case s.Endpoint == "" && !slices.Contains(awsClasses, c):
		k.bad("store.s3.storage_class", "%q is no class of AWS: use one of %s", c, strings.Join(awsClasses, ", "))
	case !className.MatchString(c):
		k.bad("store.s3.storage_class", "%q is no name of a class: it has letters, digits, _ and - only", c)
	}
}

// S3 takes at most so many tags, of these letters.
const maxTags, maxTagName, maxTagValue = 10, 128, 256

var tagLetters = pattern.Lazily(`^[\pL\pN\pZ_.:/=+\-@]*$`)

func (s S3Store) checkTags(k *checks) {
	if len(s.Tags) > maxTags {
		k.bad("store.s3.tags", "has %d tags: S3 takes %d", len(s.Tags), maxTags)
	}
	seen := map[string]bool{}
	for _, t := range s.Tags {
		name, value, ok := strings.Cut(t, "=")
		switch {
		case !ok || name == "":
			k.bad("store.s3.tags", "%q is no tag: write it like project=aidoc", t)
		case seen[name]:
			k.bad("store.s3.tags", "has the tag %s twice", name)
		case strings.HasPrefix(strings.ToLower(name), "aws:"):
			k.bad("store.s3.tags", "%q begins with aws:, which AWS keeps to itself", name)
		case utf8.RuneCountInString(name) > maxTagName || utf8.RuneCountInString(value) > maxTagValue:
			k.bad("store.s3.tags", "%q is too long: a name has at most %d letters, a value %d", name, maxTagName, maxTagValue)
		case !tagLetters.MatchString(t):
			k.bad("store.s3.tags", "%q has a sign that S3 does not take in a tag: letters, digits, spaces and _ . : / = + - @ are allowed", t)
		}
		seen[name] = true
	}
}

// s3Server checks what the settings below path say of a server.
func (k *checks) s3Server(path, endpoint, keyID string, secret Secret) {
	if endpoint != "" {
		if u, err := url.Parse(endpoint); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
			k.bad(path+".endpoint", "is not a URL: write it like https://minio.example.org:9000")
		}
	}
	if (keyID == "") != (secret == "") {
		k.bad(path+".access_key_id", "and secret_access_key go together: set both, or none to use the AWS_* variables, profile or role")
	}
}
