package ui

import (
	"simpul/ui/text"
	"simpul/ui/view"
)

func setupSamples() []sample {
	var all []sample
	words := []string{"sawah", "gunung", "perahu", "kopi", "melati", "ombak", "layang", "jendela", "kapas", "lentera", "padi", "rusa", "angin", "batu", "cemara"}
	for i, page := range setupPages {
		all = append(all, sample{"setup-" + page.name, "setup", func(t say) view.Framed {
			s := newWordsOnly()
			v := &view.Setup{State: "x", Step: i + 1, Of: len(setupPages), Name: page.name, Back: i > 0,
				Text: []string{t("setup." + page.name + ".text")}, Button: t("setup.next")}
			v.Title = t("setup." + page.name)
			page.draw(&setup{drawnSheet: drawnSheet{Words: words, Ask: 7}, Role: "branch", Language: "id"}, &request{server: s, lang: languageOf(t)}, v)
			v.Page.Officer.Name = "-"
			return v
		}})
	}
	return append(all, sample{"ready", "ready", func(t say) view.Framed {
		v := &view.Ready{Manager: true, Join: true}
		v.Title = t("ready.title")
		return v
	}})
}

// newWordsOnly is a server that can do nothing but speak.
func newWordsOnly() *server {
	words, err := text.Load()
	if err != nil {
		panic(err)
	}
	return &server{words: words}
}

// languageOf finds out in which language a sample is asked for.
func languageOf(t say) string {
	if t("common.save") == "Save" {
		return "en"
	}
	return "id"
}
