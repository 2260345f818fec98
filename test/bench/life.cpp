// SPDX-License-Identifier: BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef RAW
#include "life_raw.h"
#else
#include <linux/bpf.h>
// libbpf's header, or ours in its place.
#include <bpf/bpf.h>
#endif

// One program for each way of calling: RAW, or libbpf's names from libbpf, whose release may lack some
// (LIBBPF), or from us.

// More than a batch, so that the kernel does not report their end, and no bucket of the map exceeds a batch.
constexpr __u32 elements = 64, in_a_batch = 16;

// What the calls work on. The compiler does not know what main() puts here.
struct work {
    int map, frozen, btf, bpffs;
    __u32 map_id, btf_id, id;
    __u32 key, next_key, position;
    __u64 value;
    __u32 keys[in_a_batch];
    __u64 values[in_a_batch];
    __u32 count;
    __u32 size;
    union {
        bpf_map_info of_map;
        bpf_btf_info of_btf;
    } info;
    __u32 flags;     // 0
    __u32 log_level; // 1
    char path[64];   // pinned, and stays
    char other[64];  // to be pinned
    char log[4096];
};
extern struct work work;
struct work work;

namespace
{

struct btf_blob {
    btf_header header;
    btf_type number;
    __u32 bits;
    char names[5];
} __attribute__((packed));
// One type: an int of 32 bits.
constexpr btf_blob blob = {
    {BTF_MAGIC, BTF_VERSION, 0, sizeof(btf_header), 0, sizeof(btf_type) + sizeof(__u32),
     sizeof(btf_type) + sizeof(__u32), 5},
    {1, BTF_KIND_INT << 24, {4}},
    32,
    {'\0', 'i', 'n', 't', '\0'},
};

[[noreturn]] void fail(const char *what)
{
    fprintf(stderr, "life: %s: %s\n", what, strerror(errno));
    exit(1);
}

int require(const char *what, int result)
{
    if (result < 0)
        fail(what);
    return result;
}

int system_call(int command, bpf_attr *attr)
{
    return static_cast<int>(syscall(__NR_bpf, command, attr, sizeof(*attr)));
}

int new_map()
{
    bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.map_type = BPF_MAP_TYPE_HASH;
    attr.key_size = sizeof(work.key);
    attr.value_size = sizeof(work.value);
    attr.max_entries = elements;
    return require("no map", system_call(BPF_MAP_CREATE, &attr));
}

// Before a call: the same elements in the map, and everything where a call expects it.
void fill()
{
    for (__u32 key = 1; key <= elements; key++) {
        bpf_attr attr;
        memset(&attr, 0, sizeof(attr));
        attr.map_fd = static_cast<__u32>(work.map);
        attr.key = reinterpret_cast<__u64>(&key);
        attr.value = reinterpret_cast<__u64>(&work.value);
        require("no element", system_call(BPF_MAP_UPDATE_ELEM, &attr));
    }
    for (__u32 i = 0; i < in_a_batch; i++)
        work.keys[i] = i + 1;
    work.key = 1;
    work.count = in_a_batch;
    work.size = sizeof(work.info.of_map);
    memset(&work.info, 0, sizeof(work.info));
}

// What follows a key that no element has is the first.
void fill_but_for_key()
{
    fill();
    work.key = 0;
}

void fill_btf()
{
    fill();
    work.size = sizeof(work.info.of_btf);
}

void unpin()
{
    unlink(work.other);
}

void new_frozen()
{
    close(work.frozen);
    work.frozen = new_map();
}

} // namespace

// A call, as a function of its own so that callgrind tells it apart.
#define CALL(name, ...) \
    extern "C" [[gnu::noinline]] int call_##name(); \
    int call_##name() \
    { \
        __VA_ARGS__; \
    }

CALL(update, return bpf_map_update_elem(work.map, &work.key, &work.value, work.flags))
CALL(lookup, return bpf_map_lookup_elem(work.map, &work.key, &work.value))
CALL(lookup_flags, return bpf_map_lookup_elem_flags(work.map, &work.key, &work.value, work.flags))
CALL(take, return bpf_map_lookup_and_delete_elem(work.map, &work.key, &work.value))
CALL(take_flags, return bpf_map_lookup_and_delete_elem_flags(work.map, &work.key, &work.value, work.flags))
CALL(erase, return bpf_map_delete_elem(work.map, &work.key))
CALL(erase_flags, return bpf_map_delete_elem_flags(work.map, &work.key, work.flags))
CALL(next_key, return bpf_map_get_next_key(work.map, &work.key, &work.next_key))
CALL(freeze, return bpf_map_freeze(work.frozen))

#define BATCH_OPTS LIBBPF_OPTS(bpf_map_batch_opts, opts, .elem_flags = work.flags, .flags = work.flags)
CALL(update_batch, return bpf_map_update_batch(work.map, work.keys, work.values, &work.count, nullptr))
CALL(update_batch_opts, BATCH_OPTS;
     return bpf_map_update_batch(work.map, work.keys, work.values, &work.count, &opts))
CALL(lookup_batch, return bpf_map_lookup_batch(work.map, nullptr, &work.position, work.keys, work.values,
                                               &work.count, nullptr))
CALL(lookup_batch_opts, BATCH_OPTS; return bpf_map_lookup_batch(work.map, nullptr, &work.position, work.keys,
                                                                work.values, &work.count, &opts))
CALL(take_batch, return bpf_map_lookup_and_delete_batch(work.map, nullptr, &work.position, work.keys,
                                                        work.values, &work.count, nullptr))
CALL(take_batch_opts, BATCH_OPTS;
     return bpf_map_lookup_and_delete_batch(work.map, nullptr, &work.position, work.keys, work.values,
                                            &work.count, &opts))
CALL(erase_batch, return bpf_map_delete_batch(work.map, work.keys, &work.count, nullptr))
CALL(erase_batch_opts, BATCH_OPTS; return bpf_map_delete_batch(work.map, work.keys, &work.count, &opts))

CALL(pin, return bpf_obj_pin(work.map, work.other))
CALL(get, return bpf_obj_get(work.path))
CALL(get_opts_null, return bpf_obj_get_opts(work.path, nullptr))
CALL(get_opts, LIBBPF_OPTS(bpf_obj_get_opts, opts, .file_flags = work.flags);
     return bpf_obj_get_opts(work.path, &opts))
CALL(info, return bpf_obj_get_info_by_fd(work.map, &work.info.of_map, &work.size))
CALL(next_id, return bpf_map_get_next_id(work.flags, &work.id))
CALL(fd_by_id, return bpf_map_get_fd_by_id(work.map_id))
CALL(fd_by_id_opts_null, return bpf_map_get_fd_by_id_opts(work.map_id, nullptr))
CALL(fd_by_id_opts, LIBBPF_OPTS(bpf_get_fd_by_id_opts, opts, .open_flags = work.flags);
     return bpf_map_get_fd_by_id_opts(work.map_id, &opts))
CALL(btf_fd_by_id, return bpf_btf_get_fd_by_id(work.btf_id))
CALL(btf_fd_by_id_opts, LIBBPF_OPTS(bpf_get_fd_by_id_opts, opts, .open_flags = work.flags);
     return bpf_btf_get_fd_by_id_opts(work.btf_id, &opts))
CALL(btf_load, return bpf_btf_load(&blob, sizeof(blob), nullptr))
CALL(btf_load_opts, LIBBPF_OPTS(bpf_btf_load_opts, opts, .log_buf = work.log, .log_level = work.log_level,
                                .log_size = sizeof(work.log));
     return bpf_btf_load(&blob, sizeof(blob), &opts))
#ifndef LIBBPF
CALL(pin_opts_null, return bpf_obj_pin_opts(work.map, work.other, nullptr))
CALL(pin_opts,
     LIBBPF_OPTS(bpf_obj_pin_opts, opts, .file_flags = work.flags, .path_fd = static_cast<int>(work.flags));
     return bpf_obj_pin_opts(work.map, work.other, &opts))
CALL(map_info, return bpf_map_get_info_by_fd(work.map, &work.info.of_map, &work.size))
CALL(btf_info, return bpf_btf_get_info_by_fd(work.btf, &work.info.of_btf, &work.size))
CALL(token, return bpf_token_create(work.bpffs, nullptr))
CALL(token_opts, LIBBPF_OPTS(bpf_token_create_opts, opts, .flags = work.flags);
     return bpf_token_create(work.bpffs, &opts))
#endif

namespace
{

void nothing() {}

enum class gives {
    nothing,
    descriptor,
    refusal
};

struct known_call {
    const char *name;
    int (*call)();
    void (*before)();
    gives result = gives::nothing;
};

// clang-format off: its releases differ
#define ROW(name, ...) \
    { \
#name, call_##name, __VA_ARGS__ \
    }
// clang-format on
constexpr known_call calls[] = {
    ROW(update, fill),
    ROW(lookup, fill),
    ROW(lookup_flags, fill),
    ROW(take, fill),
    ROW(take_flags, fill),
    ROW(erase, fill),
    ROW(erase_flags, fill),
    ROW(next_key, fill_but_for_key),
    ROW(freeze, new_frozen),
    ROW(update_batch, fill),
    ROW(update_batch_opts, fill),
    ROW(lookup_batch, fill),
    ROW(lookup_batch_opts, fill),
    ROW(take_batch, fill),
    ROW(take_batch_opts, fill),
    ROW(erase_batch, fill),
    ROW(erase_batch_opts, fill),
    ROW(pin, unpin),
    ROW(get, nothing, gives::descriptor),
    ROW(get_opts_null, nothing, gives::descriptor),
    ROW(get_opts, nothing, gives::descriptor),
    ROW(info, fill),
    ROW(next_id, nothing),
    ROW(fd_by_id, nothing, gives::descriptor),
    ROW(fd_by_id_opts_null, nothing, gives::descriptor),
    ROW(fd_by_id_opts, nothing, gives::descriptor),
    ROW(btf_fd_by_id, nothing, gives::descriptor),
    ROW(btf_fd_by_id_opts, nothing, gives::descriptor),
    ROW(btf_load, nothing, gives::descriptor),
    ROW(btf_load_opts, nothing, gives::descriptor),
#ifndef LIBBPF
    ROW(pin_opts_null, unpin),
    ROW(pin_opts, unpin),
    ROW(map_info, fill),
    ROW(btf_info, fill_btf),
    // A token is given to a user namespace's own bpffs; the first namespace's is refused one.
    ROW(token, nothing, gives::refusal),
    ROW(token_opts, nothing, gives::refusal),
#endif
};

// By one system call, which the stream of the C library would not do.
void say(const char *line)
{
    if (write(1, line, strlen(line)) < 0)
        _exit(1);
}

void run(const known_call &one)
{
    char line[32];
    snprintf(line, sizeof(line), "%s\n", one.name);
    one.before();
    say(line);
    const int result = one.call();
    say("end\n");
    if ((result < 0) != (one.result == gives::refusal))
        fail(one.name);
    if (one.result == gives::descriptor)
        close(result);
}

int load_btf()
{
    bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.btf = reinterpret_cast<__u64>(&blob);
    attr.btf_size = sizeof(blob);
    return require("no BTF", system_call(BPF_BTF_LOAD, &attr));
}

void get_info(int fd, __u32 size)
{
    bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.info.bpf_fd = static_cast<__u32>(fd);
    attr.info.info_len = size;
    attr.info.info = reinterpret_cast<__u64>(&work.info);
    require("no info", system_call(BPF_OBJ_GET_INFO_BY_FD, &attr));
}

void pin_map()
{
    snprintf(work.path, sizeof(work.path), "/sys/fs/bpf/barebpf-bench-%d", getpid());
    snprintf(work.other, sizeof(work.other), "/sys/fs/bpf/barebpf-bench-%d-other", getpid());
    bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.pathname = reinterpret_cast<__u64>(work.path);
    attr.bpf_fd = static_cast<__u32>(work.map);
    atexit([] {
        unlink(work.path);
        unlink(work.other);
    });
    require("/sys/fs/bpf, which must be a bpffs", system_call(BPF_OBJ_PIN, &attr));
}

void prepare()
{
    work.log_level = 1;
    work.map = new_map();
    work.frozen = new_map();
    work.btf = load_btf();
    fill();
    get_info(work.map, sizeof(work.info.of_map));
    work.map_id = work.info.of_map.id;
    fill_btf();
    get_info(work.btf, sizeof(work.info.of_btf));
    work.btf_id = work.info.of_btf.id;
    work.bpffs = require("/sys/fs/bpf", open("/sys/fs/bpf", O_DIRECTORY | O_RDONLY));
    pin_map();
}

} // namespace

// life COUNT: makes each call COUNT times. What it writes divides the trace of its system calls.
int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("life COUNT\n", stderr);
        return 2;
    }
    prepare();
    for (const known_call &one : calls)
        for (long left = atol(argv[1]); left > 0; left--)
            run(one);
    return 0;
}
