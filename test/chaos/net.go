package chaos

import (
	"net"
	"os"
	"strings"
	"time"

	freeports "github.com/aidoc-pipeline/aidoc-agent/test/ports"
)

// freePort is a port that nothing listens on now.
func freePort() (int, error) { return freeports.Free(freeports.Chaos) }

func answers(hostPort string) bool {
	c, err := net.DialTimeout("tcp", hostPort, time.Second)
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}

// socketOf tells whether the php-fpm of a configuration takes connections.
func socketOf(conf string) func() bool {
	return func() bool {
		raw, err := os.ReadFile(conf)
		if err != nil {
			return false
		}
		for line := range strings.SplitSeq(string(raw), "\n") {
			if path, ok := strings.CutPrefix(strings.TrimSpace(line), "listen = "); ok {
				c, err := net.DialTimeout("unix", path, time.Second)
				if err == nil {
					_ = c.Close()
				}
				return err == nil
			}
		}
		return false
	}
}
