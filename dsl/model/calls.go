package model

import (
	"time"
)

// Limit is how long one call may take at most: the smaller one of timeout and deadline. A stated limit counts even if
// the other one is unknown; without any it is unknown if one of them is, else absent or none.
func (c *Call) Limit() Value[time.Duration] {
	t, d := c.Timeout, c.Deadline
	switch {
	case t.Has() && d.Has():
		if d.V < t.V {
			return d
		}
		return t
	case t.Has():
		return t
	case d.Has():
		return d
	case t.IsUnknown():
		return t
	case d.IsUnknown():
		return d
	case t.State == None:
		return t
	}
	return d
}

// Caller is the address of the node that the call starts at.
func (c *Call) Caller() Addr { return c.Parent }

// Failure classes of a call (rules.md Q1): a layer repeats an attempt only if it retries the attempt's class.
const (
	FailConnect = "connect" // the request was not sent
	FailServer  = "5xx"     // the callee answered with an error of its own
	FailTimeout = "timeout" // the callee did not answer in time
)

// FailureClasses are all failure classes, in the order of reports.
var FailureClasses = []string{FailConnect, FailServer, FailTimeout}

// FailureClass is the failure class that a word of retry.on stands for, empty for words outside the classes (429,
// circuit_open, not_found, …).
func FailureClass(word string) string {
	switch word {
	case FailConnect, "connect-failure", "refused-stream", "unavailable", "cancelled":
		return FailConnect
	case FailServer, "500", "501", "502", "503", "gateway-error", "internal":
		return FailServer
	case FailTimeout, "408", "504", "deadline_exceeded":
		return FailTimeout
	}
	return ""
}

// Retries reports whether the policy repeats attempts that failed in a class. A nil policy repeats nothing.
func (r *Retry) Retries(class string) bool {
	if r == nil {
		return false
	}
	if !r.On.Has() {
		return true
	}
	for _, w := range r.On.V {
		if FailureClass(w) == class {
			return true
		}
	}
	return false
}
