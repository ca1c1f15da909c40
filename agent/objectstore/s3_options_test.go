package objectstore_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

// tlsServer is gofakes3 behind TLS, where the SDK would send checksums behind the body; through is the way to it.
func tlsServer(t *testing.T) (srv *server, through http.RoundTripper) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewTLSServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(s.Close)
	return &server{url: s.URL}, s.Client().Transport
}

func crcOf(b []byte) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))))
}

func shaOf(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Whole or in parts, an object is begun with class, tags and encryption, and every body has its checksum in a header of its own.
func TestS3OptionsReachEveryObject(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		checksum  objectstore.Checksum
		header    string
		of        func([]byte) string
		algorithm string
		kind      string
	}{
		{objectstore.ChecksumCRC32C, "X-Amz-Checksum-Crc32c", crcOf, "CRC32C", "FULL_OBJECT"},
		{objectstore.ChecksumSHA256, "X-Amz-Checksum-Sha256", shaOf, "SHA256", ""},
	} {
		srv, through := tlsServer(t)
		rec := &recorder{through: through}
		s := srv.open(t, func(o *objectstore.S3Options) {
			o.Transport, o.SSE, o.SSEKMSKeyID, o.Checksum = rec, "aws:kms", "alias/aidoc", c.checksum
			o.StorageClass, o.Tags = "STANDARD_IA", []string{"project=aidoc", "team=Presse & Söhne"}
			o.Brief = func(key string) bool { return key == "brief" }
		})
		data := bytes.Repeat([]byte("0123456789abcdef"), 11<<16)
		for key, b := range map[string][]byte{"small": data[:100], "big": data, "brief": data[:7]} {
			if err := s.Put(bg, key, bytes.NewReader(b), int64(len(b)), ""); err != nil {
				t.Fatal(err)
			}
			r, _, err := s.Get(bg, key)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, b) {
				t.Errorf("%s comes back as %d bytes, %v", key, len(got), err)
			}
			r.Close()
		}
		begun, bodies, big := 0, 0, 0
		for i, r := range rec.seen {
			q, h := r.URL.Query(), r.Header
			parts := r.Method == "POST" && q.Has("uploads")
			if parts || r.Method == "PUT" && !q.Has("uploadId") {
				begun++
				class := "STANDARD_IA"
				if strings.HasSuffix(r.URL.Path, "/brief") {
					class = ""
				}
				if h.Get("X-Amz-Storage-Class") != class || h.Get("X-Amz-Tagging") != "project=aidoc&team=Presse+%26+S%C3%B6hne" ||
					h.Get("X-Amz-Server-Side-Encryption") != "aws:kms" || h.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id") != "alias/aidoc" {
					t.Errorf("%s %s is begun with %v", r.Method, r.URL, h)
				}
			}
			if parts && (h.Get("X-Amz-Checksum-Algorithm") != c.algorithm || h.Get("X-Amz-Checksum-Type") != c.kind) {
				t.Errorf("parts are begun with %v", h)
			}
			if r.Method == "PUT" {
				bodies++
				if q.Has("partNumber") {
					big++
				}
				if want := c.of(rec.bodies[i]); h.Get(c.header) != want {
					t.Errorf("%s: %s is %q, want %q", r.URL, c.header, h.Get(c.header), want)
				}
			}
			if h.Get("X-Amz-Trailer") != "" || strings.Contains(h.Get("X-Amz-Content-Sha256"), "STREAMING") || strings.Contains(h.Get("Content-Encoding"), "aws-chunked") {
				t.Errorf("%s %s uses trailing checksums: %v", r.Method, r.URL, h)
			}
			if r.Method == "GET" && h.Get("X-Amz-Checksum-Mode") != "ENABLED" {
				t.Errorf("%s does not ask for the checksum", r.URL)
			}
		}
		if begun != 3 || bodies != 5 || big != 3 {
			t.Errorf("%d objects begun, %d bodies, %d of them parts", begun, bodies, big)
		}
	}
}

// Bytes that are not those of the checksum end the reading with an error that says so; a connection that breaks off says something else.
func TestS3ReadsAgainstTheChecksum(t *testing.T) {
	t.Parallel()
	good, bad := []byte("what was stored"), []byte("what was stor3d")
	for name, c := range map[string]struct {
		sent []byte
		want error
	}{"right": {good, nil}, "changed": {bad, objectstore.ErrCorrupt}, "broken off": {good[:4], objectstore.ErrUnreachable}} {
		srv := fakeServer(t)
		s := srv.open(t, func(o *objectstore.S3Options) {
			o.Checksum = objectstore.ChecksumCRC32C
			o.Transport = &recorder{answer: func(*http.Request) *http.Response {
				body := io.Reader(bytes.NewReader(c.sent))
				if len(c.sent) < len(good) {
					body = io.MultiReader(body, errReader{io.ErrUnexpectedEOF})
				}
				h := http.Header{"X-Amz-Checksum-Crc32c": {crcOf(good)}, "Content-Length": {strconv.Itoa(len(good))}}
				return &http.Response{StatusCode: 200, Header: h, ContentLength: int64(len(good)), Body: io.NopCloser(body)}
			}}
		})
		r, _, err := s.Get(bg, "k")
		if err != nil {
			t.Fatal(err)
		}
		if _, err = io.ReadAll(r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		r.Close()
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// A server that lacks something says so in its own words; the sentence names the setting.
func TestS3OptionsThatAServerLacks(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	for _, c := range []struct {
		status     int
		code, says string
		kind       error
	}{
		{501, "NotImplemented", "store.s3.checksum, store.s3.sse, store.s3.storage_class, store.s3.tags", objectstore.ErrConfig},
		{400, "InvalidArgument", "store.s3.checksum", objectstore.ErrConfig},
		{400, "InvalidStorageClass", "no storage class COLD: correct store.s3.storage_class", objectstore.ErrConfig},
		{400, "InvalidTag", "store.s3.tags", objectstore.ErrConfig},
		{400, "KMS.NotFoundException", "store.s3.sse_kms_key_id", objectstore.ErrConfig},
		{400, "BadDigest", "store.s3.checksum", objectstore.ErrBusy},
		{403, "AccessDenied", "s3:PutObjectTagging, kms:GenerateDataKey and kms:Decrypt", objectstore.ErrAccessDenied},
	} {
		s := srv.open(t, func(o *objectstore.S3Options) {
			o.StorageClass, o.Tags, o.Checksum, o.SSE = "COLD", []string{"a=b"}, objectstore.ChecksumSHA256, "aws:kms"
			o.Transport = &recorder{answer: func(*http.Request) *http.Response { return xmlAnswer(c.status, c.code) }}
		})
		for size, err := range map[string]error{
			"small": s.Put(bg, "k", strings.NewReader("x"), 1, ""), "big": s.Put(bg, "k", bytes.NewReader(make([]byte, 6<<20)), 6<<20, ""),
		} {
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s, %s: %v", c.code, size, err)
			}
		}
	}
	if _, err := objectstore.OpenS3(bg, objectstore.S3Options{Bucket: "b", Tags: []string{"loose"}}); !errors.Is(err, objectstore.ErrConfig) {
		t.Errorf("a tag without a value: %v", err)
	}
}
