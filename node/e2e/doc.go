// Package e2e drives the built binary in a real browser: what a person does, on
// the screen and by keyboard, with the network out. It has nothing but tests.
// They need Chromium; .ci/run installs it.
package e2e
