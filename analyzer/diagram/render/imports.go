package render

import (
	"context"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

// Error numbers of the C library inside the module (those of WASI).
const (
	eBADF   = 8
	eINVAL  = 28
	eNOENT  = 44
	eNOSYS  = 52
	eNOTTY  = 59
	wasmKiB = 64 // KiB per page of memory
)

// session is what one instance says while it runs.
type session struct {
	reported []string // pieces handed to Graphviz's error callback
	printed  []byte   // what it wrote to standard output and standard error
	fatal    string   // why it gave up, when it did
}

type sessionKey struct{}

func sessionOf(ctx context.Context) *session {
	s, ok := ctx.Value(sessionKey{}).(*session)
	if !ok {
		return &session{}
	}
	return s
}

// hostFunc is an imported function; stack carries its arguments and result.
type hostFunc func(ctx context.Context, m api.Module, stack []uint64)

// answer is an import that does nothing and returns errno, negated as system
// calls return it when the caller of answer passes it so.
func answer(errno int32) hostFunc {
	return func(_ context.Context, _ api.Module, stack []uint64) {
		if len(stack) > 0 {
			stack[0] = api.EncodeI32(errno)
		}
	}
}

// hostFuncs are the functions the module imports. There are no files, no
// environment, no clock and no randomness: a picture depends on its DOT alone,
// and a DOT that names a file learns nothing about this machine.
var hostFuncs = map[string]hostFunc{
	"syscall_openat":         answer(-eNOENT),
	"syscall_newfstatat":     answer(-eNOENT),
	"syscall_faccessat":      answer(-eNOENT),
	"syscall_fstat64":        answer(-eBADF),
	"syscall_fcntl64":        answer(-eBADF),
	"syscall_ioctl":          answer(-eNOTTY),
	"mmap_js":                answer(-eNOSYS),
	"munmap_js":              answer(0),
	"fd_close":               answer(0),
	"fd_read":                answer(eBADF),
	"fd_seek":                answer(eINVAL),
	"environ_get":            answer(0),
	"environ_sizes_get":      environSizes,
	"clock_time_get":         clockTime,
	"emscripten_date_now":    func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = api.EncodeF64(0) },
	"localtime_js":           localTime,
	"tzset_js":               zone,
	"random_get":             random,
	"emscripten_resize_heap": resizeHeap,
	"fd_write":               write,
	"viz_errorf":             report,
	"assert_fail":            assertFail,
	"abort_js":               giveUp("aborted"),
	"cxa_throw":              giveUp("threw an exception"),
	"exit":                   giveUp("exited"),
}

// provideImports instantiates the host module with exactly the functions that
// the compiled module asks for, under its short names and with its types.
func provideImports(ctx context.Context, rt wazero.Runtime, compiled wazero.CompiledModule) error {
	hosts := map[string]wazero.HostModuleBuilder{}
	for _, def := range compiled.ImportedFunctions() {
		module, short, _ := def.Import()
		f, ok := hostFuncs[imports[short]]
		if !ok {
			return fmt.Errorf("render: the embedded Graphviz imports %s (%s), which is not provided", short, imports[short])
		}
		if hosts[module] == nil {
			hosts[module] = rt.NewHostModuleBuilder(module)
		}
		hosts[module].NewFunctionBuilder().
			WithGoModuleFunction(api.GoModuleFunc(f), def.ParamTypes(), def.ResultTypes()).
			WithName(imports[short]).
			Export(short)
	}
	for _, h := range hosts {
		if _, err := h.Instantiate(ctx); err != nil {
			return err
		}
	}
	return nil
}

// zero writes n zero bytes at ptr.
func zero(m api.Module, ptr uint64, n uint32) { m.Memory().Write(uint32(ptr), make([]byte, n)) }

func environSizes(_ context.Context, m api.Module, stack []uint64) {
	zero(m, stack[0], 4)
	zero(m, stack[1], 4)
	stack[0] = 0
}

func clockTime(_ context.Context, m api.Module, stack []uint64) {
	zero(m, stack[2], 8)
	stack[0] = 0
}

// localTime fills a struct tm of ten integers: the first second of 1900.
func localTime(_ context.Context, m api.Module, stack []uint64) {
	zero(m, stack[1], 40)
	stack[0] = 0
}

// zone sets the time zone to UTC without daylight saving.
func zone(_ context.Context, m api.Module, stack []uint64) {
	zero(m, stack[0], 4)
	zero(m, stack[1], 4)
	m.Memory().Write(uint32(stack[2]), []byte("UTC\x00"))
	m.Memory().Write(uint32(stack[3]), []byte("UTC\x00"))
}

// random hands out a fixed sequence; the module uses it to seed hash tables.
func random(_ context.Context, m api.Module, stack []uint64) {
	b := make([]byte, uint32(stack[1]))
	for i := range b {
		b[i] = byte(i*151 + 43)
	}
	m.Memory().Write(uint32(stack[0]), b)
	stack[0] = 0
}

// resizeHeap grows the memory to the size asked for and a fifth of what there
// is, so that many small requests do not copy it many times.
func resizeHeap(_ context.Context, m api.Module, stack []uint64) {
	const page = wasmKiB * 1024
	want, have := uint64(uint32(stack[0])), uint64(m.Memory().Size())
	stack[0] = 0
	for _, size := range []uint64{max(want, have+have/5), want} {
		if size <= have {
			stack[0] = 1
			return
		}
		if _, ok := m.Memory().Grow(uint32((size - have + page - 1) / page)); ok {
			stack[0] = 1
			return
		}
	}
}

// write collects what the module prints.
func write(ctx context.Context, m api.Module, stack []uint64) {
	fd, iov, count, result := uint32(stack[0]), uint32(stack[1]), uint32(stack[2]), uint32(stack[3])
	if fd != 1 && fd != 2 {
		stack[0] = eBADF
		return
	}
	s := sessionOf(ctx)
	var total uint32
	for i := range count {
		ptr, _ := m.Memory().ReadUint32Le(iov + 8*i)
		n, _ := m.Memory().ReadUint32Le(iov + 8*i + 4)
		text, ok := m.Memory().Read(ptr, n)
		if !ok {
			stack[0] = eINVAL
			return
		}
		s.printed = append(s.printed, text...)
		total += n
	}
	m.Memory().WriteUint32Le(result, total)
	stack[0] = 0
}

// report is Graphviz's error callback: one piece of a message per call.
func report(ctx context.Context, m api.Module, stack []uint64) {
	s := sessionOf(ctx)
	s.reported = append(s.reported, cString(m, uint32(stack[0])))
	stack[0] = 0
}

func assertFail(ctx context.Context, m api.Module, stack []uint64) {
	condition := cString(m, uint32(stack[0]))
	giveUp("failed its own check "+condition)(ctx, m, nil)
}

// giveUp ends the instance: the module does not expect these calls to return.
func giveUp(why string) hostFunc {
	return func(ctx context.Context, m api.Module, _ []uint64) {
		if s := sessionOf(ctx); s.fatal == "" {
			s.fatal = why
		}
		_ = m.CloseWithExitCode(ctx, 1)
		panic(sys.NewExitError(1))
	}
}

// cString reads the zero-terminated text at ptr; "" when ptr is 0 or outside.
func cString(m api.Module, ptr uint32) string {
	if ptr == 0 || ptr >= m.Memory().Size() {
		return ""
	}
	b, ok := m.Memory().Read(ptr, m.Memory().Size()-ptr)
	if !ok {
		return ""
	}
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return ""
}
