// Command refetch renews the WebAssembly build of Graphviz that package render
// embeds, and the Go table that gives its one-letter imports and exports their
// names back.
//
// It runs from the package folder by `go generate` and needs the npm client.
// The package version, the integrity value of its archive and the checksum of
// the module are pinned here: a changed archive is refused, never adopted.
// To move to another version, change the pins in one commit with the result.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"
)

const (
	npmPackage = "@viz-js/viz"
	npmVersion = "3.31.0"
	// integrity is the value npm publishes for the archive of npmVersion.
	integrity = "sha512-r7zlQdRvcwvIpjHGgs+KNWHeE/P5/Dq7k8ZAKaMCbZqomxCBJV78gVuQYaHzFVca+kB0mX0fMW9UFevCOBG50A=="
	// wasmSHA256 is the checksum of the module inside that archive.
	wasmSHA256 = "b113d594ef25f4da9d12e83f7f1550f00aae8e8fa911ebc4c4417ec1293f1451"
)

func main() {
	out := flag.String("out", ".", "folder that receives graphviz.wasm and abi.go")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "refetch:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	archive, err := download()
	if err != nil {
		return err
	}
	glue, err := member(archive, "package/lib/backend.js")
	if err != nil {
		return err
	}
	metadata, err := member(archive, "package/lib/metadata.js")
	if err != nil {
		return err
	}
	module, err := extractModule(glue)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(module)
	if got := hex.EncodeToString(sum[:]); got != wasmSHA256 {
		return fmt.Errorf("module has SHA-256 %s, pinned is %s", got, wasmSHA256)
	}
	table, err := goTable(glue, metadata)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "graphviz.wasm"), module, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "abi.go"), table, 0o644)
}

// download lets the npm client fetch the archive (so its proxy and registry
// settings apply) and checks it against the pinned integrity value.
func download() ([]byte, error) {
	dir, err := os.MkdirTemp("", "refetch")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command("npm", "pack", "--silent", npmPackage+"@"+npmVersion)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("npm pack %s@%s: %w", npmPackage, npmVersion, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(files) != 1 {
		return nil, fmt.Errorf("npm pack left %d archives, expected one", len(files))
	}
	archive, err := os.ReadFile(files[0])
	if err != nil {
		return nil, err
	}
	sum := sha512.Sum512(archive)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != integrity {
		return nil, fmt.Errorf("archive has integrity %s, pinned is %s", got, integrity)
	}
	return archive, nil
}

// member returns one file of a gzipped tar archive.
func member(archive []byte, name string) ([]byte, error) {
	zr, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	for tr := tar.NewReader(zr); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("the archive has no %s", name)
		}
		if err != nil {
			return nil, err
		}
		if h.Name == name {
			return io.ReadAll(tr)
		}
	}
}

// extractModule decodes the string literal that holds the module: one
// character per byte, U+0100 standing for zero, and backslash escapes for the
// four characters a single-quoted literal cannot hold.
func extractModule(glue []byte) ([]byte, error) {
	const opening = "binaryDecode('"
	start := bytes.Index(glue, []byte(opening))
	if start < 0 {
		return nil, errors.New("the glue code holds no encoded module")
	}
	var module []byte
	for rest := glue[start+len(opening):]; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		rest = rest[n:]
		switch {
		case r == '\'':
			return module, nil
		case r == '\\':
			r, n = utf8.DecodeRune(rest)
			rest = rest[n:]
			switch r {
			case 'n':
				module = append(module, '\n')
			case 'r':
				module = append(module, '\r')
			case '\\', '\'':
				module = append(module, byte(r))
			default:
				return nil, fmt.Errorf("unknown escape \\%c in the encoded module", r)
			}
		case r == 0x100:
			module = append(module, 0)
		case r < 0x100:
			module = append(module, byte(r))
		default:
			return nil, fmt.Errorf("unexpected character %U in the encoded module", r)
		}
	}
	return nil, errors.New("the encoded module has no end")
}

var (
	importTable  = regexp.MustCompile(`var wasmImports=\{([^}]*)\}`)
	importEntry  = regexp.MustCompile(`([\w$]+):([\w$]+)`)
	initEntry    = regexp.MustCompile(`TTY\.init\(\);wasmExports\["([^"]+)"\]\(\)`)
	versionEntry = regexp.MustCompile(`graphvizVersion = "([^"]+)"`)
	engineList   = regexp.MustCompile(`engines = \[([^\]]*)\]`)
)

// goTable writes the Go source of the import and export names.
func goTable(glue, metadata []byte) ([]byte, error) {
	imports := map[string]string{}
	m := importTable.FindSubmatch(glue)
	if m == nil {
		return nil, errors.New("the glue code has no import table")
	}
	for _, e := range importEntry.FindAllSubmatch(m[1], -1) {
		imports[string(e[1])] = strings.TrimLeft(string(e[2]), "_")
	}
	exports := map[string]string{}
	body := glue[bytes.Index(glue, []byte("function assignWasmExports")):]
	for _, statement := range bytes.Split(body[:bytes.IndexByte(body, '}')], []byte(";")) {
		name, export, ok := strings.Cut(string(statement), `wasmExports["`)
		if !ok {
			continue
		}
		name = name[strings.LastIndexByte(name, '{')+1:]
		name, _, _ = strings.Cut(name, "=")
		exports[strings.TrimLeft(name, "_")] = strings.TrimSuffix(export, `"]`)
	}
	start := initEntry.FindSubmatch(glue)
	version := versionEntry.FindSubmatch(metadata)
	engines := engineList.FindSubmatch(metadata)
	if start == nil || version == nil || engines == nil {
		return nil, errors.New("the glue code has no initialiser, version or engine list")
	}
	exports["init"] = string(start[1])

	var b strings.Builder
	fmt.Fprintf(&b, "// Code generated by refetch from %s %s. DO NOT EDIT.\n\npackage render\n\n", npmPackage, npmVersion)
	fmt.Fprintf(&b, "// GraphvizVersion is the release of Graphviz inside the embedded module.\nconst GraphvizVersion = %q\n\n", version[1])
	fmt.Fprintf(&b, "// wasmSHA256 is the pinned checksum of the embedded module.\nconst wasmSHA256 = %q\n\n", wasmSHA256)
	fmt.Fprintf(&b, "// engines are the layout engines inside the module, sorted.\nvar engines = []string{%s}\n\n", bytes.ReplaceAll(engines[1], []byte(","), []byte(", ")))
	writeMap(&b, "imports", "maps a short import name of the module to the function it stands for", imports)
	writeMap(&b, "exports", "maps a function to the short name under which the module exports it", exports)
	return format.Source([]byte(b.String()))
}

func writeMap(b *strings.Builder, name, doc string, m map[string]string) {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Fprintf(b, "// %s %s.\nvar %s = map[string]string{\n", name, doc, name)
	for _, k := range keys {
		fmt.Fprintf(b, "\t%q: %q,\n", k, m[k])
	}
	fmt.Fprint(b, "}\n\n")
}
