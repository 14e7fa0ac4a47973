package config

// Names in the data folder of what outlives the program.
const (
	DatabaseFile = "shiken.db"   // everything that counts
	SessionsFile = "sessions.db" // who is signed in on which device
	SecretFile   = "secret"      // a secret made by the program, see SigningKey
)
