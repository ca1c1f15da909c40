package objectstore

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"
)

var (
	_ Store   = (*Dir)(nil)
	_ Sweeper = (*Dir)(nil)
)

// Dir keeps objects as files below one folder. Folders have mode 0700, files 0600. All access
// goes through os.Root, so a symbolic link inside cannot lead outside.
type Dir struct {
	root   *os.Root
	path   string
	sync   func(*os.File) error // of a folder
	synced synced
}

// staleTemp: unfinished files older than this are left over from a crash.
const staleTemp = 24 * time.Hour

// OpenDir opens the folder, making it where needed.
func OpenDir(folder string) (*Dir, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, dirError("open", folder, "", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, dirError("open", folder, "", err)
	}
	d := &Dir{root: root, path: folder, sync: (*os.File).Sync}
	if err := root.MkdirAll(tempFolder, 0o700); err != nil {
		_ = root.Close()
		return nil, dirError("open", folder, "", err)
	}
	_, _ = d.Sweep(context.Background(), time.Now().Add(-staleTemp)) // tidying up must not stop the agent
	return d, nil
}

// Close releases the folder; the store is unusable afterwards.
func (d *Dir) Close() error { return d.root.Close() }

func (d *Dir) String() string { return d.path }

// Check implements Store.
func (d *Dir) Check(ctx context.Context) error { return probe(ctx, d) }

func (d *Dir) fail(op, key string, err error) error { return dirError(op, d.path, key, err) }

func (d *Dir) ready(ctx context.Context, op, key string) error {
	if err := ValidKey(key); err != nil {
		return named(op, d.path, clip(key), err)
	}
	if ctx.Err() != nil {
		return d.fail(op, key, context.Cause(ctx))
	}
	return nil
}

// Put implements Store: a temporary file in the same file system, synced, renamed over the key,
// and the folder synced, so that a power cut leaves the old object or the new one.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader, size int64, _ string) error {
	if err := d.ready(ctx, "put", key); err != nil {
		return err
	}
	temp, err := d.writeTemp(ctx, r, size)
	if err == nil {
		err = d.publish(temp, key)
	}
	if err != nil {
		if temp != "" {
			_ = d.root.Remove(temp)
		}
		return d.fail("put", key, err)
	}
	return nil
}

func (d *Dir) writeTemp(ctx context.Context, r io.Reader, size int64) (name string, err error) {
	name = path.Join(tempFolder, strings.ToLower(rand.Text()))
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, &source{ctx: ctx, r: r, want: size})
	if err == nil {
		err = f.Sync()
	}
	return name, errors.Join(err, f.Close())
}

// publish renames the finished file to its key. A Delete may prune the folder between the two
// steps; then they are done again.
func (d *Dir) publish(temp, key string) error {
	folder := path.Dir(key)
	for try := 0; ; try++ {
		err := d.root.Rename(temp, key) // at once: most folders are there
		if err == nil {
			break
		}
		if try > 10 || !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		d.synced.forget(folder, func(f string) bool { _, err := d.root.Lstat(f); return err == nil })
		if err := d.root.MkdirAll(folder, 0o700); err != nil && !(try < 10 && errors.Is(err, fs.ErrNotExist)) {
			return err
		}
	}
	return d.syncFolders(folder)
}

// syncFolders makes the new name durable, with the folders above it that are not yet.
func (d *Dir) syncFolders(folder string) error {
	seen := d.synced.removals()
	above := d.synced.lacking(folder)
	for _, f := range append(above, folder) {
		if err := d.syncFolder(f); errors.Is(err, fs.ErrNotExist) {
			return nil // pruned by a Delete meanwhile
		} else if err != nil {
			return err
		}
	}
	if len(above) > 0 {
		d.synced.add(folder, seen)
	}
	return nil
}

func (d *Dir) syncFolder(folder string) error {
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.sync(f), f.Close())
}

// Get implements Store.
func (d *Dir) Get(ctx context.Context, key string) (io.ReadCloser, Info, error) {
	if err := d.ready(ctx, "get", key); err != nil {
		return nil, Info{}, err
	}
	// Non-blocking: a named pipe that somebody put there must not hang the agent.
	f, err := d.root.OpenFile(key, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, Info{}, d.fail("get", key, err)
	}
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		_ = f.Close()
		return nil, Info{}, d.fail("get", key, err)
	}
	return f, Info{Key: key, Size: fi.Size(), ModTime: fi.ModTime()}, nil
}

// Stat implements Store.
func (d *Dir) Stat(ctx context.Context, key string) (Info, error) {
	if err := d.ready(ctx, "stat", key); err != nil {
		return Info{}, err
	}
	fi, err := d.root.Stat(key)
	if err == nil && !fi.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return Info{}, d.fail("stat", key, err)
	}
	return Info{Key: key, Size: fi.Size(), ModTime: fi.ModTime()}, nil
}

// Delete implements Store; folders that became empty go too.
func (d *Dir) Delete(ctx context.Context, key string) error {
	if err := d.ready(ctx, "delete", key); err != nil {
		return err
	}
	if fi, err := d.root.Lstat(key); err == nil && fi.IsDir() {
		return nil // a folder is not an object
	}
	err := d.root.Remove(key)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	if err != nil {
		return d.fail("delete", key, err)
	}
	for folder := path.Dir(key); folder != "."; folder = path.Dir(folder) {
		if fi, err := d.root.Lstat(folder); err != nil || !fi.IsDir() || !d.synced.remove(folder, d.root.Remove) {
			break // not empty, or taken by something else meanwhile
		}
	}
	return nil
}

// List implements Store.
func (d *Dir) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		start := "."
		if i := strings.LastIndexByte(prefix, '/'); i > 0 {
			start = prefix[:i]
			if ValidKey(start) != nil {
				return // no key can start so
			}
		}
		if err := d.walk(ctx, start, prefix, yield); err != nil && !errors.Is(err, errStop) {
			yield(Info{}, d.fail("list", prefix, err))
		}
	}
}

var errStop = errors.New("stop")

// walk visits files in key order: a folder sorts as its name with the slash that follows it.
func (d *Dir) walk(ctx context.Context, folder, prefix string, yield func(Info, error) bool) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	entries, err := fs.ReadDir(d.root.FS(), folder)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	if err != nil {
		return err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		if e.IsDir() {
			name += "/"
		}
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := d.visit(ctx, name, prefix, yield); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dir) visit(ctx context.Context, name, prefix string, yield func(Info, error) bool) error {
	if folder, ok := strings.CutSuffix(name, "/"); ok {
		if folder == tempFolder || !(strings.HasPrefix(name, prefix) || strings.HasPrefix(prefix, name)) {
			return nil
		}
		return d.walk(ctx, folder, prefix, yield)
	}
	if !strings.HasPrefix(name, prefix) || ValidKey(name) != nil {
		return nil
	}
	fi, err := d.root.Stat(name)
	if err != nil || !fi.Mode().IsRegular() {
		return nil // gone meanwhile, or nothing of ours
	}
	if !yield(Info{Key: name, Size: fi.Size(), ModTime: fi.ModTime()}, nil) {
		return errStop
	}
	return nil
}

// Sweep implements Sweeper.
func (d *Dir) Sweep(ctx context.Context, before time.Time) (int, error) {
	entries, err := fs.ReadDir(d.root.FS(), tempFolder)
	if err != nil {
		return 0, d.fail("sweep", "", err)
	}
	swept := 0
	for _, e := range entries {
		if ctx.Err() != nil {
			return swept, d.fail("sweep", "", context.Cause(ctx))
		}
		if fi, err := e.Info(); err == nil && fi.ModTime().Before(before) && d.root.Remove(path.Join(tempFolder, e.Name())) == nil {
			swept++
		}
	}
	return swept, nil
}

// dirError gives a file system's error its meaning.
func dirError(op, store, key string, err error) error {
	if own := named(op, store, key, err); own != nil {
		return own
	}
	e := &Error{Op: op, Store: store, Key: key, Code: CodeInternal, Err: err}
	switch {
	case contextEnded(err):
		e.Code = CodeInterrupted
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		e.Code = CodeNotFound
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Code, e.Message = CodeAccessDenied, "the agent's user may not write there: fix the owner of the folder, or set store.dir.path"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e.Code, e.Message = CodeFull, "no space left: free disk space, or set store.dir.path to another disk"
	case errors.Is(err, syscall.ENAMETOOLONG):
		e.Code = CodeBadKey
	case errors.Is(err, syscall.EIO):
		e.Code = CodeBusy
	}
	return e
}
