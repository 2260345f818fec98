// SPDX-License-Identifier: BSD-2-Clause
// Makes a map, pins it, and reads it back through its pin, without a C library. As the first process of a
// machine it mounts what that needs and powers off at the end; as any other it needs /sys/fs/bpf and exits.
#include "barebpf.h"

#include <asm/ioctls.h>
#include <asm/unistd.h>
#include <linux/reboot.h>

namespace
{

constexpr char pin[] = "/sys/fs/bpf/packets";

// x86-64: number in rax, arguments in rdi rsi rdx r10 r8; rcx and r11 change.
long call(long nr, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0)
{
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    asm volatile("syscall"
                 : "+a"(nr)
                 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                 : "rcx", "r11", "memory", "cc");
    return nr;
}

long address(const char *text)
{
    return reinterpret_cast<long>(text);
}

void print(const char *text)
{
    long size = 0;
    while (text[size])
        size++;
    call(__NR_write, 1, address(text), size);
}

void print(unsigned int number)
{
    char digits[11];
    char *first = digits + sizeof(digits) - 1;
    *first = '\0';
    do
        *--first = static_cast<char>('0' + number % 10);
    while (number /= 10);
    print(first);
}

bool is_first_process()
{
    return call(__NR_getpid) == 1;
}

// The kernel starts the first process with nothing mounted.
void mount_bpffs()
{
    call(__NR_mkdir, address("/sys"), 0755);
    call(__NR_mount, address("sysfs"), address("/sys"), address("sysfs"));
    call(__NR_mount, address("bpf"), address("/sys/fs/bpf"), address("bpf"));
}

// Returns 0 or -errno, as the next one does. Once the descriptor is closed, the pin alone keeps the map.
int make()
{
    const int map = bpf_map_create(BPF_MAP_TYPE_HASH, "packets", 4, 8, 256, nullptr);
    if (map < 0)
        return map;
    int result = barebpf_obj_pin(map, pin);
    if (result < 0 && is_first_process()) {
        mount_bpffs();
        result = barebpf_obj_pin(map, pin);
    }
    barebpf_close(map);
    return result;
}

int show()
{
    static bpf_map_info info; // static, so that it is zero without a call of memset
    uint32_t size = sizeof(info);
    const int map = barebpf_obj_get(pin);
    if (map < 0)
        return map;
    const int result = barebpf_obj_get_info_by_fd(map, &info, &size);
    if (result < 0)
        return result;
    print(pin);
    print(": map ");
    print(info.id);
    print(", type ");
    print(info.type);
    print(", key ");
    print(info.key_size);
    print(", value ");
    print(info.value_size);
    print(", entries ");
    print(info.max_entries);
    print(", name ");
    print(info.name);
    print("\n");
    return barebpf_close(map);
}

} // namespace

asm(".globl _start\n_start: xorl %ebp, %ebp\n\tcall start");

extern "C" [[gnu::used]] void start()
{
    int result = make();
    if (result == 0)
        result = show();
    if (result < 0) {
        print("pid1: errno ");
        print(static_cast<unsigned int>(-result));
        print("\n");
    }
    if (is_first_process()) {
        call(__NR_ioctl, 1, TCSBRK, 1); // the console's driver may hold the last line back
        call(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF);
    }
    call(__NR_exit, result < 0);
}
