package merge

import (
	"testing"

	"pgregory.net/rapid"
)

// drawStamp draws from few values, so that stamps often share a part.
func drawStamp(t *rapid.T) Stamp {
	return Stamp{Admitted: rapid.Int64Range(-1, 2).Draw(t, "admitted"), Rank: rapid.Uint64Range(0, 2).Draw(t, "rank"), Seq: rapid.Uint64Range(0, 3).Draw(t, "seq")}
}

func TestCompareIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawStamp(t), drawStamp(t), drawStamp(t)
		ab, bc, ac := a.Compare(b), b.Compare(c), a.Compare(c)
		if ab != -b.Compare(a) {
			t.Fatalf("%v and %v: %d one way, %d the other", a, b, ab, b.Compare(a))
		}
		if (ab == 0) != (a == b) {
			t.Fatalf("%v and %v: %d", a, b, ab)
		}
		if ab <= 0 && bc <= 0 && ac > 0 || ab >= 0 && bc >= 0 && ac < 0 {
			t.Fatalf("%v, %v, %v: %d %d %d", a, b, c, ab, bc, ac)
		}
	})
}

func TestCompare(t *testing.T) {
	// From low to high.
	order := []Stamp{
		{Admitted: -5, Rank: 9, Seq: 9}, // a true time before 1970 is still a time
		{Admitted: 10, Rank: 1, Seq: 7},
		{Admitted: 10, Rank: 1, Seq: 8},
		{Admitted: 10, Rank: 2, Seq: 1},
		{Admitted: 11, Rank: 1, Seq: 1},
		Own(1, 1), Own(1, 2), Own(2, 1), // pending: above all that is admitted
	}
	for i, a := range order {
		for j, b := range order {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := a.Compare(b); got != want {
				t.Errorf("%v and %v: %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestStep(t *testing.T) {
	for s, want := range map[Stage]int{StageOpened: 2, StageIdentified: 3, StageFilled: 4, StageVerified: 5, StageIssued: 6,
		StageDone: 0, StageRefused: 0, StageWithdrawn: 0, StageLapsed: 0, StageSame: 0, "": 0, "later": 0} {
		if got := s.Step(); got != want || s.Open() != (want != 0) {
			t.Errorf("%q: step %d, open %v; want %d", s, got, s.Open(), want)
		}
	}
}
