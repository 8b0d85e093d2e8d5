package report

import (
	"fmt"
	"path"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// WithFiles is the report with every file name rewritten, for receivers that know files by their place in a repository.
// Each name is asked for once.
func (r *Report) WithFiles(name func(string) string) *Report {
	names := map[string]string{}
	once := func(s string) string {
		if _, ok := names[s]; !ok {
			names[s] = name(s)
		}
		return names[s]
	}
	return rewrite(r, func(owner reflect.Type, field, s string) string {
		switch owner {
		case reflect.TypeFor[Range](), reflect.TypeFor[Change]():
			if field == "File" && s != "" {
				return once(s)
			}
		case reflect.TypeFor[File]():
			if field == "Path" {
				return once(s)
			}
		}
		return s
	})
}

// Below is a file's name as a path below the root that others know it from: cleaned, never from the root of a file system,
// never upward; empty where there is no name.
func Below(file string) string { return path.Clean("/" + file)[1:] }

// Printable is the report with every character spelt out that would act on a terminal, a log or a page instead of being
// shown: control characters other than line end and tab, and marks that turn the direction of text. A report without
// any is returned as it is. The text of edits stays: it is for machines and has to be exact.
func (r *Report) Printable() *Report {
	if !hostile(reflect.ValueOf(r)) {
		return r
	}
	return rewrite(r, func(owner reflect.Type, field, s string) string {
		if owner == reflect.TypeFor[Edit]() {
			return s
		}
		return Printable(s)
	})
}

// Printable spells out the characters of a text that would act instead of being shown, as HCL writes them: \u001b.
func Printable(s string) string {
	if harmless(s) {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		switch {
		case !acts(c):
			b.WriteRune(c)
		case c > 0xFFFF:
			fmt.Fprintf(&b, "\\U%08x", c)
		default:
			fmt.Fprintf(&b, "\\u%04x", c)
		}
	}
	return b.String()
}

// harmless reports whether a text has no character that acts and none that is broken.
func harmless(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c >= 0x7f { // not plain ASCII, as nearly all is
			return !strings.ContainsFunc(s[i:], acts) && utf8.ValidString(s[i:])
		}
	}
	return true
}

// acts reports whether a character does something other than stand there. Line and paragraph separators count: what
// reads lines would see two.
func acts(c rune) bool {
	switch {
	case c == '\n' || c == '\t':
		return false
	case unicode.IsControl(c), c == 0x2028, c == 0x2029, c == 0xFEFF:
		return true
	case c&0xFFFE == 0xFFFE: // no characters: XML cannot hold the first two
		return true
	}
	return unicode.Is(unicode.Bidi_Control, c)
}

// hostile reports whether any text below v acts.
func hostile(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return !harmless(v.String())
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && hostile(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if hostile(v.Index(i)) {
				return true
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if hostile(it.Key()) || hostile(it.Value()) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if hostile(v.Field(i)) {
				return true
			}
		}
	}
	return false
}

// rewrite copies a report and passes every text through f, with the struct and the field that hold it.
func rewrite(r *Report, f func(owner reflect.Type, field, s string) string) *Report {
	return deep(reflect.ValueOf(r), nil, "", f).Interface().(*Report)
}

func deep(v reflect.Value, owner reflect.Type, field string, f func(reflect.Type, string, string) string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		out.SetString(f(owner, field, v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			out = reflect.New(v.Type().Elem())
			out.Elem().Set(deep(v.Elem(), owner, field, f))
		}
	case reflect.Interface:
		if !v.IsNil() {
			out.Set(deep(v.Elem(), owner, field, f))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out = reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			for i := range v.Len() {
				out.Index(i).Set(deep(v.Index(i), owner, field, f))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out = reflect.MakeMapWithSize(v.Type(), v.Len())
			for it := v.MapRange(); it.Next(); {
				out.SetMapIndex(deep(it.Key(), owner, field, f), deep(it.Value(), owner, field, f))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			out.Field(i).Set(deep(v.Field(i), v.Type(), v.Type().Field(i).Name, f))
		}
	default:
		out.Set(v)
	}
	return out
}
