package cli

import "context"

// runServe serves until it is interrupted.
func runServe(ctx context.Context, t *Terminal, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	return t.Serve(ctx)
}

// runHealthcheck tells by its exit code whether the instance with these settings is ready, for
// images that hold no program to ask it with.
func runHealthcheck(ctx context.Context, t *Terminal, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	if err := t.Ready(ctx); err != nil {
		return refused("error.unready", "detail", err.Error())
	}
	return nil
}
