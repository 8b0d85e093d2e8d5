package render

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// clean replaces what is not UTF-8 and the characters that XML 1.0 cannot
// hold, so that a hostile name can neither break the picture nor hide in it.
func clean(b []byte) []byte {
	return []byte(strings.Map(func(c rune) rune {
		if !xmlChar(c) {
			return '\uFFFD'
		}
		return c
	}, strings.ToValidUTF8(string(b), "\uFFFD")))
}

// xmlChar reports whether XML 1.0 may hold the character. It refuses DEL too,
// which XML only discourages.
func xmlChar(c rune) bool {
	switch {
	case c == '\t', c == '\n', c == '\r':
		return true
	case c < 0x20, c == 0x7f, c >= 0xD800 && c <= 0xDFFF, c == 0xFFFE, c == 0xFFFF, c > 0x10FFFF:
		return false
	}
	return true
}

var reference = regexp.MustCompile(`^&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));`)

// mend escapes each & that starts no reference XML knows. Graphviz copies what
// looks like an HTML reference in a name (&nbsp;, &#1;) into its titles.
func mend(svg []byte) []byte {
	if !bytes.Contains(svg, []byte("&")) {
		return svg
	}
	out := make([]byte, 0, len(svg)+64)
	for {
		i := bytes.IndexByte(svg, '&')
		if i < 0 {
			return append(out, svg...)
		}
		out = append(out, svg[:i+1]...)
		svg = svg[i:]
		if !knownReference(svg) {
			out = append(out, "amp;"...)
		}
		svg = svg[1:]
	}
}

func knownReference(s []byte) bool {
	m := reference.FindSubmatch(s[:min(len(s), 12)])
	if m == nil {
		return false
	}
	digits, base := m[2], 10
	if len(digits) == 0 {
		digits, base = m[3], 16
	}
	if len(digits) == 0 {
		return true
	}
	n, err := strconv.ParseInt(string(digits), base, 32)
	return err == nil && xmlChar(rune(n))
}
