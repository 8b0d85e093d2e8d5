// Package timeout lets every call end: a limit per call, and one deadline that
// travels with the request so that nobody works for a caller who has left.
package timeout

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Header carries how many milliseconds the caller will still wait. A duration
// needs no synchronised clocks; gRPC's grpc-timeout header does the same.
const Header = "Request-Timeout-Ms"

// ErrNoTime says that the call was not even started.
var ErrNoTime = errors.New("not enough time left for the call")

// snippet:start

// Serve gives a request the caller's remaining time, at most limit. A caller
// that states nothing gets limit: no request may run without an end.
func Serve(limit time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		left := limit
		if ms, err := strconv.ParseInt(r.Header.Get(Header), 10, 64); err == nil && ms >= 0 {
			left = min(limit, time.Duration(ms)*time.Millisecond)
		}
		ctx, cancel := context.WithTimeout(r.Context(), left)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Call makes one HTTP request within limit and within what is left of ctx,
// whichever ends first, and passes the remaining time on. reserve is what the
// caller itself needs afterwards to build its answer. If less than least (the
// callee's median, say) would remain, the call is not worth starting.
func Call(ctx context.Context, client *http.Client, url string, limit, reserve, least time.Duration) (*http.Response, error) {
	left := limit
	if deadline, ok := ctx.Deadline(); ok {
		left = min(left, time.Until(deadline)-reserve)
	}
	if left < least {
		return nil, fmt.Errorf("%w: %s", ErrNoTime, url)
	}
	ctx, cancel := context.WithTimeout(ctx, left)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		cancel()
		return nil, err
	}
	request.Header.Set(Header, strconv.FormatInt(left.Milliseconds(), 10))
	response, err := client.Do(request)
	if err != nil {
		cancel()
		return nil, err
	}
	response.Body = &body{response.Body, cancel} // the limit covers reading, too
	return response, nil
}

// snippet:end

type body struct {
	readCloser
	cancel context.CancelFunc
}

type readCloser interface {
	Read([]byte) (int, error)
	Close() error
}

// Close ends the call's timer with the response.
func (b *body) Close() error {
	defer b.cancel()
	return b.readCloser.Close()
}
