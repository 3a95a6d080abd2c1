package view

import (
	"testing"
	"time"
)

func TestClockState(t *testing.T) {
	for _, c := range []struct {
		elapsed time.Duration
		want    State
		fill    int
	}{{0, OK, 0}, {4 * time.Minute, OK, 80}, {4*time.Minute + time.Second, Warn, 80}, {5 * time.Minute, Warn, 100},
		{5*time.Minute + time.Second, Bad, 100}, {24 * time.Hour, Bad, 100}} {
		clock := Clock{Elapsed: c.elapsed, Standard: 5 * time.Minute}
		if clock.State() != c.want || clock.Fill() != c.fill {
			t.Errorf("%v of 5 minutes: %s %d %%, want %s %d %%", c.elapsed, clock.State(), clock.Fill(), c.want, c.fill)
		}
	}
	if got := (Clock{Elapsed: time.Hour}).State(); got != Quiet {
		t.Errorf("without a standard: %s", got)
	}
}

func TestSteps(t *testing.T) {
	late := Steps{Current: 5, Clock: Clock{Elapsed: 7 * time.Minute, Standard: 5 * time.Minute}}
	want := []State{OK, OK, OK, OK, Bad, Quiet}
	for i, step := range late.List() {
		if step.N != i+1 || step.State != want[i] {
			t.Errorf("step %d is %s, want %s", step.N, step.State, want[i])
		}
	}
	for _, step := range (Steps{Current: 7}).List() {
		if step.State != OK {
			t.Errorf("finished, but step %d is %s", step.N, step.State)
		}
	}
}

func TestProblemsAtTheirFields(t *testing.T) {
	found := Problems{{Field: "nik", Text: "Satu.", Warning: true}, {Field: "nik", Text: "Dua."}, {Field: "birth", Text: "Tiga.", Warning: true}}
	if f := (Field{Name: "nik", Hint: "x"}).With(found); f.Error != "Dua." || f.Warning != "" || f.Described() != "nik-hint nik-problem" {
		t.Errorf("an error hides the warning until it is mended: %+v, described by %q", f, f.Described())
	}
	if d := (DateField{Name: "birth"}).With(found); d.Warning != "Tiga." || d.Error != "" {
		t.Errorf("a warning alone is to be confirmed: %+v", d)
	}
	if len(found.Errors()) != 1 || len(found.Warnings()) != 2 {
		t.Error("errors and warnings are mixed up")
	}
}
