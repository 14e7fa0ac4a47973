package handlers

import (
	"net/http"

	"shiken/accounts"
)

// Failed sign-ins are counted by account and network (docs/design.md §10), and whoever sits in the same
// network could use them up for a neighbour. So a browser that has signed in carries a cookie that says
// for whom, and with it counts by itself; docs/decisions/0007-device-cookie.md.

// purposeDevice signs for whom a browser has signed in before.
const purposeDevice = "device"

// deviceMaxAge is how long a browser counts as known, in seconds: a year.
const deviceMaxAge = 365 * 24 * 60 * 60

// devicePrefixLength is how much of the signature stands in place of a network, in characters. It is
// kept with failed sign-ins, so it is not the whole: nobody makes a cookie from what is kept.
const devicePrefixLength = 16

func (s *Server) deviceCookie() string {
	if s.Secure {
		return "__Host-shiken_device"
	}
	return "shiken_device"
}

// clientOf is where a sign-in comes from: a browser that has signed in under this username before
// counts as a network of its own.
func (s *Server) clientOf(r *http.Request, username string) accounts.Client {
	client := accounts.ClientOf(r, s.Proxies)
	account, err := accounts.NormalizeUsername(username)
	cookie, errCookie := r.Cookie(s.deviceCookie())
	if err == nil && errCookie == nil && s.signedBy(purposeDevice, account, cookie.Value) {
		client.Prefix = "device " + cookie.Value[:devicePrefixLength]
	}
	return client
}

// knowDevice marks the browser as one on which this user has signed in.
func (s *Server) knowDevice(w http.ResponseWriter, account string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.deviceCookie(), Value: s.sign(purposeDevice, account), Path: "/", MaxAge: deviceMaxAge,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}
