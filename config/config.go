// Package config reads what the program is told by its environment and its flags
// (docs/design.md §10), judges all of it at once, and says how to mend what is wrong. It opens
// nothing and starts nothing; only Config.SigningKey touches the disk. Secrets are values that do
// not print.
package config

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"time"
)

// Shape says which databases and locks the program runs on.
type Shape string

// The two shapes of the program.
const (
	Embedded Shape = "embedded" // SQLite in the data folder, in-process locks
	Cluster  Shape = "cluster"  // Postgres and Redis
)

// MinSecretBytes is the least length of SHIKEN_SECRET: that of the hash which it keys (SHA-256).
const MinSecretBytes = 32

// Config is a configuration without faults.
type Config struct {
	Shape Shape
	Addr  string // to listen on, host:port
	// PublicURL is the address that browsers use, without a path. Unless it was set by hand it is
	// derived from Addr; BrowserURL knows the port that a listener really got.
	PublicURL       *url.URL
	publicURLByHand bool
	Data            string // data folder of the embedded shape
	DatabaseURL     Secret // Postgres; empty when embedded
	RedisURL        Secret // empty when embedded
	secret          Secret // SHIKEN_SECRET; may be empty when embedded, see SigningKey
	TrustedProxies  []netip.Prefix
	AdminPassword   Secret // of admin on a first start; empty: one is made
	Demo            bool   // whether a first start makes the samples
	DemoByHand      bool   // SHIKEN_DEMO was set: the demo candidate may sign in from other hosts
	Zone            *time.Location
	Log             Log
}

// Secure reports whether browsers reach the program over TLS: Secure and __Host- cookies, HSTS.
func (c *Config) Secure() bool { return c.PublicURL.Scheme == "https" }

// KeepsSecret reports whether the data folder keeps the secret, see SigningKey.
func (c *Config) KeepsSecret() bool { return !c.secret.IsSet() }

// BrowserURL returns the address to print for browsers: SHIKEN_PUBLIC_URL when it was set, else
// one made of the address that is listened on.
func (c *Config) BrowserURL(listening net.Addr) string {
	if c.publicURLByHand {
		return c.PublicURL.String()
	}
	return urlOf(listening.String()).String()
}

// urlOf makes a plain-text URL of a listen address. Addresses that stand for every interface
// become localhost, since browsers cannot go to them.
func urlOf(addr string) *url.URL {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return &url.URL{Scheme: "http", Host: "localhost"}
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}

// Secret is a value that must not be shown. Every way of printing it shows whether it is set.
//
// The value stands behind a pointer because fmt prints unexported fields without asking String.
type Secret struct{ value *string }

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{&value} }

// Reveal returns the value, for the one place that needs it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsSet reports whether there is a value.
func (s Secret) IsSet() bool { return s.Reveal() != "" }

// String implements fmt.Stringer without the value.
func (s Secret) String() string {
	if s.IsSet() {
		return "[set]"
	}
	return "[not set]"
}

// GoString implements fmt.GoStringer without the value.
func (s Secret) GoString() string { return s.String() }

// MarshalText implements encoding.TextMarshaler without the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue implements slog.LogValuer without the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// location shows where a URL with credentials leads: scheme, host and path, nothing else.
func (s Secret) location() string {
	u, err := url.Parse(s.Reveal())
	if !s.IsSet() || err != nil {
		return s.String()
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// Redacted returns the configuration for logs, without any secret.
func (c *Config) Redacted() []slog.Attr {
	return []slog.Attr{
		slog.String("shape", string(c.Shape)),
		slog.String("addr", c.Addr),
		slog.String("public_url", c.PublicURL.String()),
		slog.String("data", c.Data),
		slog.String("database_url", c.DatabaseURL.location()),
		slog.String("redis_url", c.RedisURL.location()),
		slog.String("secret", c.secret.String()),
		slog.Any("trusted_proxies", c.TrustedProxies),
		slog.String("admin_password", c.AdminPassword.String()),
		slog.Bool("demo", c.Demo),
		slog.Bool("demo_by_hand", c.DemoByHand),
		slog.String("tz", c.Zone.String()),
		slog.String("log", c.Log.String()),
	}
}

// LogValue implements slog.LogValuer by Redacted.
func (c *Config) LogValue() slog.Value { return slog.GroupValue(c.Redacted()...) }
