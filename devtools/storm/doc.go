// Package storm holds tests that let very many people do the same at the same
// moment, over HTTP against the running program, and watch what that costs it.
package storm
