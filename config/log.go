package config

import (
	"io"
	"log/slog"
	"strings"
)

// Log says how the program writes its log.
type Log struct {
	JSON  bool // else text
	Level slog.Level
}

// Logger returns a logger to w.
func (l Log) Logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.Level}
	if l.JSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// String writes the setting as SHIKEN_LOG takes it.
func (l Log) String() string {
	format := "text"
	if l.JSON {
		format = "json"
	}
	return format + "," + strings.ToLower(l.Level.String())
}

var logLevels = map[string]slog.Level{
	"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
}

// parseLog reads a format, a level, or both in any order, with a comma between them.
func parseLog(value string) (Log, bool) {
	var out Log
	formats, levels := 0, 0
	for _, word := range strings.Split(strings.ToLower(value), ",") {
		word = strings.TrimSpace(word)
		level, isLevel := logLevels[word]
		switch {
		case word == "text" || word == "json":
			out.JSON = word == "json"
			formats++
		case isLevel:
			out.Level = level
			levels++
		default:
			return Log{}, false
		}
	}
	return out, formats <= 1 && levels <= 1
}
