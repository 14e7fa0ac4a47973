package i18n

// Merge reads a catalogue.
var Merge = merge
