package ui

import (
	"fmt"
	"strings"
	"time"

	"simpul/node/desk"
)

// metricsRoutes answer a monitor on this PC in the text format of Prometheus. Sums only: nothing about anybody.
func (s *server) metricsRoutes() []route {
	return []route{poll("/metrics", thisPC(), showMetrics)}
}

func showMetrics(r *request) error {
	d := r.server.Desk
	s, err := d.State(r.ctx(), desk.System)
	if err != nil {
		return err
	}
	var out strings.Builder
	gauge := func(name, help string, value float64) {
		fmt.Fprintf(&out, "# HELP simpul_%s %s\n# TYPE simpul_%s gauge\nsimpul_%s %g\n", name, help, name, name, value)
	}
	flag := func(on bool) float64 {
		if on {
			return 1
		}
		return 0
	}
	gauge("events", "Records of the log.", float64(s.Records))
	gauge("members", "Members known here.", float64(s.Members))
	gauge("boxes_waiting", "Visits sealed until an officer signs in.", float64(s.Sealed))
	gauge("vault_open", "1 while names can be read.", flag(d.Open()))
	gauge("clock_suspect", "1 while the PC's clock is not believed.", flag(s.ClockWrong))
	gauge("disk_free_bytes", "Room on the disk of the data, 0 before it was measured.", float64(s.Free))
	if last := d.LastBackup(); !last.IsZero() {
		gauge("backup_age_seconds", "Time since the newest backup that is still there.", r.now().Sub(last).Truncate(time.Second).Seconds())
	}
	r.Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	return r.SendString(out.String())
}
