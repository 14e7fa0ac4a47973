package richtext

// Remembered tells how many bytes the renderer remembers.
func (r *Renderer) Remembered() int {
	r.cache.mu.Lock()
	defer r.cache.mu.Unlock()
	return r.cache.bytes
}
