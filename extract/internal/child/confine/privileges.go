package confine

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/psx"
)

// keptPrivilege lets an agent that runs as root hand over files of other users; landlock says which of them.
const keptPrivilege = 1 << unix.CAP_DAC_READ_SEARCH

// dropPrivileges gives up what a child of an agent that runs as root could do beyond other users, in every thread.
func dropPrivileges() error {
	have, err := privileges()
	if err != nil || have == 0 {
		return err
	}
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	kept := uint32(have & keptPrivilege)
	data := [2]unix.CapUserData{{Effective: kept, Permitted: kept}}
	_, _, e := psx.Syscall3(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&hdr)), uintptr(unsafe.Pointer(&data)), 0)
	runtime.KeepAlive(&hdr)
	runtime.KeepAlive(&data)
	if e != 0 {
		return fmt.Errorf("give up privileges: %w", e)
	}
	return nil
}

// privileges are those of the calling thread, as a set of bits.
func privileges() (uint64, error) {
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&hdr, &data[0]); err != nil {
		return 0, fmt.Errorf("read privileges: %w", err)
	}
	return uint64(data[1].Permitted)<<32 | uint64(data[0].Permitted), nil
}
