package ui

// yearSeconds is how long a browser remembers the language and the colours.
const yearSeconds = 365 * 24 * 60 * 60

// lookRoutes: language and colours of this browser. They are no secret and belong to no officer.
func (s *server) lookRoutes() []route {
	return []route{post("/tampilan", anyone(), changeLook)}
}

func changeLook(r *request) error {
	if lang := r.value("lang"); lang == "id" || lang == "en" {
		r.setCookie(langCookie, lang, yearSeconds)
	}
	if theme := r.value("theme"); theme == "auto" || theme == "light" || theme == "dark" {
		r.setCookie(themeCookie, theme, yearSeconds)
	}
	if back := r.value("back"); localPath(back) {
		return r.redirect(back)
	}
	return r.redirect("/")
}
