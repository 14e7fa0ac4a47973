package cluster

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"shiken/devtools/proc"
	"shiken/devtools/services"
)

//go:embed haproxy.cfg
var balancerConfig string

// configFor is the balancer's configuration with n server lines in place of
// the two of the file.
func configFor(n int) string {
	lines := strings.Split(strings.TrimRight(balancerConfig, "\n"), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool {
		return strings.HasPrefix(line, "    server shiken")
	})
	for i := range n {
		lines = append(lines, fmt.Sprintf(`    server %s "${%s}"`, instanceName(i), instanceKey(i)))
	}
	return strings.Join(lines, "\n") + "\n"
}

// Balancer is a running HAProxy.
type Balancer struct {
	addr string
	dir  string
	env  []string
	proc *proc.Process
}

func newBalancer(dir, addr string, instances []*Instance) (*Balancer, error) {
	b := &Balancer{addr: addr, dir: dir, env: []string{"BALANCER_BIND=" + addr}}
	for i, instance := range instances {
		b.env = append(b.env, instanceKey(i)+"="+instance.Addr())
	}
	return b, os.WriteFile(b.config(), []byte(configFor(len(instances))), 0o600)
}

func (b *Balancer) config() string { return filepath.Join(b.dir, "haproxy.cfg") }

// URL is where browsers find the cluster.
func (b *Balancer) URL() string { return "http://" + b.addr }

// Pid is the id of the balancer's process.
func (b *Balancer) Pid() int { return b.proc.Pid() }

func (b *Balancer) start(ctx context.Context) error {
	path, err := services.Find("haproxy")
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(b.dir, "balancer.log"))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the child has its own copy
	cmd := exec.Command(path, "-db", "-f", b.config())
	cmd.Env = b.env
	cmd.Stdout, cmd.Stderr = log, log
	if b.proc, err = proc.Start(cmd); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, stopPatience)
	defer cancel()
	return services.Poll(ctx, func(ctx context.Context) error {
		if !b.proc.Running() {
			cancel()
			return fmt.Errorf("cluster: the balancer ended, see %s", log.Name())
		}
		return getOK(ctx, b.URL()+"/readyz")
	})
}

func (b *Balancer) stop() error {
	if b.proc == nil {
		return nil
	}
	return b.proc.Stop(syscall.SIGTERM, stopPatience)
}
