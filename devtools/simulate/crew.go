package simulate

import "sync"

// crew does the work of many short goroutines by few, whose stacks have grown already. Which of them does
// what makes no difference to a run.
type crew struct {
	mu    sync.Mutex
	idle  []chan func()
	tasks *sync.WaitGroup
}

// do lets somebody do the work, who is waited for with the tasks.
func (c *crew) do(work func()) {
	c.tasks.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.idle); n > 0 {
		c.idle[n-1] <- work // nobody else sends there
		c.idle = c.idle[:n-1]
		return
	}
	go c.serve(work)
}

// serve works until there is nothing any more: who is given no work leaves.
func (c *crew) serve(work func()) {
	roomy()
	turn := make(chan func(), 1)
	for work != nil {
		work()
		c.mu.Lock()
		c.idle = append(c.idle, turn)
		c.mu.Unlock()
		c.tasks.Done()
		work = <-turn
	}
}

// leave lets those go who wait for work, when there will be none.
func (c *crew) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, turn := range c.idle {
		turn <- nil
	}
	c.idle = nil
}

// roomy makes the stack of its goroutine grow once, while nothing stands on it.
//
//go:noinline
func roomy() byte {
	var room [28 << 10]byte
	for i := 0; i < len(room); i += 4 << 10 {
		room[i] = byte(i)
	}
	return room[len(room)-1]
}
