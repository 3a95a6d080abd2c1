package ui

import (
	"encoding/json"
	"net/http"

	"github.com/gofiber/fiber/v2"
)

// Bare is the least Fiber program that takes a record as JSON (an array of texts) and keeps it: no sign-in, token, checks
// or page. `bench` holds the real screens against it in the same run, and nothing else may use it.
func Bare(keep func(values []string) error) *fiber.App {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/", func(c *fiber.Ctx) error {
		var values []string
		if err := json.Unmarshal(c.Body(), &values); err != nil {
			return c.SendStatus(http.StatusBadRequest)
		}
		if err := keep(values); err != nil {
			return err
		}
		return c.SendStatus(http.StatusCreated)
	})
	return app
}
