package ui

import "simpul/ui/view"

func signinSamples() []sample {
	return []sample{
		{"vault", "vault", func(t say) view.Framed {
			v := &view.CloseVault{}
			v.Title = t("vault.title")
			return v
		}},
		{"forgotten", "forgotten", func(t say) view.Framed {
			v := &view.Forgotten{Reopen: "/x", Login: view.Choice{Name: "login", Label: t("signin.officer"), Options: []view.Option{{Value: "siti", Text: "Siti Rahayu (siti)"}}},
				Words:    view.Field{Name: "words", Label: t("forgot.words"), Hint: t("forgot.words.hint"), Lines: 3},
				Password: view.Field{Name: "password", Label: t("password.new"), Hint: t("password.hint"), Kind: "password"}}
			v.Title = t("forgot.title")
			v.Page.Officer.Name = "-"
			return v
		}},
	}
}
