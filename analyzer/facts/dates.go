package facts

import (
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// daysUntil are the days from today to a date, negative where it is past; absent without a date, unknown without today.
func (f *Facts) daysUntil(v model.Value[string]) Num {
	if !v.Has() {
		n := Absent()
		if n.State = v.State; v.IsUnknown() {
			return f.anyDay()
		}
		return n
	}
	end, err := time.Parse(time.DateOnly, v.V)
	today, err2 := time.Parse(time.DateOnly, f.params.Today)
	if err != nil || err2 != nil {
		return f.anyDay()
	}
	n := Exact(end.Sub(today).Hours() / 24)
	n.setText(v.V)
	return n
}

func (f *Facts) anyDay() Num {
	n := Unknown(0)
	n.Lo = -1e6
	return n
}

// past reports whether a date of daysUntil is over: the day itself still counts.
func past(days Num) Flag {
	switch {
	case !days.HasRange():
		return Flag{State: days.State}
	case !days.HasValue():
		return Flag{State: model.Unknown}
	}
	return Yes(days.V < 0)
}
