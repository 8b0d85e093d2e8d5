package page

import (
	"testing"

	"github.com/archcheck/archcheck/dsl/source"
)

func TestRender(t *testing.T) {
	const src = "# Timeout\n\nA timeout bounds how **long** a caller waits, see [the\npage](../retry/README.md) and [gRPC](https://grpc.io).\n\n" +
		"- one thing\n- another thing that is longer\n\n```hcl\ntimeout = \"1s\"\n```\n\n| a | bb |\n|---|---|\n| 1 | 2 |\n"
	const want = `Timeout
=======

A timeout bounds how long a caller waits,
see the page and gRPC <https://grpc.io>.

- one thing
- another thing that is longer

    timeout = "1s"

a  bb
1  2
`
	if got := Render([]byte(src), source.Style{Width: 42}); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
