package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"shiken/cli/phrase"
	"shiken/config"
)

func environ(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func load(t *testing.T, args []string, vars map[string]string) config.Config {
	t.Helper()
	cfg, _, err := config.Load(args, environ(vars))
	if err != nil {
		t.Fatalf("Load(%q, %v): %v", args, vars, err)
	}
	return cfg
}

const key32 = "0123456789abcdef0123456789abcdef"

func TestDefaults(t *testing.T) {
	cfg := load(t, nil, nil)
	switch {
	case cfg.Shape != config.Embedded:
		t.Errorf("shape %q", cfg.Shape)
	case cfg.Addr != "127.0.0.1:8080" || cfg.Data != "./data":
		t.Errorf("addr %q, data %q", cfg.Addr, cfg.Data)
	case cfg.PublicURL.String() != "http://127.0.0.1:8080" || cfg.Secure():
		t.Errorf("public URL %q, secure %v", cfg.PublicURL, cfg.Secure())
	case !cfg.Demo || cfg.DemoByHand:
		t.Errorf("demo %v, by hand %v", cfg.Demo, cfg.DemoByHand)
	case cfg.Zone != time.Local || cfg.Log != (config.Log{Level: slog.LevelInfo}):
		t.Errorf("zone %v, log %v", cfg.Zone, cfg.Log)
	case cfg.TrustedProxies != nil || cfg.AdminPassword.IsSet() || cfg.DatabaseURL.IsSet() || cfg.RedisURL.IsSet():
		t.Errorf("something is set: %+v", cfg)
	}
}

func TestCluster(t *testing.T) {
	cfg := load(t, nil, map[string]string{
		"DATABASE_URL": "postgres://u:p@db/shiken", "REDIS_URL": "rediss://r:6379/1", "SHIKEN_SECRET": key32,
		"SHIKEN_PUBLIC_URL": "https://Exams.example.org/", "SHIKEN_TRUSTED_PROXIES": "10.1.2.3/8, ::1 192.0.2.7",
		"SHIKEN_TZ": "Asia/Tokyo", "SHIKEN_LOG": "debug,json", "SHIKEN_ADMIN_PASSWORD": "correct horse",
	})
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128"),
		netip.MustParsePrefix("192.0.2.7/32")}
	switch {
	case cfg.Shape != config.Cluster || cfg.Demo || cfg.DemoByHand:
		t.Errorf("shape %q, demo %v by hand %v", cfg.Shape, cfg.Demo, cfg.DemoByHand)
	case !cfg.Secure() || cfg.PublicURL.String() != "https://exams.example.org":
		t.Errorf("public URL %q, secure %v", cfg.PublicURL, cfg.Secure())
	case !slices.Equal(cfg.TrustedProxies, want):
		t.Errorf("proxies %v, want %v", cfg.TrustedProxies, want)
	case cfg.Zone.String() != "Asia/Tokyo" || cfg.Log != (config.Log{JSON: true, Level: slog.LevelDebug}):
		t.Errorf("zone %v, log %v", cfg.Zone, cfg.Log)
	case cfg.AdminPassword.Reveal() != "correct horse":
		t.Error("the admin's password is another")
	}
	if got, err := cfg.SigningKey(); err != nil || string(got) != key32 {
		t.Errorf("SigningKey: %q, %v", got, err)
	}
}

// TestSecretsAreTakenAsTheyAre: white space around a password belongs to it, around others it does not.
func TestSecretsAreTakenAsTheyAre(t *testing.T) {
	vars := map[string]string{"SHIKEN_SECRET": " " + key32 + "\t", "SHIKEN_ADMIN_PASSWORD": " correct horse　", "SHIKEN_TZ": " UTC "}
	for name, cfg := range map[string]config.Config{
		"variables": load(t, nil, vars),
		"flags": load(t, []string{"--secret", vars["SHIKEN_SECRET"], "--admin-password=" + vars["SHIKEN_ADMIN_PASSWORD"],
			"--tz", vars["SHIKEN_TZ"]}, nil),
	} {
		if got := cfg.AdminPassword.Reveal(); got != vars["SHIKEN_ADMIN_PASSWORD"] {
			t.Errorf("%s: the admin's password became %q", name, got)
		}
		if got, err := cfg.SigningKey(); err != nil || string(got) != vars["SHIKEN_SECRET"] {
			t.Errorf("%s: the secret became %q, %v", name, got, err)
		}
		if cfg.Zone != time.UTC {
			t.Errorf("%s: zone %v", name, cfg.Zone)
		}
	}
}

func TestFlagsWinAndLeaveTheRest(t *testing.T) {
	vars := map[string]string{"SHIKEN_ADDR": ":1", "SHIKEN_DEMO": "0", "REDIS_URL": "redis://x"}
	args := []string{"--addr", ":2", "load", "-log=json", "--set", "basics", "--demo", "a.csv", "--redis-url=", "--", "--tz", "x"}
	cfg, rest, err := config.Load(args, environ(vars))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Addr != ":2" || !cfg.Log.JSON || !cfg.Demo || !cfg.DemoByHand || cfg.RedisURL.IsSet() {
		t.Errorf("flags did not win: %+v", cfg)
	}
	if want := []string{"load", "--set", "basics", "a.csv", "--", "--tz", "x"}; !slices.Equal(rest, want) {
		t.Errorf("rest %q, want %q", rest, want)
	}
}

func TestEachFault(t *testing.T) {
	tests := []struct {
		name, variable, value string
		args                  []string
	}{
		{"no port", "SHIKEN_ADDR", "localhost", nil},
		{"port too large", "SHIKEN_ADDR", ":65536", nil},
		{"port by name", "SHIKEN_ADDR", ":http", nil},
		{"other scheme", "SHIKEN_PUBLIC_URL", "ftp://x", nil},
		{"no host", "SHIKEN_PUBLIC_URL", "https://:443", nil},
		{"with a path", "SHIKEN_PUBLIC_URL", "https://x/exams", nil},
		{"with a user", "SHIKEN_PUBLIC_URL", "https://a:b@x", nil},
		{"unparsable", "SHIKEN_PUBLIC_URL", "https://%zz", nil},
		{"short secret", "SHIKEN_SECRET", key32[1:], nil},
		{"no network", "SHIKEN_TRUSTED_PROXIES", "10.0.0.0/33", nil},
		{"everybody", "SHIKEN_TRUSTED_PROXIES", "0.0.0.0/0", nil},
		{"a name", "SHIKEN_TRUSTED_PROXIES", "proxy", nil},
		{"short password", "SHIKEN_ADMIN_PASSWORD", "1234567", nil},
		{"long password", "SHIKEN_ADMIN_PASSWORD", strings.Repeat("x", 257), nil},
		{"password with a line break", "SHIKEN_ADMIN_PASSWORD", "correct horse\n", nil},
		{"no switch", "SHIKEN_DEMO", "perhaps", nil},
		{"no zone", "SHIKEN_TZ", "Asia/Atlantis", nil},
		{"no level", "SHIKEN_LOG", "json,loud", nil},
		{"two formats", "SHIKEN_LOG", "json,text", nil},
		{"two levels", "SHIKEN_LOG", "warn,info", nil},
		{"flag without value", "SHIKEN_TZ", "", []string{"--tz"}},
		{"half a cluster", "REDIS_URL", "", []string{"--database-url", "postgres://x"}},
		{"other half", "DATABASE_URL", "", []string{"--redis-url", "redis://x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := config.Load(tt.args, environ(map[string]string{tt.variable: tt.value}))
			faults := faultsOf(t, err)
			if len(faults) != 1 || faults[0].Variable != tt.variable {
				t.Errorf("%q: %v, want one fault of %s", tt.value, err, tt.variable)
			}
		})
	}
}

func faultsOf(t *testing.T, err error) config.Faults {
	t.Helper()
	var faults config.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got %v, want faults", err)
	}
	return faults
}

func TestAllFaultsAtOnceInBothLanguagesWithoutSecrets(t *testing.T) {
	vars := map[string]string{
		"SHIKEN_ADDR": "x", "SHIKEN_PUBLIC_URL": "https://u:hidden@x", "DATABASE_URL": "mysql://u:hidden@db",
		"REDIS_URL": "http://:hidden@r", "SHIKEN_SECRET": "hidden", "SHIKEN_TRUSTED_PROXIES": "a,b",
		"SHIKEN_ADMIN_PASSWORD": "hidden", "SHIKEN_DEMO": "x", "SHIKEN_TZ": "x", "SHIKEN_LOG": "x",
	}
	_, _, err := config.Load(nil, environ(vars))
	faults := faultsOf(t, err)
	for name := range vars {
		if !slices.ContainsFunc(faults, func(f config.Fault) bool { return f.Variable == name }) {
			t.Errorf("no fault of %s", name)
		}
	}
	for _, tag := range []string{"en", "ja"} {
		language, _ := phrase.Named(tag)
		text := faults.In(language)
		if strings.Contains(text, "hidden") {
			t.Errorf("%s: a secret is shown: %s", tag, text)
		}
		if strings.ContainsAny(text, "{}") || strings.Contains(text, "config.fault") {
			t.Errorf("%s: a text is missing or has an open placeholder: %s", tag, text)
		}
		if lines := strings.Count(text, "\n") + 1; lines != len(vars)+1 { // two networks are wrong
			t.Errorf("%s: %d lines for %d faults", tag, lines, len(vars)+1)
		}
	}
}

func TestClusterNeedsASecret(t *testing.T) {
	_, _, err := config.Load(nil, environ(map[string]string{"DATABASE_URL": "postgres://x", "REDIS_URL": "redis://x"}))
	if faults := faultsOf(t, err); len(faults) != 1 || faults[0].Code != "secret_missing" {
		t.Errorf("got %v", err)
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	cfg := load(t, nil, map[string]string{
		"DATABASE_URL": "postgres://user:hidden@db:5432/shiken?sslpassword=hidden", "REDIS_URL": "redis://:hidden@r:6379",
		"SHIKEN_SECRET": "hidden" + key32, "SHIKEN_ADMIN_PASSWORD": "hidden password",
	})
	var log bytes.Buffer
	logger := config.Log{JSON: true}.Logger(&log)
	logger.Info("start", "config", &cfg, "secret", cfg.AdminPassword)
	logger.Info("by value", "config", cfg)
	asJSON, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{log.String(), string(asJSON), fmt.Sprint(cfg), fmt.Sprintf("%+v %#v", cfg, cfg),
		fmt.Sprintf("%s %x", cfg.AdminPassword, cfg.AdminPassword)} {
		if strings.Contains(text, "hidden") || strings.Contains(text, fmt.Sprintf("%x", "hidden")) {
			t.Errorf("a secret is printed: %s", text)
		}
	}
	if !strings.Contains(log.String(), "postgres://db:5432/shiken") {
		t.Errorf("the log does not say which database: %s", log.String())
	}
}

func TestBrowserURL(t *testing.T) {
	tests := []struct{ listening, public, want string }{
		{"127.0.0.1:4711", "", "http://127.0.0.1:4711"},
		{"0.0.0.0:80", "", "http://localhost:80"},
		{"[::]:8080", "", "http://localhost:8080"},
		{"[::1]:8080", "", "http://[::1]:8080"},
		{"127.0.0.1:4711", "https://x.example", "https://x.example"},
	}
	for _, tt := range tests {
		cfg := load(t, []string{"--addr", "127.0.0.1:0"}, map[string]string{"SHIKEN_PUBLIC_URL": tt.public})
		listening := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(tt.listening))
		if got := cfg.BrowserURL(listening); got != tt.want {
			t.Errorf("BrowserURL(%s) with %q = %q, want %q", tt.listening, tt.public, got, tt.want)
		}
	}
}

func TestLogger(t *testing.T) {
	var out bytes.Buffer
	cfg := load(t, []string{"--log", "warn"}, nil)
	logger := cfg.Log.Logger(&out)
	logger.Info("unheard")
	logger.Warn("heard")
	if text := out.String(); strings.Contains(text, "unheard") || !strings.Contains(text, "msg=heard") {
		t.Errorf("got %q", text)
	}
}
