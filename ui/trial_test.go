package ui

import "simpul/ui/view"

func trialSamples() []sample {
	return []sample{
		{"trial", "trial", func(t say) view.Framed {
			v := &view.Trial{}
			v.Title = t("trial.title")
			return v
		}},
		{"trial-running", "trial", func(t say) view.Framed {
			v := &view.Trial{Address: "http://localhost:8711", Login: "demo", Password: "jalan pagi ke pasar"}
			v.Title = t("trial.title")
			return v
		}},
	}
}
