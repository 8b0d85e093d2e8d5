package model

// Fact is a Value of any type, for code that treats all attributes alike. A pointer to a Value is a Fact.
type Fact interface {
	// Status is the fact's state.
	Status() State
	// IsWritten reports whether somebody wrote the attribute on this very block or object.
	IsWritten() bool
	// Unstated reports whether nothing is known of the fact yet: Load has not completed it, or it is absent.
	Unstated() bool
	// Source is where it was written; nil for language defaults and absent facts.
	Source() *Origin
	// Any is the value, nil where there is none.
	Any() any
	// Set replaces value, state and origin; v is ignored where it is nil. Only loading and importing call it.
	Set(v any, s State, o *Origin)
}

// Status is the fact's state.
func (v *Value[T]) Status() State { return v.State }

// IsWritten reports whether somebody wrote the attribute on this very block or object.
func (v *Value[T]) IsWritten() bool { return v.Written }

// Unstated reports whether nothing is known of the fact yet: Load has not completed it, or it is absent.
func (v *Value[T]) Unstated() bool { return v.State == Absent && !v.Written }

// Source is where it was written; nil for language defaults and absent facts.
func (v *Value[T]) Source() *Origin { return v.Origin }

// Any is the value, nil where there is none.
func (v *Value[T]) Any() any {
	if !v.Has() {
		return nil
	}
	return v.V
}

// Set replaces value, state and origin; v is ignored where it is nil.
func (v *Value[T]) Set(val any, s State, o *Origin) {
	if val != nil {
		v.V = val.(T)
	}
	v.State, v.Written, v.Origin = s, false, o
}
