package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/archcheck/archcheck/dsl/source"
)

// output is one file to be written.
type output struct {
	label  string // as the user or the environment named it, for messages
	file   string
	bytes  []byte
	append bool // to what is there
}

// staged is an output that is ready: nothing of it can be seen yet, and what can be checked before has been.
type staged struct {
	output
	target string   // the file itself, links resolved
	tmp    string   // beside the target, to be renamed; empty where stream is written to
	stream *os.File // a device or pipe, or a file to append to
	size   int64    // of a file to append to, before
	before []byte   // what the target held
	was    bool     // whether there was a target
}

// commit writes all files and then standard output: all or none. Whatever can fail is tried on files that nobody sees;
// should a later step fail all the same, the earlier ones are taken back.
func (a *app) commit(outputs []output, stdout []byte) (err error) {
	var ready []*staged
	done := 0
	defer func() {
		for i, s := range ready {
			if err != nil && i < done {
				s.undo()
			}
			s.close()
		}
	}()
	for _, o := range outputs {
		s, err := prepare(o)
		if err != nil {
			return withHint(fmt.Errorf("%s: %w", o.label, source.Cause(err)), "No output was written. Name a file in a folder that exists and can be written to.")
		}
		ready = append(ready, s)
	}
	for _, s := range ready {
		done++
		if err := s.write(); err != nil {
			return withHint(fmt.Errorf("%s: %w", s.label, source.Cause(err)), "No output was written.")
		}
	}
	if err := a.print(stdout); err != nil {
		return withHint(err, "No output was written.")
	}
	return nil
}

func prepare(o output) (*staged, error) {
	s := &staged{output: o, target: o.file}
	if t, err := filepath.EvalSymlinks(o.file); err == nil {
		s.target = t
	}
	st, err := os.Stat(s.target)
	switch {
	case err == nil && st.IsDir():
		return nil, errors.New("is a directory")
	case err == nil && !st.Mode().IsRegular():
		s.stream, err = os.OpenFile(s.target, os.O_WRONLY, 0)
		return s, err
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	s.was = err == nil
	if o.append {
		if s.was {
			s.size = st.Size()
		}
		s.stream, err = os.OpenFile(s.target, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		return s, err
	}
	if s.was {
		if s.before, err = os.ReadFile(s.target); err != nil {
			return nil, err
		}
	}
	s.tmp, err = stage(s.target, o.bytes)
	return s, err
}

func (s *staged) write() error {
	if s.tmp != "" {
		return os.Rename(s.tmp, s.target)
	}
	_, err := s.stream.Write(s.bytes)
	return err
}

// undo puts back what was there. It is the way out of a failure: a second one has nowhere to go.
func (s *staged) undo() {
	switch {
	case s.tmp == "" && !s.append:
	case !s.was:
		_ = os.Remove(s.target)
	case s.append:
		_ = os.Truncate(s.target, s.size)
	default:
		_ = os.WriteFile(s.target, s.before, 0o644)
	}
}

// close drops what is left of the preparation: a temporary file that was not renamed, an open stream, and a file that
// was only made to be appended to and got nothing.
func (s *staged) close() {
	if s.tmp != "" {
		_ = os.Remove(s.tmp)
	}
	if s.stream == nil {
		return
	}
	_ = s.stream.Close()
	if st, err := os.Stat(s.target); s.append && !s.was && err == nil && st.Size() == 0 {
		_ = os.Remove(s.target)
	}
}

// stdout is standard output. A reader that has gone (a closed pipe) is no error of ours: the verdict stands. Any other
// failure is kept for the end of the run.
type stdout struct {
	w   io.Writer
	err error
}

func (o *stdout) Write(b []byte) (int, error) {
	n, err := o.w.Write(b)
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return len(b), nil
	}
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	o.err = err
	return n, err
}

// print writes to standard output.
func (a *app) print(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if _, err := a.Out.Write(b); err != nil {
		return fmt.Errorf("standard output: %w", source.Cause(err))
	}
	return nil
}

// stage writes a file beside its destination, to be renamed once every other one is written too. It has the mode of the
// file that it replaces.
func stage(file string, b []byte) (string, error) {
	mode := fs.FileMode(0o644)
	if st, err := os.Stat(file); err == nil {
		if st.IsDir() {
			return "", errors.New("is a directory")
		}
		mode = st.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return "", err
	}
	_, err = tmp.Write(b)
	if err2 := tmp.Close(); err == nil {
		err = err2
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), mode)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return "", err
	}
	return tmp.Name(), nil
}

// sameFile reports whether two names lead to one file that exists.
func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// say prints one sentence or a few, at the width of standard output.
func (a *app) say(format string, args ...any) error {
	lines := source.Wrap(fmt.Sprintf(format, args...), a.style(a.Out).Width)
	return a.print([]byte(strings.Join(lines, "\n") + "\n"))
}
