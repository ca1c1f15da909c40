package agent

// signal asks a loop to act now. Its capacity is 1: asking twice is asking once.
type signal chan struct{}

func newSignal() signal { return make(signal, 1) }

func (s signal) send() {
	select {
	case s <- struct{}{}:
	default:
	}
}

// clear forgets what was asked before.
func (s signal) clear() {
	select {
	case <-s:
	default:
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
