package wptest

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

var (
	leaseHeader = regexp.MustCompile(`\A([0-9]+):([A-Za-z0-9_-]{22})\z`)
	rangeHeader = regexp.MustCompile(`\Abytes=([0-9]+)-\z`)
)

// file serves a document to its lease holder, whole or from an offset.
func (s *Site) file(r *http.Request, id string) answer {
	m := leaseHeader.FindStringSubmatch(r.Header.Get("X-Aidoc-Lease"))
	if m == nil {
		return refuse(400, "aidoc_invalid_field", "X-Aidoc-Lease is <epoch>:<lease_token>.", nil).uncovered()
	}
	jobID, _ := strconv.ParseInt(id, 10, 64)
	epoch, _ := strconv.ParseInt(m[1], 10, 64)
	j, code := s.guard(wpclient.LeaseRef{JobID: jobID, Epoch: epoch, LeaseToken: m[2]})
	if code != "" {
		return refuseLease(code).uncovered()
	}
	if j.missing || j.source.Kind != "site" {
		return refuse(404, wpclient.CodeFileMissing, "The file is gone.", nil)
	}
	sum, _ := hex.DecodeString(j.sha256)
	etag := `"` + j.sha256 + `"`
	a := answer{status: 200, body: j.data, digest: "sha-256=:" + base64.StdEncoding.EncodeToString(sum) + ":", header: http.Header{
		"Content-Type": {j.mime}, "Etag": {etag}, "Accept-Ranges": {"bytes"},
	}}
	ifRange := r.Header.Get("If-Range")
	if m := rangeHeader.FindStringSubmatch(r.Header.Get("Range")); m != nil && (ifRange == "" || ifRange == etag) {
		from, _ := strconv.Atoi(m[1])
		if from >= len(j.data) {
			return refuse(416, "aidoc_range_not_satisfiable", "The file is shorter.", nil).uncovered()
		}
		a.status, a.body = 206, j.data[from:]
		a.header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(j.data)-1, len(j.data)))
	}
	return a
}
