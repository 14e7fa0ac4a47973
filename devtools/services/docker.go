package services

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"shiken/devtools/proc"
)

// start makes a server in Docker where an engine answers, else, or when that
// fails (no image, ports of another machine), from the system's binaries; and
// waits until it answers. A port taken by another process in the meantime is a
// reason to try again.
func start(ctx context.Context, inDocker, onSystem func() (*Server, error)) (*Server, error) {
	var fault error
	if DockerEngine(ctx) {
		s, err := launch(ctx, inDocker)
		if err == nil {
			return s, nil
		}
		fault = err
	}
	s, err := startOnSystem(ctx, onSystem)
	if err != nil {
		return nil, errors.Join(fault, err)
	}
	return s, nil
}

func startOnSystem(ctx context.Context, onSystem func() (*Server, error)) (*Server, error) {
	const tries = 3
	var fault error
	for range tries {
		s, err := launch(ctx, onSystem)
		if err == nil {
			return s, nil
		}
		fault = errors.Join(fault, err)
		if !errors.Is(err, errDied) {
			break
		}
	}
	return nil, fault
}

func launch(ctx context.Context, make func() (*Server, error)) (*Server, error) {
	s, err := make()
	if err != nil {
		return nil, err
	}
	if err := s.Start(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

var engine struct {
	sync.Once
	answers bool
}

// DockerEngine tells whether a Docker engine of this machine answers. The
// answer is asked for once; SHIKEN_TEST_DOCKER=0 says no.
func DockerEngine(ctx context.Context) bool {
	engine.Do(func() {
		host := os.Getenv("DOCKER_HOST")
		if os.Getenv("SHIKEN_TEST_DOCKER") == "0" || (host != "" && !strings.HasPrefix(host, "unix:")) {
			return
		}
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		_, err := docker(ctx, "info", "--format", "{{.ServerVersion}}")
		engine.answers = err == nil
	})
	return engine.answers
}

func docker(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "docker", args...).CombinedOutput()
	text := strings.TrimSpace(string(out))
	if err != nil {
		return "", fmt.Errorf("services: docker %s: %w: %s", args[0], err, text)
	}
	return text, nil
}

// container is a runner in Docker.
type container struct{ name string }

func postgresContainer(ctx context.Context, want int, settings []string) (*Server, error) {
	args := []string{}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	env := []string{"POSTGRES_USER=" + postgresUser, "POSTGRES_DB=postgres", "POSTGRES_HOST_AUTH_METHOD=trust"}
	box, port, err := createContainer(ctx, PostgresImage, want, 5432, env, args)
	if err != nil {
		return nil, err
	}
	return postgresServer(port, "", box), nil
}

func redisContainer(ctx context.Context, want int) (*Server, error) {
	box, port, err := createContainer(ctx, RedisImage, want, 6379, nil, redisSettings)
	if err != nil {
		return nil, err
	}
	return redisServer(port, "", box), nil
}

// createContainer makes a container whose port inside stands on the wanted or
// a free loopback port, fixed so that a restart finds it again.
func createContainer(ctx context.Context, image string, want, inside int, env, args []string) (*container, int, error) {
	if err := pull(ctx, image); err != nil {
		return nil, 0, err
	}
	port, err := portOr(want)
	if err != nil {
		return nil, 0, err
	}
	box := &container{name: "shiken-test-" + strings.ToLower(rand.Text()[:12])}
	if err := proc.TrackContainer(box.name); err != nil {
		return nil, 0, err
	}
	create := []string{"create", "--name", box.name, "--publish", fmt.Sprintf("127.0.0.1:%d:%d", port, inside)}
	for _, e := range env {
		create = append(create, "--env", e)
	}
	_, err = docker(ctx, append(append(create, image), args...)...)
	return box, port, err
}

func pull(ctx context.Context, image string) error {
	if _, err := docker(ctx, "image", "inspect", "--format", "{{.Id}}", image); err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, pullPatience)
	defer cancel()
	_, err := docker(ctx, "pull", "--quiet", image)
	return err
}

func (c *container) do(args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	_, err := docker(ctx, append(args, c.name)...)
	return err
}

func (c *container) state(field string) string {
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	text, err := docker(ctx, "inspect", "--format", "{{.State."+field+"}}", c.name)
	if err != nil {
		return ""
	}
	return text
}

func (c *container) start() error { return c.do("start") }
func (c *container) stop() error  { return c.do("stop") }

func (c *container) remove() error {
	if err := c.do("rm", "--force", "--volumes"); err != nil {
		return err
	}
	proc.UntrackContainer(c.name)
	return nil
}

func (c *container) alive() error {
	if c.state("Running") == "true" {
		return nil
	}
	return fmt.Errorf("%w: container %s ended", errDied, c.name)
}

// kill is no error for a container that has ended.
func (c *container) kill() error {
	if c.state("Running") != "true" {
		return nil
	}
	return c.do("kill")
}

// signal maps halting and going on to the engine's own way, which halts every
// process of the container.
func (c *container) signal(sig syscall.Signal) error {
	switch sig {
	case syscall.SIGSTOP:
		return c.do("pause")
	case syscall.SIGCONT:
		if c.state("Paused") != "true" {
			return nil
		}
		return c.do("unpause")
	default:
		return c.do("kill", "--signal", strconv.Itoa(int(sig)))
	}
}

func (c *container) pid() int { return 0 }
