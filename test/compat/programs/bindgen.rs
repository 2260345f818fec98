// SPDX-License-Identifier: BSD-2-Clause
// A Rust program over declarations as bindgen makes them of <bpf/bpf.h>.
#![allow(non_camel_case_types)]
use std::os::raw::{c_char, c_int, c_void};

type __u32 = u32;
type __u64 = u64;
type bpf_map_type = u32;
const BPF_MAP_TYPE_HASH: bpf_map_type = 1;

#[repr(C)]
#[derive(Default)]
pub struct bpf_map_batch_opts {
    pub sz: usize,
    pub elem_flags: __u64,
    pub flags: __u64,
}

extern "C" {
    fn bpf_map_create(map_type: bpf_map_type, map_name: *const c_char, key_size: __u32, value_size: __u32,
                      max_entries: __u32, opts: *const c_void) -> c_int;
    fn bpf_map_update_elem(fd: c_int, key: *const c_void, value: *const c_void, flags: __u64) -> c_int;
    fn bpf_map_lookup_elem(fd: c_int, key: *const c_void, value: *mut c_void) -> c_int;
    fn bpf_map_update_batch(fd: c_int, keys: *const c_void, values: *const c_void, count: *mut __u32,
                            opts: *const bpf_map_batch_opts) -> c_int;
    fn libbpf_num_possible_cpus() -> c_int;
    fn libbpf_strerror(err: c_int, buf: *mut c_char, size: usize) -> c_int;
}

fn pointer<T>(of: &T) -> *const c_void {
    of as *const T as *const c_void
}

fn main() {
    unsafe {
        let name = std::ffi::CString::new("rust").unwrap();
        let fd = bpf_map_create(BPF_MAP_TYPE_HASH, name.as_ptr(), 4, 8, 4, std::ptr::null());
        let (key, mut value) = (1u32, 5u64);
        println!("{} {}", fd >= 0, bpf_map_update_elem(fd, pointer(&key), pointer(&value), 0));
        value = 0;
        let result = bpf_map_lookup_elem(fd, pointer(&key), &mut value as *mut u64 as *mut c_void);
        println!("{} {}", result, value);
        let opts = bpf_map_batch_opts { sz: std::mem::size_of::<bpf_map_batch_opts>(), ..Default::default() };
        let (keys, values, mut count) = ([2u32, 3], [7u64, 8], 2u32);
        let result = bpf_map_update_batch(fd, pointer(&keys), pointer(&values), &mut count, &opts);
        println!("{} {}", result, count);
        let mut text = [0u8; 64];
        println!("{}", libbpf_strerror(-bpf_map_lookup_elem(fd, pointer(&9u32), &mut value as *mut u64 as *mut c_void),
                                       text.as_mut_ptr() as *mut c_char, text.len()));
        println!("{}", String::from_utf8_lossy(&text).trim_end_matches('\0'));
        println!("{}", libbpf_num_possible_cpus());
    }
}
