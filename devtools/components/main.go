// Command components shows every page of candidates in every state, and the
// parts that pages are made of, with canned data:
//
//	go run ./devtools/components
//	go run ./devtools/components -pictures FOLDER
//
// The first serves them, the second takes pictures of all of them, in both
// themes, at the width of a phone and of a desk.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"shiken/devtools/components/gallery"
)

func main() {
	address := flag.String("addr", "127.0.0.1:8090", "address to serve at")
	folder := flag.String("pictures", "", "folder to write pictures to, instead of serving")
	only := flag.String("only", "", "take pictures of states with names that begin so")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	run := func() error { return serve(ctx, *address) }
	if *folder != "" {
		run = func() error { return picture(ctx, *folder, *only) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "components:", err)
		os.Exit(1)
	}
}

// serve serves the gallery until the context ends.
func serve(ctx context.Context, address string) error {
	server := &http.Server{Addr: address, Handler: gallery.Handler(), ReadHeaderTimeout: 5 * time.Second}
	fmt.Println("http://" + address)
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}
