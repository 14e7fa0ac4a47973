package cluster_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"shiken/devtools/cluster"
	"shiken/devtools/deps"
	"shiken/devtools/services"
)

// composeFile is the part of the Compose specification that our file uses;
// a key beyond it is an error, a typing error above all.
type composeFile struct {
	Name        string
	Instance    composeService    `yaml:"x-instance"`
	Environment map[string]string `yaml:"x-environment"`
	Services    map[string]composeService
	Networks    map[string]struct {
		IPAM struct {
			Config []struct{ Subnet string }
		} `yaml:"ipam"`
	}
	Volumes map[string]struct{}
}

type composeService struct {
	Image       string
	Build       string
	Restart     string
	ReadOnly    bool                                  `yaml:"read_only"`
	CapDrop     []string                              `yaml:"cap_drop"`
	SecurityOpt []string                              `yaml:"security_opt"`
	StopGrace   string                                `yaml:"stop_grace_period"`
	ShmSize     string                                `yaml:"shm_size"`
	DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	Networks    []string
	Command     []string
	Environment map[string]string
	Expose      []string
	Ports       []string
	Volumes     []string
	Healthcheck struct {
		Test              []string
		Interval, Timeout string
		StartPeriod       string `yaml:"start_period"`
		Retries           int
	}
}

func compose(t *testing.T) composeFile {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root(t), "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var file composeFile
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		t.Fatalf("docker-compose.yml: %v", err)
	}
	return file
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := deps.Root()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestComposeMatchesTheProcesses compares the file with what `make cluster`
// runs: services, images, ports, environment keys.
func TestComposeMatchesTheProcesses(t *testing.T) {
	file, want := compose(t), cluster.Topology(2)
	var names []string
	for _, w := range want {
		names = append(names, w.Name)
		got, ok := file.Services[w.Name]
		if !ok {
			t.Errorf("service %s is missing", w.Name)
			continue
		}
		compareService(t, w, got)
	}
	slices.Sort(names)
	if got := slices.Sorted(maps.Keys(file.Services)); !slices.Equal(got, names) {
		t.Errorf("services %v, want %v", got, names)
	}
}

func compareService(t *testing.T, want cluster.Service, got composeService) {
	t.Helper()
	port := fmt.Sprint(want.Port)
	if want.Image == "" {
		if !slices.Equal(got.Healthcheck.Test, []string{"CMD", "/shiken", "healthcheck"}) {
			t.Errorf("%s: %q does not ask whether it is ready", want.Name, got.Healthcheck.Test)
		}
		if got.Build != "." || got.Environment["SHIKEN_ADDR"] != "0.0.0.0:"+port {
			t.Errorf("%s: build %q on %q, want the tree on port %s", want.Name, got.Build, got.Environment["SHIKEN_ADDR"], port)
		}
	} else if got.Image != want.Image {
		t.Errorf("%s: image %s, want %s", want.Name, got.Image, want.Image)
	}
	if keys := slices.Sorted(maps.Keys(got.Environment)); !slices.Equal(keys, want.Env) {
		t.Errorf("%s: environment %v, want %v", want.Name, keys, want.Env)
	}
	switch {
	case want.Published && (len(got.Ports) != 1 || !strings.HasSuffix(got.Ports[0], ":"+port)):
		t.Errorf("%s: ports %v, want %s published", want.Name, got.Ports, port)
	case !want.Published && (len(got.Ports) != 0 || !slices.Equal(got.Expose, []string{port})):
		t.Errorf("%s: ports %v, expose %v, want only %s exposed", want.Name, got.Ports, got.Expose, port)
	}
}

func TestComposeIsSound(t *testing.T) {
	file := compose(t)
	pinned := regexp.MustCompile(`^[a-z]+:\d+\.\d+[\w.-]*$`)
	for name, s := range file.Services {
		if s.Build == "" && !pinned.MatchString(s.Image) {
			t.Errorf("%s: image %q is not pinned to a version", name, s.Image)
		}
		if len(s.Healthcheck.Test) < 2 || s.Healthcheck.Retries == 0 || s.Restart == "" {
			t.Errorf("%s: health check or restart policy is missing", name)
		}
		for other := range s.DependsOn {
			if _, ok := file.Services[other]; !ok {
				t.Errorf("%s depends on %s, which is no service", name, other)
			}
		}
		for _, n := range s.Networks {
			if _, ok := file.Networks[n]; !ok {
				t.Errorf("%s: network %s is not declared", name, n)
			}
		}
		for _, v := range s.Volumes {
			checkVolume(t, file, name, v)
		}
	}
	for _, v := range []string{"postgres-data", "redis-data"} {
		if _, ok := file.Volumes[v]; !ok {
			t.Errorf("volume %s is missing: data would not persist", v)
		}
	}
}

func checkVolume(t *testing.T, file composeFile, service, volume string) {
	t.Helper()
	source := strings.Split(volume, ":")[0]
	if strings.HasPrefix(source, "./") {
		if _, err := os.Stat(filepath.Join(root(t), source)); err != nil {
			t.Errorf("%s mounts %s: %v", service, source, err)
		}
		return
	}
	if _, ok := file.Volumes[source]; !ok {
		t.Errorf("%s: volume %s is not declared", service, source)
	}
}

// TestComposeRequiresSecrets wants every secret from outside and an error that
// names it when it is not set.
func TestComposeRequiresSecrets(t *testing.T) {
	file := compose(t)
	required := regexp.MustCompile(`\$\{(\w+):\?[^}]+\}`)
	seen := map[string]bool{}
	for _, s := range file.Services {
		for key, value := range s.Environment {
			secret := regexp.MustCompile(`PASSWORD|SECRET|_URL$|AUTH$`).MatchString(key) && key != "SHIKEN_PUBLIC_URL"
			names := required.FindAllStringSubmatch(value, -1)
			if secret && len(names) == 0 {
				t.Errorf("%s = %s does not require a secret from outside", key, value)
			}
			for _, m := range names {
				seen[m[1]] = true
			}
		}
	}
	want := []string{"POSTGRES_PASSWORD", "REDIS_PASSWORD", "SHIKEN_ADMIN_PASSWORD", "SHIKEN_SECRET"}
	if got := slices.Sorted(maps.Keys(seen)); !slices.Equal(got, want) {
		t.Errorf("required variables %v, want %v", got, want)
	}
}

func TestBalancerConfiguration(t *testing.T) {
	b, err := os.ReadFile("haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, want := range []string{"balance roundrobin", "option httpchk", "uri /readyz"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if m := regexp.MustCompile(`(?m)^\s*(cookie|stick|stick-table|balance (source|uri|hdr))\b`).FindString(text); m != "" {
		t.Errorf("%q makes clients stick", m)
	}
	var env []string
	for _, s := range cluster.Topology(2) {
		if s.Published {
			env = s.Env
		}
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`\$\{(\w+)\}`).FindAllStringSubmatch(text, -1) {
		used[m[1]] = true
	}
	if got := slices.Sorted(maps.Keys(used)); !slices.Equal(got, env) {
		t.Errorf("variables %v, want those of the topology %v", got, env)
	}
}

func TestBalancerAcceptsItsConfiguration(t *testing.T) {
	services.Need(t, "haproxy")
	path, err := services.Find("haproxy")
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 3; n++ {
		config := filepath.Join(t.TempDir(), "haproxy.cfg")
		if err := os.WriteFile(config, []byte(cluster.BalancerConfig(n)), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(path, "-c", "-f", config)
		cmd.Env = []string{"BALANCER_BIND=127.0.0.1:8080"}
		for i := 1; i <= n; i++ {
			cmd.Env = append(cmd.Env, fmt.Sprintf("SHIKEN%d_ADDR=127.0.0.1:%d", i, 8080+i))
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%d instances: %v\n%s", n, err, out)
		}
	}
	file, err := os.ReadFile("haproxy.cfg")
	if err != nil || cluster.BalancerConfig(2) != string(file) {
		t.Errorf("for two instances it is not the file as it stands (%v)", err)
	}
}

// TestImageIsSmallAndUnprivileged reads the Dockerfile: it cannot be built
// where no engine answers.
func TestImageIsSmallAndUnprivileged(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root(t), "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	stages := strings.Split("\n"+string(b), "\nFROM ")
	final := stages[len(stages)-1]
	if len(stages) != 3 || !strings.HasPrefix(final, "gcr.io/distroless/static") {
		t.Errorf("%d stages, the last from %q", len(stages)-1, strings.SplitN(final, "\n", 2)[0])
	}
	if !regexp.MustCompile(`(?m)^USER [1-9]\d*`).MatchString(final) {
		t.Error("the last stage runs as root")
	}
	if !strings.Contains(final, `CMD ["/shiken", "healthcheck"]`) {
		t.Error("the image does not say how it is asked whether it is ready")
	}
	if !strings.Contains(stages[1], "CGO_ENABLED=0") {
		t.Error("the binary is not static, the last stage has no C library")
	}
	mod, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(string(mod))[1]
	if !strings.HasPrefix(stages[1], "golang:"+version+"-") {
		t.Errorf("built by %q, go.mod wants Go %s", strings.SplitN(stages[1], "\n", 2)[0], version)
	}
}
