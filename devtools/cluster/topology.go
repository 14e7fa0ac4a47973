// Package cluster runs the topology of docker-compose.yml as processes of this
// machine: Postgres, Redis, instances built from the tree, the same balancer
// with the same configuration. Tests use it to let instances join, leave and
// die under load; `make cluster` serves it.
package cluster

import (
	"fmt"
	"slices"

	"shiken/devtools/services"
)

// Service is one part of the topology.
type Service struct {
	Name string
	// Image is the pinned image in docker-compose.yml; instances are built
	// from the tree.
	Image string
	// Port is where it listens, in a container as in a process.
	Port int
	// Published tells whether the port is open to browsers.
	Published bool
	// Env lists the keys of its environment, sorted.
	Env []string
}

// instanceEnv is the configuration of an instance.
var instanceEnv = []string{
	"DATABASE_URL", "REDIS_URL", "SHIKEN_ADDR", "SHIKEN_ADMIN_PASSWORD", "SHIKEN_DEMO", "SHIKEN_LOG",
	"SHIKEN_PUBLIC_URL", "SHIKEN_SECRET", "SHIKEN_TRUSTED_PROXIES", "SHIKEN_TZ",
}

// firstInstancePort is the port of shiken1; the others follow.
const firstInstancePort = 8081

// Topology is what docker-compose.yml and `make cluster` both run: the parts
// that all instances share, n instances, the balancer before them.
func Topology(n int) []Service {
	parts := []Service{
		{Name: "postgres", Image: services.PostgresImage, Port: 5432,
			Env: []string{"POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_USER"}},
		{Name: "redis", Image: services.RedisImage, Port: 6379, Env: []string{"REDISCLI_AUTH"}},
	}
	balancer := Service{Name: "balancer", Image: "haproxy:3.0.10-alpine", Port: 8080, Published: true, Env: []string{"BALANCER_BIND"}}
	for i := range n {
		parts = append(parts, Service{Name: instanceName(i), Port: firstInstancePort + i, Env: instanceEnv})
		balancer.Env = append(balancer.Env, instanceKey(i))
	}
	slices.Sort(balancer.Env)
	return append(parts, balancer)
}

// instanceName names the instance with this index, from 0.
func instanceName(i int) string { return fmt.Sprintf("shiken%d", i+1) }

// instanceKey is the variable by which the balancer finds the instance.
func instanceKey(i int) string { return fmt.Sprintf("SHIKEN%d_ADDR", i+1) }
