// SPDX-License-Identifier: BSD-2-Clause
use std::ffi::CStr;
use std::os::raw::{c_char, c_int, c_void};
use std::io::Error;
use std::ptr::null;

const HASH: u32 = 1;
const EINVAL: c_int = 22;
const EPERM: c_int = 1;

extern "C" {
    fn bpf_map_create(
        map_type: u32,
        name: *const c_char,
        key_size: u32,
        value_size: u32,
        max_entries: u32,
        opts: *const c_void,
    ) -> c_int;
    fn barebpf_obj_get_info_by_fd(fd: c_int, info: *mut c_void, size: *mut u32) -> c_int;
}

// The beginning of the kernel's struct bpf_map_info.
#[repr(C)]
#[derive(Default)]
struct MapInfo {
    map_type: u32,
    id: u32,
    key_size: u32,
    value_size: u32,
    max_entries: u32,
    map_flags: u32,
    name: [u8; 16],
}

// A Rust program with its own declarations: errno, and the kernel's own account of the map.
fn main() {
    let fd = unsafe { bpf_map_create(HASH, b"rust\0".as_ptr().cast(), 4, 8, 16, null()) };
    if fd == -EPERM {
        std::process::exit(77);
    }
    assert!(fd >= 3, "bpf_map_create: {fd}");

    let mut info = MapInfo::default();
    let mut size = std::mem::size_of::<MapInfo>() as u32;
    let answer = unsafe { barebpf_obj_get_info_by_fd(fd, (&mut info as *mut MapInfo).cast(), &mut size) };
    assert_eq!(answer, 0);
    assert_eq!((info.map_type, info.key_size, info.value_size, info.max_entries), (HASH, 4, 8, 16));
    let name = unsafe { CStr::from_ptr(info.name.as_ptr().cast()) };
    assert_eq!(name.to_bytes(), b"rust");

    assert_eq!(unsafe { bpf_map_create(0, null(), 4, 8, 16, null()) }, -EINVAL);
    assert_eq!(Error::last_os_error().raw_os_error(), Some(EINVAL));
}
