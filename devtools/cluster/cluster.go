package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"shiken/devtools/proc"
	"shiken/devtools/services"
)

// Options say what to run.
type Options struct {
	// Instances is how many, 1 to 9.
	Instances int
	// WantPorts asks for the ports of the topology where they are free;
	// otherwise free ports are taken.
	WantPorts bool
	// NoBalancer leaves it out; URL is then the first instance's.
	NoBalancer bool
	// Env is set on every instance, over what the cluster sets.
	Env map[string]string
	// Binary is the program; "" builds it from the tree.
	Binary string
	// Route gives the address by which an instance reaches a part ("postgres",
	// "redis") that listens at addr; nil: the part's own.
	Route func(instance, part, addr string) (string, error)
}

// Cluster is a running topology.
type Cluster struct {
	Postgres  *services.Server
	Redis     *services.Server
	Instances []*Instance
	Balancer  *Balancer // nil with NoBalancer
	// AdminPassword is the first password of the account admin.
	AdminPassword string

	options  Options
	dir      string
	secret   string
	database string
	close    sync.Once
}

// Start runs n instances for a test, with the samples and the candidate demo
// (SHIKEN_DEMO=1), and ends everything after it. What cannot be had skips the
// test, in CI it fails.
func Start(tb testing.TB, n int, change ...func(*Options)) *Cluster {
	tb.Helper()
	services.Need(tb, "haproxy", "initdb", "redis-server")
	o := Options{Instances: n, Env: map[string]string{"SHIKEN_DEMO": "1"}}
	for _, f := range change {
		f(&o)
	}
	c, err := Run(context.Background(), o)
	if err != nil {
		tb.Fatalf("start a cluster: %v", err)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			c.logTo(tb)
		}
		if err := c.Close(); err != nil {
			tb.Errorf("end the cluster: %v", err)
		}
	})
	return c
}

func (c *Cluster) logTo(tb testing.TB) {
	tb.Helper()
	for _, i := range c.Instances {
		tb.Logf("%s:\n%s", i.Name, notable(i.Log()))
	}
}

// notable drops the requests that went well.
func notable(log string) string {
	lines := strings.Split(log, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool {
		return strings.Contains(line, `"status":2`) || strings.Contains(line, `"status":3`)
	}), "\n")
}

// Run starts the cluster and returns when it serves.
func Run(ctx context.Context, o Options) (*Cluster, error) {
	dir, err := proc.TempDir("shiken-cluster-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{options: o, dir: dir, secret: rand.Text() + rand.Text(), AdminPassword: rand.Text()}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context) error {
	var err error
	if c.options.Binary == "" {
		if c.options.Binary, err = Build(ctx, c.dir); err != nil {
			return err
		}
	}
	if err := c.startServers(ctx); err != nil {
		return err
	}
	if err := c.prepare(); err != nil {
		return err
	}
	if err := c.startInstances(ctx); err != nil || c.Balancer == nil {
		return err
	}
	return c.Balancer.start(ctx)
}

func (c *Cluster) startServers(ctx context.Context) error {
	for _, s := range Topology(c.options.Instances) {
		var err error
		switch s.Image {
		case services.PostgresImage:
			c.Postgres, err = services.StartPostgresOn(ctx, c.wanted(s))
		case services.RedisImage:
			c.Redis, err = services.StartRedisOn(ctx, c.wanted(s))
		}
		if err != nil {
			return err
		}
	}
	var err error
	c.database, _, err = services.CreateDatabase(ctx, c.Postgres.URL())
	return err
}

// wanted is the port that the topology gives the service, if that was asked
// for and nothing listens there, else 0.
func (c *Cluster) wanted(s Service) int {
	if !c.options.WantPorts {
		return 0
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", s.Port))
	if err != nil {
		return 0
	}
	_ = l.Close()
	return s.Port
}

// prepare gives every part its address and environment.
func (c *Cluster) prepare() error {
	front := ""
	for _, s := range Topology(c.options.Instances) {
		addr, err := c.address(s)
		if err != nil {
			return err
		}
		if s.Published {
			front = addr
		} else if s.Image == "" {
			c.Instances = append(c.Instances, c.instance(s.Name, addr))
		}
	}
	if c.options.NoBalancer {
		front = c.Instances[0].Addr()
	}
	for _, i := range c.Instances {
		env, err := c.environment(i.Name, front)
		if err != nil {
			return err
		}
		i.env = env
	}
	if c.options.NoBalancer {
		return nil
	}
	var err error
	c.Balancer, err = newBalancer(c.dir, front, c.Instances)
	return err
}

func (c *Cluster) instance(name, addr string) *Instance {
	return NewInstance(name, c.options.Binary, addr, filepath.Join(c.dir, name+".log"), nil)
}

func (c *Cluster) address(s Service) (string, error) {
	port := c.wanted(s)
	var err error
	if port == 0 {
		port, err = services.FreePort()
	}
	return fmt.Sprintf("127.0.0.1:%d", port), err
}

// environment gives a value to every key of an instance in the topology;
// SHIKEN_ADDR is the instance's own.
func (c *Cluster) environment(instance, front string) (map[string]string, error) {
	database, errDatabase := c.routed(instance, "postgres", c.database)
	redis, errRedis := c.routed(instance, "redis", c.Redis.URL())
	if err := errors.Join(errDatabase, errRedis); err != nil {
		return nil, err
	}
	values := map[string]string{
		"DATABASE_URL":           database,
		"REDIS_URL":              redis,
		"SHIKEN_SECRET":          c.secret,
		"SHIKEN_ADMIN_PASSWORD":  c.AdminPassword,
		"SHIKEN_PUBLIC_URL":      "http://" + front,
		"SHIKEN_TRUSTED_PROXIES": "127.0.0.1/32",
		"SHIKEN_DEMO":            "0",
		"SHIKEN_TZ":              "Asia/Tokyo",
		"SHIKEN_LOG":             "json",
	}
	env := map[string]string{}
	for _, key := range instanceEnv {
		if key == "SHIKEN_ADDR" {
			continue
		}
		value, ok := values[key]
		if !ok {
			return nil, fmt.Errorf("cluster: no value for %s", key)
		}
		env[key] = value
	}
	maps.Copy(env, c.options.Env)
	return env, nil
}

// routed is the URL of a part as the instance has it.
func (c *Cluster) routed(instance, part, raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || c.options.Route == nil {
		return raw, err
	}
	u.Host, err = c.options.Route(instance, part, u.Host)
	return u.String(), err
}

// startInstances starts all at once, as a scheduler would: they must settle
// among themselves who migrates.
func (c *Cluster) startInstances(ctx context.Context) error {
	errs := make([]error, len(c.Instances))
	var wg sync.WaitGroup
	for n, i := range c.Instances {
		wg.Go(func() { errs[n] = i.Start(ctx) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (c *Cluster) terminateInstances() error {
	errs := make([]error, len(c.Instances))
	var wg sync.WaitGroup
	for n, i := range c.Instances {
		wg.Go(func() { errs[n] = i.Terminate() })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// URL is where browsers find the cluster.
func (c *Cluster) URL() string {
	if c.Balancer == nil {
		return c.Instances[0].URL()
	}
	return c.Balancer.URL()
}

// DatabaseURL names the instances' database.
func (c *Cluster) DatabaseURL() string { return c.database }

// Extra prepares a further instance of the cluster, outside of the balancer's
// list, with env over what the others have. The caller starts and ends it.
func (c *Cluster) Extra(name string, env map[string]string) (*Instance, error) {
	port, err := services.FreePort()
	if err != nil {
		return nil, err
	}
	i := c.instance(name, fmt.Sprintf("127.0.0.1:%d", port))
	i.env = maps.Clone(c.Instances[0].env)
	maps.Copy(i.env, env)
	return i, nil
}

// Close ends every part, the outermost first, and removes its files. Further
// calls do nothing.
func (c *Cluster) Close() error {
	var errs []error
	c.close.Do(func() {
		if c.Balancer != nil {
			errs = append(errs, c.Balancer.stop())
		}
		errs = append(errs, c.terminateInstances())
		for _, s := range []*services.Server{c.Redis, c.Postgres} {
			if s != nil {
				errs = append(errs, s.Close())
			}
		}
		errs = append(errs, os.RemoveAll(c.dir))
	})
	return errors.Join(errs...)
}
