package store_test

import (
	"testing"

	"shiken/store"
)

func TestKeepsPayload(t *testing.T) {
	for _, tt := range []struct {
		number int64
		bytes  int
		want   bool
	}{
		{1, 10 << 20, true}, {32, 10 << 20, true}, {33, 32<<10 + 1, false}, {33, 32 << 10, true},
		{512, 32 << 10, true}, {513, 32 << 10, false}, {513, 4 << 10, true}, {4_096, 4 << 10, true},
		{4_096, 4<<10 + 1, false}, {4_097, 1, false}, {1 << 40, 0, false},
	} {
		if got := store.KeepsPayload(tt.number, tt.bytes); got != tt.want {
			t.Errorf("rejection %d of %d bytes is kept: %t, want %t", tt.number, tt.bytes, got, tt.want)
		}
	}
}

// TestPayloadsAreBounded adds up what the worst client can have kept of one attempt.
func TestPayloadsAreBounded(t *testing.T) {
	const request, limit = 1 << 20, 64 << 20
	sizes := []int{request, 32 << 10, 4 << 10, 1}
	all := 0
	for number := int64(1); number <= 100_000; number++ {
		for _, size := range sizes {
			if store.KeepsPayload(number, size) {
				all += size
				break
			}
		}
	}
	if all > limit {
		t.Errorf("%d bytes may be kept, want at most %d", all, limit)
	}
}
