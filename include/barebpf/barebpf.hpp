// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_BAREBPF_HPP
#define BAREBPF_BAREBPF_HPP

// The C++20 half: value types over <barebpf/barebpf.h>. Freestanding, no exceptions, inline functions only.
#include "barebpf.h"

namespace barebpf
{

// Every map type through Linux 7.3, whatever the installed kernel headers have.
enum class map_type : uint32_t {
#define BAREBPF_ENUMERATOR(upper, lower, value) lower = value,
    BAREBPF_MAP_TYPES(BAREBPF_ENUMERATOR)
#undef BAREBPF_ENUMERATOR
};

// Every bit of map_flags through Linux 7.3; combine them with |.
enum class map_flags : uint32_t {
    none = 0,
#define BAREBPF_ENUMERATOR(upper, lower, bit) lower = 1u << (bit),
    BAREBPF_MAP_FLAGS(BAREBPF_ENUMERATOR)
#undef BAREBPF_ENUMERATOR
};

constexpr map_flags operator|(map_flags a, map_flags b)
{
    return static_cast<map_flags>(static_cast<uint32_t>(a) | static_cast<uint32_t>(b));
}

constexpr map_flags &operator|=(map_flags &a, map_flags b)
{
    return a = a | b;
}

// The map to make, for designated initialisers: {.type = map_type::hash, .key_size = 4, ...}. Members left
// out are zero, "not given". barebpf_map_spec documents each member.
struct map_spec {
    map_type type = map_type::unspec;
    uint32_t key_size = 0;
    uint32_t value_size = 0;
    uint32_t max_entries = 0;
    const char *name = nullptr;
    map_flags flags = map_flags::none;
    uint64_t map_extra = 0;
    uint32_t inner_map_fd = 0;
    uint32_t numa_node = 0;
    uint32_t map_ifindex = 0;
    uint32_t btf_fd = 0;
    uint32_t btf_key_type_id = 0;
    uint32_t btf_value_type_id = 0;
    uint32_t btf_vmlinux_value_type_id = 0;
    int32_t value_type_btf_obj_fd = 0;
    uint32_t token_fd = 0;
    const void *excl_prog_hash = nullptr;
    uint32_t excl_prog_hash_size = 0;
};

// An owned descriptor, closed when its owner goes out of scope.
class [[nodiscard]] fd
{
public:
    fd() = default;
    explicit fd(int owned) : number(owned) {}
    fd(fd &&other) noexcept : number(other.release()) {}
    fd &operator=(fd &&other) noexcept
    {
        if (this != &other)
            reset(other.release());
        return *this;
    }
    ~fd() { reset(); }

    int get() const { return number; }
    explicit operator bool() const { return number >= 0; }

    // Returns the descriptor, which the caller now owns.
    [[nodiscard]] int release()
    {
        const int released = number;
        number = -1;
        return released;
    }

    void reset(int owned = -1)
    {
        if (number >= 0)
            barebpf_close(number);
        number = owned;
    }

private:
    int number = -1;
};

// The errno of a failed call; 0 for none.
struct error {
    int number;

    // "EINVAL", "ENOTSUPP" for 524; nullptr for a number without a name, and for 0.
    const char *name() const { return barebpf_errno_name(number); }
};

// Either an owned descriptor or the error of the call that should have returned one.
class [[nodiscard]] fd_result
{
public:
    // From a result of the C interface: a descriptor to own, or -errno.
    explicit fd_result(int returned)
        : owned(returned >= 0 ? returned : -1), failure{returned < 0 ? -returned : 0}
    {
    }

    explicit operator bool() const { return static_cast<bool>(owned); }
    fd &operator*() & { return owned; }
    const fd &operator*() const & { return owned; }
    fd &&operator*() && { return static_cast<fd &&>(owned); }
    const fd *operator->() const { return &owned; }

    // Meaningful only without a descriptor.
    struct error error() const { return failure; }

private:
    fd owned;
    struct error failure;
};

// What a policy allows to give up, each as its BAREBPF_GIVE_UP_*; combine them with |.
enum class give_up : uint32_t {
    none = 0,
    flags = BAREBPF_GIVE_UP_FLAGS,
    size = BAREBPF_GIVE_UP_SIZE,
    name_chars = BAREBPF_GIVE_UP_NAME_CHARS,
    name = BAREBPF_GIVE_UP_NAME,
    btf = BAREBPF_GIVE_UP_BTF,
    name_end = BAREBPF_GIVE_UP_NAME_END,
    everything = flags | size | name_chars | name | btf | name_end
};

constexpr give_up operator|(give_up a, give_up b)
{
    return static_cast<give_up>(static_cast<uint32_t>(a) | static_cast<uint32_t>(b));
}

constexpr give_up &operator|=(give_up &a, give_up b)
{
    return a = a | b;
}

// What may be done to RLIMIT_MEMLOCK, each as its BAREBPF_MEMLOCK_*.
enum class memlock : uint32_t {
    never = BAREBPF_MEMLOCK_NEVER,
    when_needed = BAREBPF_MEMLOCK_WHEN_NEEDED,
    scoped = BAREBPF_MEMLOCK_SCOPED
};

// What may be done after a refusal, for designated initialisers: {.allowed = give_up::size}. Members left out
// have the values of bpf_map_create()'s policy. barebpf_policy documents each member.
struct policy {
    give_up allowed = give_up::name;
    memlock limit = memlock::when_needed;
    uint64_t memlock_most = 0;
    uint32_t backoff_ms = 0;
};

namespace detail
{
// Zeroes every byte, padding included, without calling memset.
template <typename T> void clear(T *object)
{
    using word __attribute__((may_alias)) = uint32_t;
    static_assert(sizeof(T) % sizeof(word) == 0 && alignof(T) >= alignof(word));
    for (size_t i = 0; i < sizeof(T) / sizeof(word); i++)
        reinterpret_cast<volatile word *>(object)[i] = 0;
}

// Converts a spec to its C struct, whose pointers are the spec's. Volatile, because compilers would call
// memset for members that are zero.
inline void lower(volatile barebpf_map_spec *lowered, const map_spec &spec)
{
    lowered->sz = sizeof(barebpf_map_spec);
    for (volatile uint32_t &reserved : lowered->reserved)
        reserved = 0;
    lowered->name = spec.name;
    lowered->map_type = static_cast<uint32_t>(spec.type);
    lowered->key_size = spec.key_size;
    lowered->value_size = spec.value_size;
    lowered->max_entries = spec.max_entries;
    lowered->map_flags = static_cast<uint32_t>(spec.flags);
    lowered->inner_map_fd = spec.inner_map_fd;
    lowered->numa_node = spec.numa_node;
    lowered->map_ifindex = spec.map_ifindex;
    lowered->btf_fd = spec.btf_fd;
    lowered->btf_key_type_id = spec.btf_key_type_id;
    lowered->btf_value_type_id = spec.btf_value_type_id;
    lowered->btf_vmlinux_value_type_id = spec.btf_vmlinux_value_type_id;
    lowered->map_extra = spec.map_extra;
    lowered->value_type_btf_obj_fd = spec.value_type_btf_obj_fd;
    lowered->token_fd = spec.token_fd;
    lowered->excl_prog_hash = spec.excl_prog_hash;
    lowered->excl_prog_hash_size = spec.excl_prog_hash_size;
}

// True if the policy is that of bpf_map_create(), which a null pointer stands for.
inline bool is_default(const policy &given)
{
    return given.allowed == give_up::name && given.limit == memlock::when_needed && given.memlock_most == 0 &&
           given.backoff_ms == 0;
}

inline void lower(volatile barebpf_policy *lowered, const policy &given)
{
    lowered->sz = sizeof(barebpf_policy);
    lowered->give_up = static_cast<uint32_t>(given.allowed);
    lowered->memlock = static_cast<uint32_t>(given.limit);
    lowered->memlock_most = given.memlock_most;
    lowered->backoff_ms = given.backoff_ms;
}
} // namespace detail

// The report of one call, ready to be filled; log and log_size may be set before the call.
struct report : barebpf_report {
    report()
    {
        detail::clear(static_cast<barebpf_report *>(this));
        sz = sizeof(barebpf_report);
    }

    // True if any of `what` was given up.
    bool gave_up(give_up what) const { return given_up & static_cast<uint32_t>(what); }

    // Why `what` was given up: barebpf_report's why of its bit; for several bits, of the first.
    struct error why(give_up what) const
    {
        for (size_t bit = 0; bit < sizeof(barebpf_report::why) / sizeof(barebpf_report::why[0]); bit++)
            if (static_cast<uint32_t>(what) >> bit & 1)
                return {barebpf_report::why[bit]};
        return {0};
    }
};

// Makes a map; fails as barebpf_map_create() does.
inline fd_result create_map(const map_spec &spec, const policy &allowed = {}, report *done = nullptr)
{
    barebpf_map_spec lowered_spec;
    barebpf_policy lowered_policy;
    detail::lower(&lowered_spec, spec);
    if (detail::is_default(allowed))
        return fd_result(barebpf_map_create(&lowered_spec, nullptr, done));
    detail::lower(&lowered_policy, allowed);
    return fd_result(barebpf_map_create(&lowered_spec, &lowered_policy, done));
}

} // namespace barebpf

#endif
