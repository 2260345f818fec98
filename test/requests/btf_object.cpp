// SPDX-License-Identifier: BSD-2-Clause
#include "btf_object.h"

#include <cstring>
#include <initializer_list>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

namespace barebpf::test
{
namespace
{

struct member {
    const char *name;
    uint32_t type;
    uint32_t offset; // in bytes
};

// Writes types one after the other; each call returns the id of the one it wrote.
class btf_writer
{
public:
    explicit btf_writer(std::vector<btf_type> *types) : types_(types) {}

    uint32_t integer(const char *name, uint32_t size, uint32_t bits)
    {
        header(name, BTF_KIND_INT, 0, size);
        word(bits);
        return note(size, bits == 8 * size ? btf_kind::integer : btf_kind::odd_int);
    }

    // struct, union or anything else with members.
    uint32_t aggregate(const char *name, uint32_t kind, uint32_t size, std::initializer_list<member> members,
                       uint16_t specials = 0)
    {
        header(name, kind, static_cast<uint32_t>(members.size()), size);
        for (const member &one : members)
            words({string(one.name), one.type, 8 * one.offset});
        return note(size, kind == BTF_KIND_STRUCT ? btf_kind::structure : btf_kind::other, specials);
    }

    uint32_t array(uint32_t of, uint32_t index, uint32_t count, uint32_t size)
    {
        header(nullptr, BTF_KIND_ARRAY, 0, 0);
        words({of, index, count});
        return note(size, btf_kind::other);
    }

    uint32_t enumeration(const char *name, uint32_t size)
    {
        header(name, BTF_KIND_ENUM, 1, size);
        words({string("BAREBPF_TEST"), 0});
        return note(size, btf_kind::other);
    }

    // pointer, typedef, qualifier: a type that refers to another.
    uint32_t reference(const char *name, uint32_t kind, uint32_t to, uint32_t size, btf_kind seen)
    {
        header(name, kind, 0, to);
        return note(size, seen);
    }

    uint32_t variable(const char *name, uint32_t of, uint32_t size)
    {
        header(name, BTF_KIND_VAR, 0, of);
        word(BTF_VAR_STATIC);
        return note(size, btf_kind::integer);
    }

    uint32_t section(const char *name, uint32_t holds, uint32_t size)
    {
        header(name, BTF_KIND_DATASEC, 1, size);
        words({holds, 0, size});
        return note(size, btf_kind::datasec);
    }

    void is_cgroup_key() { types_->back().cgroup_key = true; }

    int load() const
    {
        btf_header about{};
        about.magic = BTF_MAGIC;
        about.version = BTF_VERSION;
        about.hdr_len = sizeof(about);
        about.type_len = about.str_off = static_cast<uint32_t>(section_.size());
        about.str_len = static_cast<uint32_t>(strings_.size());
        const std::string blob =
            std::string(reinterpret_cast<const char *>(&about), sizeof(about)) + section_ + strings_;
        bpf_attr attr;
        std::memset(&attr, 0, sizeof(attr));
        attr.btf = reinterpret_cast<uintptr_t>(blob.data());
        attr.btf_size = static_cast<uint32_t>(blob.size());
        return static_cast<int>(syscall(SYS_bpf, BPF_BTF_LOAD, &attr, sizeof(attr)));
    }

private:
    void word(uint32_t number) { section_.append(reinterpret_cast<const char *>(&number), sizeof(number)); }

    void words(std::initializer_list<uint32_t> numbers)
    {
        for (const uint32_t number : numbers)
            word(number);
    }

    uint32_t string(const char *text)
    {
        if (!text)
            return 0;
        const auto offset = static_cast<uint32_t>(strings_.size());
        strings_ += text;
        strings_ += '\0';
        return offset;
    }

    void header(const char *name, uint32_t kind, uint32_t members, uint32_t size_or_type)
    {
        words({string(name), kind << 24 | members, size_or_type});
    }

    uint32_t note(uint32_t size, btf_kind kind, uint16_t specials = 0)
    {
        const auto id = static_cast<uint32_t>(types_->size() + 1);
        types_->push_back({id, size, kind, false, specials});
        return id;
    }

    std::vector<btf_type> *types_;
    std::string section_;
    std::string strings_ = std::string(1, '\0');
};

constexpr uint32_t structure = BTF_KIND_STRUCT;

// The kernel recognises the types it manages by their names.
void write_specials(btf_writer &btf, uint32_t u64_id)
{
    const uint32_t lock = btf.aggregate("bpf_spin_lock", structure, 4, {{"val", int_id, 0}});
    const uint32_t timer =
        btf.aggregate("bpf_timer", structure, 16, {{"low", u64_id, 0}, {"high", u64_id, 8}});
    const uint32_t work = btf.aggregate("bpf_wq", structure, 16, {{"low", u64_id, 0}, {"high", u64_id, 8}});
    const uint32_t resilient = btf.aggregate("bpf_res_spin_lock", structure, 4, {{"val", int_id, 0}});
    const uint32_t task = btf.aggregate("bpf_task_work", structure, 8, {{"opaque", u64_id, 0}});
    btf.aggregate("locked", structure, 8, {{"x", int_id, 0}, {"lock", lock, 4}}, special_spin_lock);
    btf.aggregate("timed", structure, 16, {{"timer", timer, 0}}, special_timer);
    btf.aggregate("tasked", structure, 8, {{"work", task, 0}}, special_task_work);
    btf.aggregate("working", structure, 16, {{"work", work, 0}}, special_workqueue);
    btf.aggregate("resilient", structure, 4, {{"lock", resilient, 0}}, special_res_spin_lock);
    btf.aggregate("both", structure, 24, {{"timer", timer, 0}, {"lock", lock, 16}, {"x", int_id, 20}},
                  special_timer | special_spin_lock);
}

// A pointer to a struct of the kernel, under the tag that no reference comes with: which was the plain one at
// first.
void write_kernel_pointer(btf_writer &btf, const kernel &running)
{
    if (running.struct_ops.empty() || running.number < release_of(5, 19))
        return;
    constexpr uint32_t type_tag = 18; // BTF_KIND_TYPE_TAG, Linux 5.17
    const char *tag = running.number < release_of(6, 3) ? "kptr" : "kptr_untrusted";
    const uint32_t to = btf.aggregate("task_struct", structure, 0, {});
    const uint32_t tagged = btf.reference(tag, type_tag, to, 0, btf_kind::structure);
    const uint32_t pointer = btf.reference(nullptr, BTF_KIND_PTR, tagged, 8, btf_kind::other);
    btf.aggregate("pointing", structure, 8, {{"pointer", pointer, 0}}, special_kptr);
}

// Types whose size is another's, or that have none.
void write_references(btf_writer &btf, const kernel &running)
{
    const uint32_t pointer = running.surroundings.pointer_size;
    const uint32_t to_void = btf.reference(nullptr, BTF_KIND_PTR, 0, pointer, btf_kind::other);
    btf.array(to_void, int_id, 4, 4 * pointer);
    btf.array(int_id, int_id, 4, 16);
    btf.array(int_id, int_id, 0, 0);
    btf.reference("alias", BTF_KIND_TYPEDEF, int_id, 4, btf_kind::integer);
    btf.reference(nullptr, BTF_KIND_CONST, struct_id, 8, btf_kind::structure);
    btf.reference("unknown", BTF_KIND_FWD, 0, 0, btf_kind::sizeless);
    btf.reference(nullptr, BTF_KIND_FUNC_PROTO, 0, 0, btf_kind::sizeless);
}

} // namespace

int load_btf(const kernel &running, std::vector<btf_type> *types)
{
    btf_writer btf(types);
    btf.integer("int", 4, 32);
    btf.aggregate("pair", structure, 8, {{"a", int_id, 0}, {"b", int_id, 4}});
    const uint32_t u64_id = btf.integer("u64", 8, 64);
    btf.integer("odd", 4, 16);
    btf.enumeration("enumeration", 4);
    btf.aggregate("either", BTF_KIND_UNION, 8, {{"whole", u64_id, 0}, {"half", int_id, 0}});
    btf.aggregate("empty", structure, 0, {});
    btf.aggregate("large", structure, 4096, {{"first", int_id, 0}});
    const uint32_t key_size = running.surroundings.cgroup_key_size;
    btf.aggregate("cgroup_key", structure, key_size, {{"inode", u64_id, 0}, {"type", int_id, 8}});
    btf.is_cgroup_key();
    btf.aggregate("no_cgroup_key", structure, 16, {{"inode", u64_id, 0}, {"type", u64_id, 8}});
    write_references(btf, running);
    btf.section(".data", btf.variable("variable", int_id, 4), 4);
    write_specials(btf, u64_id);
    write_kernel_pointer(btf, running);
    return btf.load();
}

} // namespace barebpf::test
