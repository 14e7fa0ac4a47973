package cluster

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"shiken/devtools/proc"
	"shiken/devtools/services"
)

//go:embed haproxy.cfg
var balancerConfig string

// BalancerConfig is the balancer's configuration with n server lines wherever the
// file has those of two.
func BalancerConfig(n int) string {
	const server = "    server "
	var out strings.Builder
	inServers := false
	for line := range strings.Lines(balancerConfig) {
		wasIn := inServers
		inServers = strings.HasPrefix(line, server)
		switch {
		case !inServers:
			out.WriteString(line)
		case !wasIn:
			for i := range n {
				fmt.Fprintf(&out, "%s%s \"${%s}\"\n", server, instanceName(i), instanceKey(i))
			}
		}
	}
	return out.String()
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
	return b, os.WriteFile(b.config(), []byte(BalancerConfig(len(instances))), 0o600)
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
