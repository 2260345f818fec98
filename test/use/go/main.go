// SPDX-License-Identifier: BSD-2-Clause
package main

// #cgo pkg-config: barebpf
// #include <barebpf/barebpf.h>
// #include <barebpf/bpf.h>
// #include <stdlib.h>
import "C"

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// Ends the program unless the condition holds.
func must(holds bool, what string, values ...any) {
	if !holds {
		fmt.Println(what, values)
		os.Exit(1)
	}
}

// A Go program, whose second result of a C function is errno.
func main() {
	name := C.CString("go")
	defer C.free(unsafe.Pointer(name))
	fd, err := C.bpf_map_create(C.BPF_MAP_TYPE_HASH, name, 4, 8, 16, nil)
	if err == syscall.EPERM {
		os.Exit(77)
	}
	must(fd >= 3, "bpf_map_create:", fd, err)

	var info C.struct_bpf_map_info
	size := C.uint32_t(unsafe.Sizeof(info))
	answer := C.barebpf_obj_get_info_by_fd(fd, unsafe.Pointer(&info), &size)
	must(answer == 0, "barebpf_obj_get_info_by_fd:", answer)
	must(info.key_size == 4 && info.value_size == 8 && info.max_entries == 16, "info:", info)
	must(C.GoString(&info.name[0]) == "go", "name:", info.name)

	fd, err = C.bpf_map_create(C.BPF_MAP_TYPE_UNSPEC, nil, 4, 8, 16, nil)
	must(fd == -C.int(syscall.EINVAL) && err == syscall.EINVAL, "a refusal:", fd, err)
}
