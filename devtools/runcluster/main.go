// Command runcluster serves the topology of docker-compose.yml as processes of
// this machine until Ctrl-C: Postgres, Redis, instances built from the tree,
// the balancer. Everything it keeps is dropped at the end.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"shiken/devtools/cluster"
)

func main() {
	instances := flag.Int("instances", 2, "how many instances, 1 to 9")
	flag.Parse()
	if *instances < 1 || *instances > 9 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *instances); err != nil {
		fmt.Fprintln(os.Stderr, "runcluster:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, instances int) error {
	demo := os.Getenv("SHIKEN_DEMO")
	if demo == "" {
		demo = "1"
	}
	c, err := cluster.Run(ctx, cluster.Options{
		Instances: instances,
		WantPorts: true,
		Env:       map[string]string{"SHIKEN_DEMO": demo},
	})
	if err != nil {
		return err
	}
	fmt.Printf("The cluster serves on %s (Ctrl-C ends it and drops its data).\n", c.URL())
	fmt.Printf("Sign in as admin / %s", c.AdminPassword)
	if demo == "1" {
		fmt.Print(", or as demo / demo-candidate")
	}
	fmt.Println(".")
	for _, i := range c.Instances {
		fmt.Printf("  %-9s %s (process %d)\n", i.Name, i.URL(), i.Pid())
	}
	fmt.Printf("  %-9s %s\n  %-9s %s\n", "postgres", c.DatabaseURL(), "redis", c.Redis.URL())
	<-ctx.Done()
	fmt.Println("ending")
	return c.Close()
}
