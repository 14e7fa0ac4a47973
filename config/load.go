package config

import (
	"strings"
)

// Load reads the configuration from flags and environment; a flag wins. Flags of the
// configuration may stand anywhere among args (without the program's name) before a "--"; what
// else is there, a command with its own flags, is returned as it was. When anything is wrong, the
// error is Faults with everything that is.
func Load(args []string, env func(string) string) (cfg Config, rest []string, err error) {
	flags, rest, faults := split(args)
	r := reader{values: map[string]string{}, faults: faults}
	for _, v := range variables {
		value, given := flags[v.flag()]
		if !given {
			value = env(v.name)
		}
		if !v.verbatim {
			value = strings.TrimSpace(value)
		}
		r.values[v.name] = value
	}
	cfg = r.read()
	if len(r.faults) > 0 {
		return Config{}, rest, r.faults
	}
	return cfg, rest, nil
}

// split takes the configuration's flags out of the arguments: --name value, --name=value, with one
// dash or two.
func split(args []string) (flags map[string]string, rest []string, faults Faults) {
	flags = map[string]string{}
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return flags, append(rest, args[i:]...), faults
		}
		name, value, inline := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		v := byFlag(name)
		switch {
		case v == nil || !strings.HasPrefix(args[i], "-"):
			rest = append(rest, args[i])
			continue
		case inline:
		case v.isSwitch:
			value = "1"
		case i+1 < len(args):
			i++
			value = args[i]
		default:
			faults = append(faults, Fault{Variable: v.name, Code: "flag_without_value"})
		}
		flags[name] = value
	}
	return flags, rest, faults
}

func byFlag(name string) *variable {
	for i := range variables {
		if variables[i].flag() == name {
			return &variables[i]
		}
	}
	return nil
}
