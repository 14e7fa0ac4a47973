package config

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones for machines without a zone database

	"shiken/accounts"
)

// reader turns values into a configuration and collects every fault on the way.
type reader struct {
	values map[string]string
	faults Faults
}

func (r *reader) fault(variable, code string, args ...any) {
	r.faults = append(r.faults, Fault{Variable: variable, Code: code, Args: args})
}

func (r *reader) read() Config {
	c := Config{
		Addr:           r.addr(),
		Data:           r.value(data),
		DatabaseURL:    r.backend(databaseURL, "postgres", "postgresql"),
		RedisURL:       r.backend(redisURL, "redis", "rediss"),
		TrustedProxies: r.proxies(),
		AdminPassword:  r.adminPassword(),
		Zone:           r.zone(),
		Log:            r.log(),
	}
	c.Shape = r.shape()
	c.PublicURL, c.publicURLByHand = r.publicURL(c.Addr)
	c.secret = r.secret(c.Shape)
	c.Demo, c.DemoByHand = r.demo(c.Shape)
	return c
}

// value returns what was set, or the default.
func (r *reader) value(v *variable) string {
	if s := r.values[v.name]; s != "" {
		return s
	}
	return v.byDefault
}

func (r *reader) addr() string {
	value := r.value(addr)
	_, port, err := net.SplitHostPort(value)
	if _, portErr := strconv.ParseUint(port, 10, 16); err != nil || portErr != nil {
		r.fault(addr.name, "addr", "value", value)
	}
	return value
}

// publicURL takes an origin only: the program's paths begin at the root.
func (r *reader) publicURL(listen string) (u *url.URL, byHand bool) {
	value := r.values[publicURL.name]
	if value == "" {
		return urlOf(listen), false
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		r.fault(publicURL.name, "public_url")
		return urlOf(listen), true
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, true
}

// backend reads the URL of a database. Its faults never quote it: it may hold a password.
func (r *reader) backend(v *variable, schemes ...string) Secret {
	value := r.values[v.name]
	if value == "" {
		return Secret{}
	}
	u, err := url.Parse(value)
	if err != nil || u.Opaque != "" || u.Scheme != schemes[0] && u.Scheme != schemes[1] {
		r.fault(v.name, "backend", "scheme", schemes[0])
	}
	return NewSecret(value)
}

func (r *reader) shape() Shape {
	database, redis := r.values[databaseURL.name] != "", r.values[redisURL.name] != ""
	switch {
	case database && redis:
		return Cluster
	case database:
		r.fault(redisURL.name, "half_cluster", "other", databaseURL.name)
	case redis:
		r.fault(databaseURL.name, "half_cluster", "other", redisURL.name)
	}
	return Embedded
}

func (r *reader) secret(shape Shape) Secret {
	value := r.values[secret.name]
	switch {
	case value == "" && shape == Cluster:
		r.fault(secret.name, "secret_missing", "min", MinSecretBytes)
	case value != "" && len(value) < MinSecretBytes:
		r.fault(secret.name, "secret_short", "min", MinSecretBytes)
	}
	return NewSecret(value)
}

// proxies reads networks and single addresses, separated by commas or spaces. A network of all
// addresses is refused: it would let every client name its own address.
func (r *reader) proxies() []netip.Prefix {
	var out []netip.Prefix
	for _, word := range strings.FieldsFunc(r.values[trustedProxies.name], isSeparator) {
		prefix, err := netip.ParsePrefix(word)
		if ip, ipErr := netip.ParseAddr(word); ipErr == nil {
			prefix, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		if err != nil || prefix.Bits() <= 0 {
			r.fault(trustedProxies.name, "cidr", "value", word)
			continue
		}
		out = append(out, prefix.Masked())
	}
	return out
}

func isSeparator(c rune) bool { return c == ',' || c == ' ' }

// adminPassword refuses line breaks, with which a file's last line may have ended: no sign-in page
// lets anybody type them.
func (r *reader) adminPassword() Secret {
	value := r.values[adminPassword.name]
	switch {
	case strings.ContainsAny(value, "\r\n"):
		r.fault(adminPassword.name, "admin_password_lines")
	case value != "" && accounts.CheckPassword(value) != nil:
		r.fault(adminPassword.name, "admin_password",
			"min", accounts.MinPasswordRunes, "max", accounts.MaxPasswordBytes)
	}
	return NewSecret(value)
}

func (r *reader) demo(shape Shape) (on, byHand bool) {
	value := r.values[demo.name]
	if value == "" {
		return shape == Embedded, false
	}
	on, err := strconv.ParseBool(value)
	if err != nil {
		r.fault(demo.name, "switch", "value", value)
	}
	return on, true
}

func (r *reader) zone() *time.Location {
	value := r.values[zone.name]
	if value == "" {
		return time.Local
	}
	location, err := time.LoadLocation(value)
	if err != nil {
		r.fault(zone.name, "zone", "value", value)
	}
	return location
}

func (r *reader) log() Log {
	value := r.value(logging)
	out, ok := parseLog(value)
	if !ok {
		r.fault(logging.name, "log", "value", value)
	}
	return out
}
