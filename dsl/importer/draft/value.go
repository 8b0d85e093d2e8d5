package draft

import (
	"reflect"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// Stated is a fact that a source shows, with the place and, where the value was converted, how.
func Stated[T any](v T, comment ...string) model.Value[T] {
	return model.Value[T]{V: v, State: model.Stated, Written: true, Origin: origin(comment)}
}

// Unknown is a fact that the sources cannot show.
func Unknown[T any](comment ...string) model.Value[T] {
	return model.Value[T]{State: model.Unknown, Written: true, Origin: origin(comment)}
}

// None is a fact of which the source says that it is not there.
func None[T any](comment ...string) model.Value[T] {
	return model.Value[T]{State: model.None, Written: true, Origin: origin(comment)}
}

func origin(comment []string) *model.Origin {
	text := strings.TrimSpace(strings.Join(comment, " "))
	if text == "" {
		return nil
	}
	return &model.Origin{Comment: text}
}

// Object is an object value whose facts carry their own comments; Build moves a comment that all share to the object.
func Object[T any](v *T) model.Value[*T] {
	return model.Value[*T]{V: v, State: model.Stated, Written: true}
}

// hoist moves the comment that all written facts of an object share up to the object, so that it stays on one line.
func hoist(v reflect.Value) {
	t := v.Type()
	for i := range v.NumField() {
		f := v.Field(i)
		if t.Field(i).Anonymous && f.Kind() == reflect.Struct {
			hoist(f)
			continue
		}
		if f.Kind() != reflect.Struct || f.NumField() != 4 || t.Field(i).Tag.Get("hcl") == "" {
			continue
		}
		inner := f.Field(0)
		if inner.Kind() != reflect.Pointer || inner.IsNil() || inner.Elem().Kind() != reflect.Struct || !f.Field(3).IsNil() {
			continue
		}
		if shared := sharedComment(inner.Elem()); shared != "" {
			f.Field(3).Set(reflect.ValueOf(&model.Origin{Comment: shared}))
		}
	}
}

func sharedComment(object reflect.Value) string {
	shared := ""
	var origins []reflect.Value
	for i := range object.NumField() {
		f := object.Field(i)
		if f.Kind() != reflect.Struct || f.NumField() != 4 || !f.Field(2).Bool() {
			continue
		}
		o, _ := f.Field(3).Interface().(*model.Origin)
		if o == nil || o.Comment == "" {
			continue
		}
		if shared != "" && shared != o.Comment {
			return ""
		}
		shared = o.Comment
		origins = append(origins, f.Field(3))
	}
	for _, o := range origins {
		o.Set(reflect.Zero(o.Type()))
	}
	return shared
}
