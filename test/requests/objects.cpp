// SPDX-License-Identifier: BSD-2-Clause
#include "objects.h"

#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <linux/bpf.h>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

#include "btf_object.h"
#include "examples.h"

namespace barebpf::test
{
namespace
{

using namespace map_type;

int raw_bpf(int command, void *attr, size_t size)
{
    return static_cast<int>(syscall(SYS_bpf, command, attr, size));
}

object kind_only(object_kind kind)
{
    object made{};
    made.kind = kind;
    return made;
}

int make_map(map_create_attr attr)
{
    // No longer than the members set, for kernels that know fewer.
    const auto *bytes = reinterpret_cast<const unsigned char *>(&attr);
    size_t size = map_create_attr_size;
    while (size && !bytes[size - 1])
        size--;
    return raw_bpf(BPF_MAP_CREATE, &attr, size);
}

// Moves descriptors, as they are opened, to numbers that ascend.
class shelf
{
public:
    explicit shelf(open_objects *all) : all_(all) {}

    // An object that could not be opened still has its number, which is then not open.
    void put(int fd, object made)
    {
        made.fd = next_++;
        if (fd < 0)
            return;
        dup2(fd, made.fd);
        close(fd);
        all_->objects.push_back(made);
    }

    void put_map(const map_create_attr &attr, uint16_t specials = 0)
    {
        object made{};
        made.kind = object_kind::map;
        made.map_type = attr.map_type;
        made.specials = specials;
        made.exclusive = attr.excl_prog_hash;
        put(make_map(attr), made);
    }

private:
    open_objects *all_;
    int32_t next_ = array_fd;
};

// A BTF object by its id: the kernel's own, a module's, or, before 5.11, another process's.
object_kind kind_of_btf(int fd)
{
    char name[32] = "";
    bpf_btf_info about{};
    about.name = reinterpret_cast<uintptr_t>(name);
    about.name_len = sizeof(name);
    bpf_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.info.bpf_fd = static_cast<uint32_t>(fd);
    attr.info.info_len = sizeof(about);
    attr.info.info = reinterpret_cast<uintptr_t>(&about);
    if (raw_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)) < 0 || !about.kernel_btf)
        return object_kind::other;
    return std::string(name) == "vmlinux" ? object_kind::kernel_btf : object_kind::module_btf;
}

// The kernel's own BTF and one of its modules', if there are any.
void open_kernel_btf(shelf &to)
{
    bool seen[2] = {};
    for (uint32_t id = 1; id < 64; id++) {
        bpf_attr attr;
        std::memset(&attr, 0, sizeof(attr));
        attr.btf_id = id;
        const int fd = raw_bpf(BPF_BTF_GET_FD_BY_ID, &attr, sizeof(attr));
        if (fd < 0)
            continue;
        object made{};
        made.kind = kind_of_btf(fd);
        bool &known = seen[made.kind == object_kind::module_btf];
        if (made.kind == object_kind::other || known) {
            close(fd);
            continue;
        }
        known = true;
        to.put(fd, made);
    }
}

// Loads the program `return 0`, and closes it. A kernel as old as 5.10 reads its own BTF only when the first
// program is loaded, and knows no struct_ops type until then.
void load_program()
{
    const bpf_insn instructions[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0},
                                     {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
    bpf_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
    attr.insns = reinterpret_cast<uintptr_t>(instructions);
    attr.insn_cnt = std::size(instructions);
    attr.license = reinterpret_cast<uintptr_t>("");
    close(raw_bpf(BPF_PROG_LOAD, &attr, sizeof(attr)));
}

// Its types are listed as they are written, so the list must not grow afterwards.
void put_btf(shelf &to, open_objects &all, const kernel &running)
{
    const int fd = load_btf(running, &all.types);
    object made = kind_only(object_kind::btf);
    made.types = all.types.data();
    made.type_count = static_cast<uint32_t>(all.types.size());
    to.put(fd, made);
}

void put_special_maps(shelf &to, const open_objects &all, const kernel &running)
{
    for (const btf_type &value : all.types) {
        if (value.specials != special_spin_lock && value.specials != special_timer)
            continue;
        map_create_attr attr = example_of(array, running);
        attr.value_size = value.size;
        attr.btf_fd = btf_fd;
        attr.btf_key_type_id = int_id;
        attr.btf_value_type_id = value.id;
        to.put_map(attr, value.specials);
    }
    static const unsigned char hash[32] = {};
    map_create_attr exclusive = example_of(array, running);
    exclusive.excl_prog_hash = reinterpret_cast<uintptr_t>(hash);
    exclusive.excl_prog_hash_size = sizeof(hash);
    to.put_map(exclusive);
}

} // namespace

open_objects open_everything(const kernel &running)
{
    open_objects all;
    load_program();
    shelf to(&all);
    to.put_map(example_of(array, running));
    to.put_map(example_of(hash, running));
    put_btf(to, all, running);
    to.put(open("/dev/null", O_RDONLY | O_CLOEXEC), kind_only(object_kind::other));
    for (uint32_t type = prog_array; type < map_type_count; type++)
        to.put_map(example_of(type, running));
    put_special_maps(to, all, running);
    open_kernel_btf(to);
    close(STDIN_FILENO);
    for (const int32_t fd : {STDOUT_FILENO, STDERR_FILENO}) {
        object standard = kind_only(object_kind::other);
        standard.fd = fd;
        all.objects.push_back(standard);
    }
    all.devices.push_back({.ifindex = 1, .holds_maps = false});
    return all;
}

} // namespace barebpf::test
