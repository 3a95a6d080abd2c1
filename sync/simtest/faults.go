package simtest

import (
	"context"
	"fmt"
	"strings"
)

// Faults is a set of what may go wrong.
type Faults uint32

// What may go wrong.
const (
	NetFaults     Faults = 1 << iota // lost, cut, repeated and late requests and answers, a busy centre
	PowerFaults                      // at any commit, of a node or of the centre
	DiskFaults                       // full
	ClockFaults                      // ten years wrong, drifting, jumping
	RestoreFaults                    // a node's database put back, by command or by hand
	CloneFaults                      // a disk copied to a second PC
	CentreFaults                     // the centre put back, with a word or without
	PoisonFaults                     // events that cannot be applied
	RevokeFaults                     // nodes lost and replaced
	EraseFaults                      // people who want to be forgotten
	Decided                          // people merged and split, cards barred
	StickFaults                      // bundles that are old, come twice, or were not copied to their end
	RetainFaults                     // old lines of the visit register lose their names
	allFaults     = 1<<iota - 1
)

var faultNames = []string{"net", "power", "disk", "clock", "restore", "clone", "centre", "poison", "revoke", "erase", "decided", "stick", "retain"}

func (f Faults) String() string {
	var names []string
	for i, name := range faultNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// step is something that may happen next.
type step struct {
	name   string
	weight int
	needs  Faults
	run    func(*World)
}

func steps() []step {
	return []step{
		{"work", 420, 0, (*World).stepWork},
		{"exchange", 330, 0, (*World).stepExchange},
		{"wait", 40, 0, (*World).stepWait},
		{"restart", 15, 0, func(w *World) { w.restart(w.anySite()) }},
		{"back up", 40, 0, func(w *World) { w.anySite().backUp() }},
		{"back up the centre", 20, 0, (*World).stepCentreBackup},
		{"work at the centre", 15, 0, (*World).stepCentreWork},
		{"late", 30, NetFaults, func(w *World) { w.lateDelivery(w.dice) }},
		{"power", 35, PowerFaults, (*World).stepPower},
		{"disk", 15, DiskFaults, (*World).stepDisk},
		{"clock", 25, ClockFaults, (*World).stepClock},
		{"restore", 20, RestoreFaults, (*World).stepRestore},
		{"clone", 12, CloneFaults, (*World).stepClone},
		{"restore the centre", 12, CentreFaults, (*World).stepCentreRestore},
		{"poison", 20, PoisonFaults, (*World).stepPoison},
		{"revoke", 8, RevokeFaults, (*World).stepRevoke},
		{"erase", 10, EraseFaults, (*World).stepErase},
		{"decide", 25, Decided, (*World).stepDecide},
		{"stick", 25, StickFaults, (*World).stepStick},
		{"retain", 15, RetainFaults, (*World).stepRetain},
	}
}

func (w *World) takeStep() {
	w.now += w.dice.Int64N(20 * minute)
	menu, total := steps(), 0
	for i, s := range menu {
		if s.needs != 0 {
			menu[i].weight *= w.plan.busy
		}
		if s.needs&w.faults == s.needs {
			total += menu[i].weight
		}
	}
	n := w.dice.IntN(total)
	for _, s := range menu {
		if s.needs&w.faults != s.needs {
			continue
		}
		if n -= s.weight; n < 0 {
			w.count("step " + s.name)
			s.run(w)
			return
		}
	}
}

func (w *World) stepWork() {
	s := w.anySite()
	for range 1 + w.dice.IntN(5) {
		s.work(w.dice)
		if s.dead() {
			w.revive(s)
			return
		}
		w.now += w.dice.Int64N(5 * minute)
	}
}

func (w *World) stepExchange() {
	s := w.anySite()
	for range 1 + w.dice.IntN(4) {
		if !w.exchange(s) {
			break
		}
	}
	if w.dice.IntN(4) == 0 {
		w.settle(2)
	}
}

func (w *World) stepWait() {
	w.now += w.dice.Int64N(3 * day)
	w.say("time passes")
}

func (w *World) stepPower() {
	s := w.anySite()
	if w.dice.IntN(3) == 0 {
		s = w.centre
	}
	n, kept := 1+w.dice.IntN(6), w.dice.IntN(2) == 0
	s.mem.DieAt(n, kept)
	w.say("%s: the power will go out at commit %d, kept %v", s.name, n, kept)
}

func (w *World) stepDisk() {
	s := w.anySite()
	if w.dice.IntN(4) == 0 {
		s = w.centre
	}
	w.setFull(s, !s.full)
}

func (w *World) setFull(s *site, full bool) {
	more := -1
	if full {
		more = w.dice.IntN(6)
	}
	if err := s.limit(more); err != nil {
		w.say("%s: %v", s.name, err)
		return
	}
	s.full = full
	w.say("%s: the disk is full: %v", s.name, full)
}

func (w *World) stepClock() {
	s := w.anySite()
	if w.dice.IntN(5) == 0 {
		s = w.centre
	}
	s.clock.jump(w.dice)
	if off := s.clock.offset; off > year || off < -year {
		w.count("clock wrong by more than a year")
	}
	w.say("%s: the clock says %s", s.name, s.clock.now().UTC().Format("2006-01-02T15:04:05"))
}

// stepRestore puts a node's database back to a copy of it.
func (w *World) stepRestore() {
	s := w.anySite()
	if len(s.copies) == 0 {
		s.backUp()
		return
	}
	b, fate := s.copies[w.dice.IntN(len(s.copies))], markFate(w.dice.IntN(3))
	w.say("%s: is put back to what it was at %s, mark %d", s.name, clockText(b.at), fate)
	s.putBack(b, fate)
	w.count("node put back, " + fate.String())
	w.forgotten(s.name + " was put back")
}

// stepClone starts a second PC from the disk of a first.
func (w *World) stepClone() {
	if len(w.living()) >= 6 {
		return
	}
	s := w.anySite()
	if s.node == nil || s.dead() {
		return
	}
	b := s.backUp()
	same := w.dice.IntN(3) == 0
	c := w.newSite(s.name+"'", s.clock.offset)
	c.node = s.node.copy()
	c.pictures = copyPhotos(s.pictures)
	c.clerk, c.visits = s.clerk, append(c.visits, s.visits...)
	c.copied, s.copied, c.twin = true, true, same
	if same { // a copied virtual machine: even the machine looks the same
		c.machine = s.machine
	}
	if b.mark != nil && (same || w.dice.IntN(2) == 0) {
		w.must(writeMark(c.markFile(), b.mark))
	}
	mem, err := b.mem.Copy()
	w.must(err)
	c.mem = mem
	w.say("%s: is a copy of %s, same machine %v", c.name, s.name, same)
	w.must(c.open())
	w.count(map[bool]string{true: "node cloned, same machine", false: "node cloned"}[same])
	if same && s.enrolled() != nil && w.dice.IntN(3) == 0 {
		w.tellsTwins(s, c)
	}
}

// tellsTwins: the first of two running copies speaks with the centre a few times,
// and then the other does, before either has written anything. No chain shows
// that there are two; the tickets do (6).
func (w *World) tellsTwins(first, second *site) {
	if w.told(first, "foreign") {
		return // they know already
	}
	calm := w.calm
	w.calm = true
	defer func() { w.calm = calm }()
	for range 3 {
		if w.exchange(first); !first.spoke {
			return
		}
	}
	before, streams := w.noticed(second), w.streamsOf(second)
	for range 3 {
		if w.exchange(second); !second.spoke {
			return
		}
	}
	if w.streamsOf(second) > streams {
		return // it was put back before, and opened a stream of its own while the request was on its way: no copy any more
	}
	if w.noticed(second) == before {
		w.fail("6 forks are visible", "%s is a copy of %s, both have spoken with the centre, and nobody is told", second.name, first.name)
	}
}

func (w *World) streamsOf(s *site) int {
	list, err := s.st.Streams(context.Background())
	w.must(err)
	return len(list)
}

// noticed is what a PC tells its people.
func (w *World) noticed(s *site) string {
	list, err := s.st.Notices(context.Background(), 1000)
	w.must(err)
	out := ""
	for _, n := range list {
		out += fmt.Sprintln(n.Kind, n.Detail, n.At)
	}
	return out
}
