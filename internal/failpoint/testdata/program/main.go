// Program passes the failpoint "here" three times and counts how often it got past.
package main

import (
	"fmt"

	"shiken/internal/failpoint"
)

func main() {
	for i := 1; i <= 3; i++ {
		failpoint.Hit("other")
		failpoint.Hit("here")
		fmt.Print(i)
	}
}
