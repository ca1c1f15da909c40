package fetch

import (
	"crypto/x509"
	"io"
	"log"
	"net/http/httptest"
	"time"
)

var modified = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }

func roots(s *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}
