package render

import "testing"

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain\t\r\n":        "plain\t\r\n",
		"a\x00b\x1bc\x7f":    "a\uFFFDb\uFFFDc\uFFFD",
		"bad\xff!":           "bad\uFFFD!",
		"\uFFFE\uFFFF\uFFFD": "\uFFFD\uFFFD\uFFFD",
		"日本 🚀":               "日本 🚀",
	} {
		if got := string(clean([]byte(in))); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMend(t *testing.T) {
	for in, want := range map[string]string{
		"no reference":             "no reference",
		"&amp;&lt;&gt;&quot;&#45;": "&amp;&lt;&gt;&quot;&#45;",
		"&#x2d;&apos;":             "&#x2d;&apos;",
		"&nbsp;&":                  "&amp;nbsp;&amp;",
		"&#1;&#x1F;&#xD800;":       "&amp;#1;&amp;#x1F;&amp;#xD800;",
		"&#x110000;&#9999999;":     "&amp;#x110000;&amp;#9999999;",
		"&amp &ampx;":              "&amp;amp &amp;ampx;",
	} {
		if got := string(mend([]byte(in))); got != want {
			t.Errorf("mend(%q) = %q, want %q", in, got, want)
		}
	}
}
