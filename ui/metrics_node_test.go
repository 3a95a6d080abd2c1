package ui_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/node/nodetest"
)

func TestMetricsNeedNoSignIn(t *testing.T) {
	p := nodetest.Start(t).Browser(t).Get("/metrics")
	if p.Status != http.StatusOK || !strings.Contains(p.Body, "\nsimpul_vault_open 1\n") || !strings.Contains(p.Body, "\nsimpul_members 0\n") || strings.Contains(p.Body, "backup_age") {
		t.Fatalf("%d %s", p.Status, p.Body)
	}
}
