package journal

import (
	"testing"
	"time"
)

// What is in work here, or what the site has not heard of, is never too old.
func TestStoredNamesWhatIsOldAndOver(t *testing.T) {
	t.Parallel()
	j, c := fresh(t)
	old := c.now().Add(-time.Hour)
	for id := int64(1); id <= 6; id++ {
		check(t, j.NoteStored(bg, site, Stored{JobID: id, At: old.Add(time.Duration(id) * time.Second), Own: id == 1}))
	}
	check(t, j.NoteStored(bg, "https://other.example", Stored{JobID: 1, At: old}))
	check(t, j.SaveJob(bg, job(2, 1, StateExtracting)))
	check(t, j.SaveJob(bg, job(3, 1, StateDone)))
	check(t, j.Enqueue(bg, item("r", 4, 1, KindResult), job(4, 1, StateReporting)))
	check(t, j.SaveJob(bg, job(4, 1, StateDone))) // and not told all the same
	check(t, j.NoteStored(bg, site, Stored{JobID: 5, At: c.now()}, Stored{JobID: 1, At: old}))
	check(t, j.ForgetStored(bg, site, 6))
	got, err := j.StoredBefore(bg, site, c.now(), 10)
	check(t, err)
	if len(got) != 2 || got[0].JobID != 1 || !got[0].Own || !got[0].At.Equal(old.Add(time.Second)) || got[1].JobID != 3 || got[1].Own {
		t.Errorf("%+v", got)
	}
	if got, err := j.StoredBefore(bg, site, c.now(), 1); err != nil || len(got) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	check(t, j.Delivered(bg, "r"))
	if got, _ := j.StoredBefore(bg, site, c.now(), 10); len(got) != 3 {
		t.Errorf("after the delivery: %+v", got)
	}
	check(t, j.Erase(bg, site, 1, ""))
	if got, _ := j.StoredBefore(bg, site, c.now(), 10); len(got) != 2 || got[0].JobID != 3 {
		t.Errorf("after the erasing: %+v", got)
	}
}

func TestWhenAStoreWasListedIsKnownForEachSiteAndStore(t *testing.T) {
	t.Parallel()
	j, c := fresh(t)
	check(t, j.NoteListed(bg, site, "s3://a", c.now().Add(-time.Hour)))
	check(t, j.NoteListed(bg, site, "s3://a", c.now()))
	if at, err := j.StoreListed(bg, site, "s3://a"); err != nil || !at.Equal(c.now()) {
		t.Errorf("%v, %v", at, err)
	}
	for _, other := range [][2]string{{site, "s3://b"}, {"https://other.example", "s3://a"}} {
		if at, err := j.StoreListed(bg, other[0], other[1]); err != nil || !at.IsZero() {
			t.Errorf("%v: %v, %v", other, at, err)
		}
	}
}
