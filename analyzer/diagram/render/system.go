package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// lookDot resolves the program the user named.
func lookDot(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return "", fmt.Errorf("no Graphviz program at %q: %w; leave the setting out to use the built-in Graphviz", name, err)
	}
	return path, nil
}

// runDot lays a graph out with an installed Graphviz.
func runDot(ctx context.Context, path string, dot []byte, engine string) ([]byte, messages, error) {
	var out, said bytes.Buffer
	cmd := exec.CommandContext(ctx, path, "-K"+engine, "-Tsvg")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(dot), &out, &said
	// A child that keeps the pipes open must not keep us after the kill.
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	var log messages
	log.addPrinted(said.String())
	if err != nil {
		return nil, log, fmt.Errorf("render: %s: %w", path, err)
	}
	if out.Len() == 0 {
		return nil, log, fmt.Errorf("render: %s drew nothing; the DOT holds no graph", path)
	}
	return out.Bytes(), log, nil
}
