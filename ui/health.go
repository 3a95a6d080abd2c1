package ui

import "net/http"

// healthRoutes answer machines: alive, and able to serve. Without sign-in, and
// without a word about anybody.
func (s *server) healthRoutes() []route {
	return []route{
		poll("/healthz", anyone(), func(r *request) error { return r.SendString("ok") }),
		poll("/readyz", anyone(), func(r *request) error {
			if r.server.Desk == nil || !r.server.Desk.Ready() {
				return r.Status(http.StatusServiceUnavailable).SendString("not set up")
			}
			return r.SendString("ready")
		}),
	}
}
