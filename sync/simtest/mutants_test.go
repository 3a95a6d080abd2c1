package simtest

import (
	"flag"
	"path/filepath"
	"slices"
	"testing"
)

var table = flag.Int("table", 0, "how many seeds to run for each cell of the table of designs; 0 runs until each is found out")

// Each of the designs that lose data silently is found out, and only by the
// accidents that it does not stand.
func TestTheDesignsThatLoseDataAreFoundOut(t *testing.T) {
	v := openVault(t)
	empty := emptyMemory(t, v)
	accidents := []struct {
		name   string
		faults Faults
	}{{"nothing special", NetFaults}, {"node restored", NetFaults | RestoreFaults}, {"node cloned", NetFaults | CloneFaults}, {"centre restored", NetFaults | CentreFaults}}
	loses := map[Mutant][]bool{
		"":           {false, false, false, false},
		SenderCursor: {false, true, true, true},
		HighestWins:  {false, true, true, false},
		FlagPerRow:   {false, false, false, true},
		PrunesEarly:  {false, false, false, true},
	}
	for _, m := range []Mutant{"", SenderCursor, HighestWins, FlagPerRow, PrunesEarly} {
		for i, a := range accidents {
			most, lost, found := 150, 0, uint64(0)
			if !loses[m][i] {
				most = 4
			}
			if *table > 0 {
				most = *table
			}
			for seed := uint64(1); seed <= uint64(most) && (lost == 0 || *table > 0); seed++ {
				r := Run(Options{Seed: seed, Faults: a.faults, Mutant: m, Vault: v, Empty: empty, Dir: filepath.Join(t.TempDir(), "w")})
				if slices.Contains([]string{"1 no acked loss", "2 no silent loss", "17 progress"}, r.Invariant) {
					if lost++; found == 0 {
						found = seed
					}
				}
			}
			switch {
			case *table > 0:
				t.Logf("design %q, %s: %d of %d runs lose data", m, a.name, lost, most)
			case loses[m][i] && lost == 0:
				t.Errorf("design %q loses data when %s, and %d runs did not find it", m, a.name, most)
			case loses[m][i]:
				t.Logf("design %q, %s: found by seed %d", m, a.name, found)
			case lost > 0:
				t.Errorf("design %q should stand %s; seed %d says no", m, a.name, found)
			}
		}
	}
}
