package merge

import "simpul/sync/event"

// OwnRanks is how many ranks are kept for the streams of the centre itself;
// every stream of a node gets a rank above them, in the order in which the
// centre first met it.
const OwnRanks = 1 << 20

// Admitted is the stamp of an event that the centre took in. before is the
// effective time of the event before it in the stream, 0 for the first: an
// effective time never goes back within a stream, never before the node's
// stream before, never after the centre had it, and never after the node's stream
// after, where the centre met that one first: both had been put back.
//
// Readings of the same boot as the one at the exchange are exact whatever the
// node's clock says, since they count from the same start; of an earlier boot
// there is only the wall reading, corrected by what the clock is off now.
func Admitted(a event.Admission, before int64, rec event.Record) Stamp {
	at := rec.Wall + a.Offset
	if rec.Boot == a.Boot && a.Boot != 0 && rec.Mono <= a.Mono {
		at = a.Received - (a.Mono - rec.Mono)
	}
	at = min(at, a.Received)
	if a.Ceiling > 0 {
		at = min(at, a.Ceiling)
	}
	at = max(at, before, a.Floor, 1)
	return Stamp{Admitted: at, Rank: a.Rank, Seq: rec.Seq}
}

// AtCentre is the stamp of an event of the centre's own log: the centre's clock
// is the reference, and it does not go back.
func AtCentre(generation uint64, before int64, rec event.Record) Stamp {
	return Stamp{Admitted: max(rec.Wall, before, 1), Rank: generation, Seq: rec.Seq}
}
