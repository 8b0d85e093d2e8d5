// Package featureflags evaluates flags through OpenFeature and keeps the part
// that rots, owner and end date, where a test can see it.
package featureflags

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/memprovider"
)

// snippet:start

// Kind decides how long a flag may live: release and experiment flags end,
// operational switches and permissions stay.
type Kind string

// The kinds of a flag.
const (
	Release    Kind = "release"
	Experiment Kind = "experiment"
	Ops        Kind = "ops"
	Permission Kind = "permission"
)

// Flag is declared once, in code, with what happens when the provider is away.
type Flag struct {
	Key, Owner string
	Kind       Kind
	Default    bool      // the safe position; used on any evaluation error
	Expires    time.Time // required for release and experiment
}

// On evaluates a flag for one user. It cannot fail: a provider that is down,
// slow to start or missing the flag yields the default.
func (f Flag) On(ctx context.Context, client *openfeature.Client, user string) bool {
	return client.Boolean(ctx, f.Key, f.Default, openfeature.NewEvaluationContext(user, nil))
}

// Overdue lists the flags that should be gone or are nobody's. Run it as a unit
// test: an expired flag then breaks the build instead of production.
func Overdue(flags []Flag, asOf time.Time) (problems []string) {
	for _, f := range flags {
		switch ends := f.Kind == Release || f.Kind == Experiment; {
		case f.Owner == "":
			problems = append(problems, f.Key+": no owner")
		case ends && f.Expires.IsZero():
			problems = append(problems, f.Key+": no end date")
		case ends && f.Expires.Before(asOf):
			problems = append(problems, fmt.Sprintf("%s: ended %s, owner %s", f.Key, f.Expires.Format(time.DateOnly), f.Owner))
		}
	}
	slices.Sort(problems)
	return problems
}

// snippet:end

// Rollout is an in-memory flag that is on for a share of users. The bucket
// depends on the flag and the user only, so a user's answer is stable and two
// flags do not select the same people.
func Rollout(key string, percent uint64) memprovider.InMemoryFlag {
	evaluate := func(_ memprovider.InMemoryFlag, flat openfeature.FlattenedContext) (any, openfeature.ProviderResolutionDetail) {
		user, _ := flat[openfeature.TargetingKey].(string)
		h := fnv.New64a()
		h.Write([]byte(key + "/" + user))
		return h.Sum64()%100 < percent, openfeature.ProviderResolutionDetail{Reason: openfeature.SplitReason}
	}
	return memprovider.InMemoryFlag{
		Key: key, State: memprovider.Enabled, DefaultVariant: "off",
		Variants: map[string]any{"on": true, "off": false}, ContextEvaluator: &evaluate,
	}
}
