package bench

import (
	"testing"
	"time"
)

func TestPeakIsTheBusiestWindow(t *testing.T) {
	var all []Hit
	for _, at := range []int64{0, 5_000, 9_999, 10_000, 10_001, 10_002, 30_000} {
		all = append(all, Hit{At: time.UnixMilli(at)})
	}
	// 5,000 to 10,002 fit into ten seconds; 0 and 10,000 do not.
	if got := Peak(all, 10*time.Second); got != 0.5 {
		t.Errorf("busiest ten seconds: %v a second, want 0.5", got)
	}
	if got := Peak(nil, 10*time.Second); got != 0 {
		t.Errorf("no requests peak at %v", got)
	}
}

func TestALineOfTheAccessLogIsRead(t *testing.T) {
	h, err := parseHit("1764259200.250 0.013 200 POST /wp-json/aidoc/v1/lease\n")
	if err != nil || h.Route != "lease" || h.Status != 200 || h.Took != 13*time.Millisecond || h.At.UnixMilli() != 1764259200250 {
		t.Errorf("%+v, %v", h, err)
	}
	if _, err := parseHit("no log of ours\n"); err == nil {
		t.Error("a line of another form is no error")
	}
	for line, want := range map[string]string{
		"1764259200.250 0.001 200 GET /wp-content/uploads/2026/11/minutes.txt\n": Document,
		"1764259200.250 0.013 404 GET /wp-content/uploads/2026/11/minutes.txt\n": "/wp-content/uploads/2026/11/minutes.txt",
	} {
		if h, err := parseHit(line); err != nil || h.Route != want || h.Static() != (want == Document) {
			t.Errorf("%q: %+v, %v", line, h, err)
		}
	}
	for uri, want := range map[string]string{
		"/wp-json/aidoc/v1/jobs/17/file":                      "file",
		"/index.php?rest_route=%2Faidoc%2Fv1%2Fresult":        "result",
		"/wp-content/uploads/aidoc-doorbell/9fa059.txt":       Doorbell,
		"/wp-content/uploads/aidoc-doorbell/9fa059.txt?v=1a2": Doorbell,
		"/wp-content/uploads/2026/11/minutes.txt":             "/wp-content/uploads/2026/11/minutes.txt",
		"/wp-json/bench/v1/nothing":                           "/wp-json/bench/v1/nothing",
		"/":                                                   "/",
	} {
		if got := routeOf(uri); got != want {
			t.Errorf("%s is %q, want %q", uri, got, want)
		}
	}
}
