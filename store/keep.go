package store

import "math"

// maxPayload is no bound of ours: a request holds 1 MiB (docs/design.md §7).
const maxPayload = math.MaxInt

// payloadTiers say up to which rejection of an attempt which payloads are kept, in bytes of JSON.
// The first 32 may fill a request each; all others of an attempt take less than 30 MiB together. See
// docs/decisions/0006-rejections-are-bounded.md.
var payloadTiers = []struct {
	number int64
	bytes  int
}{
	{32, maxPayload},
	{512, 32 << 10},
	{4_096, 4 << 10},
}

// KeepsPayload reports whether the payload of an attempt's rejection, by number from 1 and with its
// size as JSON, is kept. Beyond that a rejection is kept with arrival, reason and digest alone: R15
// is for what a candidate may want back, and nobody may fill the disk with it.
func KeepsPayload(number int64, bytes int) bool {
	for _, tier := range payloadTiers {
		if number <= tier.number {
			return bytes <= tier.bytes
		}
	}
	return false
}

// keepsAnyPayload reports whether a rejection's payload is kept whatever its size.
func keepsAnyPayload(number int64) bool { return KeepsPayload(number, maxPayload) }
