package wpclient

// MaxErasures is how many erasures an answer tells and a request acknowledges, at most.
const MaxErasures = 64

// Erasure is a job whose document was deleted for good on the site: what an agent keeps for it is to be erased.
type Erasure struct {
	JobID  int64  `json:"job_id"`
	SHA256 string `json:"sha256"` // of the document, or "" where the site never knew it
}

// checkErasures keeps what the protocol allows. The rest is left out: erasing is not to be guessed at.
func checkErasures(told []Erasure) []Erasure {
	var good []Erasure
	for _, e := range told[:min(len(told), MaxErasures)] {
		if e.JobID > 0 && (e.SHA256 == "" || sha256Form.MatchString(e.SHA256)) {
			good = append(good, e)
		}
	}
	return good
}
