// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_MAP_HPP
#define BAREBPF_MAP_HPP

// Typed maps for C++20: barebpf::map<Key, Value> and its relatives. Freestanding: no exceptions, no heap, no
// C library; inline functions over <barebpf/barebpf.h>.
//
//     auto made = map<uint32_t, uint64_t>::create({.type = map_type::hash, .max_entries = 1024, .name =
//     "flows"}); if (!made)
//         return made.error().number;
//     auto flows = *std::move(made); // closed when it goes out of scope
//     flows.set(7, 1);
//     for (auto [key, value] : flows.elements())
//         print(key, value);
//
// A call that fails returns an errno: that of bpf(2), as <barebpf/bpf.h> documents it for the libbpf function
// that makes the same call.
#include "barebpf.hpp"
#include "boot.hpp"

namespace barebpf
{

// When set() stores: always; only if the key does not exist (else EEXIST); only if it does (else ENOENT).
enum class when : uint64_t {
    any = 0,
    if_absent = 1,
    if_present = 2,
};

// The kernel's description of a map: its struct bpf_map_info through Linux 5.16. Older kernels leave members
// they do not have zero.
struct map_info {
    uint32_t type;
    uint32_t id;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint32_t map_flags;
    char name[16];
    uint32_t ifindex;
    uint32_t btf_vmlinux_value_type_id;
    uint64_t netns_dev;
    uint64_t netns_ino;
    uint32_t btf_id;
    uint32_t btf_key_type_id;
    uint32_t btf_value_type_id;
    uint32_t btf_vmlinux_id;
    uint64_t map_extra;
};
static_assert(sizeof(map_info) == 88);

// A value, or the errno of the call that should have returned one.
template <typename T> class [[nodiscard]] result
{
public:
    result(const T &found) : value(found), failure{0} {}
    result(struct error reason) : none(0), failure(reason) {}

    // Calls `fill` to write the value; it returns 0 or -errno.
    template <typename Fill> static result from(Fill fill)
    {
        result filled{error_of(0)};
        filled.failure = error_of(fill(&filled.value));
        return filled;
    }

    explicit operator bool() const { return failure.number == 0; }
    const T &operator*() const { return value; }
    T &operator*() { return value; }
    const T *operator->() const { return &value; }
    T *operator->() { return &value; }
    T value_or(const T &otherwise) const { return *this ? value : otherwise; }

    // The number is 0 if there is a value.
    struct error error() const { return failure; }

private:
    static constexpr struct error error_of(int returned) { return {returned < 0 ? -returned : 0}; }

    union {
        char none;
        T value;
    };
    struct error failure;
};

// Success, or an errno.
template <> class [[nodiscard]] result<void>
{
public:
    // From a result of the C interface: 0 or -errno.
    explicit result(int returned) : failure{returned < 0 ? -returned : 0} {}

    explicit operator bool() const { return failure.number == 0; }
    struct error error() const { return failure; }

private:
    struct error failure;
};

// The result of a call for many elements: how many it processed, and why it stopped before the last.
struct [[nodiscard]] many {
    uint32_t count;
    struct error failure;

    explicit operator bool() const { return failure.number == 0; }
    struct error error() const { return failure; }
};

// Sizes in bytes, of the map and of the C++ types.
struct sizes {
    uint32_t key, value;

    friend constexpr bool operator==(const sizes &, const sizes &) = default;
};

// An owned map, or the error of the call that should have returned one.
template <typename Map> class [[nodiscard]] map_result
{
public:
    explicit map_result(Map &&owned) : value(static_cast<Map &&>(owned)) {}
    explicit map_result(struct error reason) : failure(reason) {}
    // For a map of other sizes than the type's: EINVAL.
    map_result(const sizes &of_map, const sizes &of_type, int number)
        : failure{number}, found(of_map), wanted(of_type)
    {
    }

    explicit operator bool() const { return failure.number == 0; }
    Map &operator*() & { return value; }
    const Map &operator*() const & { return value; }
    Map &&operator*() && { return static_cast<Map &&>(value); }
    Map *operator->() { return &value; }
    const Map *operator->() const { return &value; }

    // The number is 0 if there is a map.
    struct error error() const { return failure; }

    // True if the map exists but has other sizes, which the next two then return.
    bool sizes_differ() const { return !(found == wanted); }
    sizes map_sizes() const { return found; }
    sizes type_sizes() const { return wanted; }

private:
    Map value;
    struct error failure = {0};
    sizes found = {0, 0};
    sizes wanted = {0, 0};
};

// The key of an lpm_trie: the number of leading bits of `data` that count, and the data, most significant
// byte first.
template <typename Data> struct lpm_key {
    uint32_t prefix_length;
    Data data;
};

// One element of a per-CPU map: a value for each possible CPU. There is room for `most` CPUs; on a machine
// with more, calls fail with E2BIG before anything is read or written.
template <typename Value, uint32_t most = 128> class percpu
{
public:
    // The number of CPUs with a value: after a get() the possible CPUs, else as set by resize().
    uint32_t size() const { return count; }
    void resize(uint32_t cpus) { count = cpus < most ? cpus : most; }

    Value &operator[](uint32_t cpu) { return slots[cpu].value; }
    const Value &operator[](uint32_t cpu) const { return slots[cpu].value; }

    // The sum of all values; size() must not be 0.
    Value sum() const
    {
        Value total = slots[0].value;
        for (uint32_t cpu = 1; cpu < count; cpu++)
            total += slots[cpu].value;
        return total;
    }

private:
    template <typename> friend struct detail_stored;

    // The kernel aligns each CPU's value to 8 bytes.
    struct alignas(8) slot {
        Value value;
    };
    slot slots[most];
    uint32_t count;
};

// The memory layout of a value as passed to the kernel. Used by map; not for callers.
template <typename Value> struct detail_stored {
    static constexpr uint32_t size = sizeof(Value);
    static constexpr bool in_batches = true;
    static int prepare(const Value &) { return 0; }
    static int prepare_to_read(Value *) { return 0; }
    static void *data(Value *value) { return value; }
    static const void *data(const Value *value) { return value; }
};

// In a batch the kernel packs per-CPU elements more tightly than an array of percpu objects, so percpu has no
// batches.
template <typename Value, uint32_t most> struct detail_stored<percpu<Value, most>> {
    static_assert(__is_trivially_copyable(Value), "the kernel copies values byte by byte");
    static constexpr uint32_t size = sizeof(Value);
    static constexpr bool in_batches = false;

    static int prepare(const percpu<Value, most> &value)
    {
        const int cpus = barebpf_possible_cpus();
        if (cpus < 0)
            return cpus;
        // The kernel reads a value for every possible CPU.
        return value.count == static_cast<uint32_t>(cpus) ? 0 : -detail_too_big;
    }
    static int prepare_to_read(percpu<Value, most> *value)
    {
        const int cpus = barebpf_possible_cpus();
        if (cpus < 0)
            return cpus;
        value->resize(static_cast<uint32_t>(cpus));
        return prepare(*value);
    }
    static void *data(percpu<Value, most> *value) { return value->slots; }
    static const void *data(const percpu<Value, most> *value) { return value->slots; }

    static constexpr int detail_too_big = 7; // E2BIG
};

// What every owned map can do. After a move the old object owns nothing, and its calls fail with EBADF.
class [[nodiscard]] map_handle
{
public:
    int get_fd() const { return owned.get(); }

    // Hands the descriptor to the caller, who now owns it.
    [[nodiscard]] int release() { return owned.release(); }

    // Pins the map at `path` in a bpffs, which must not exist.
    result<void> pin(const char *path) const { return result<void>(barebpf_obj_pin(owned.get(), path)); }

    // Freezes the map: user space can no longer change its elements. Linux 5.2.
    result<void> freeze() const { return result<void>(barebpf_map_freeze(owned.get())); }

    // Linux 4.13.
    result<map_info> info() const
    {
        return result<map_info>::from([this](map_info *filled) {
            detail::clear(filled);
            uint32_t size = sizeof(*filled);
            return barebpf_obj_get_info_by_fd(owned.get(), filled, &size);
        });
    }

protected:
    map_handle() = default;
    explicit map_handle(int fd_to_own) : owned(fd_to_own) {}

    // Makes a map with the type's sizes; a spec with others is refused with EINVAL.
    template <typename Map>
    static map_result<Map> made(map_spec spec, const sizes &wanted, const policy &allowed, report *done)
    {
        const sizes given = {spec.key_size ? spec.key_size : wanted.key,
                             spec.value_size ? spec.value_size : wanted.value};
        if (!(given == wanted))
            return map_result<Map>(given, wanted, invalid);
        spec.key_size = wanted.key;
        spec.value_size = wanted.value;
        fd_result made = create_map(spec, allowed, done);
        if (!made)
            return map_result<Map>(made.error());
        return map_result<Map>(Map((*made).release()));
    }

    // Finds or makes a pinned map with the type's sizes; a spec with others is refused with EINVAL.
    template <typename Map>
    static map_result<Map> ensured_map(const char *pin, map_spec spec, const sizes &wanted,
                                       const ensure_options &how, ensure_report *done)
    {
        const sizes given = {spec.key_size ? spec.key_size : wanted.key,
                             spec.value_size ? spec.value_size : wanted.value};
        if (!(given == wanted))
            return map_result<Map>(given, wanted, invalid);
        spec.key_size = wanted.key;
        spec.value_size = wanted.value;
        fd_result found = ensure_map(spec, pin, how, done);
        if (!found)
            return map_result<Map>(found.error());
        return map_result<Map>(Map((*found).release()));
    }

    // Takes over a descriptor (or passes on -errno) if it is a map of these sizes; else closes it.
    template <typename Map> static map_result<Map> adopted(int fd_or_error, const sizes &wanted)
    {
        if (fd_or_error < 0)
            return map_result<Map>(error{-fd_or_error});
        Map adopted(fd_or_error);
        const result<map_info> info = adopted.info();
        if (!info)
            return map_result<Map>(info.error());
        const sizes found = {info->key_size, info->value_size};
        if (!(found == wanted))
            return map_result<Map>(found, wanted, invalid);
        return map_result<Map>(static_cast<Map &&>(adopted));
    }

    static constexpr int no_entry = 2;        // ENOENT
    static constexpr int try_again = 11;      // EAGAIN
    static constexpr int bad_address = 14;    // EFAULT
    static constexpr int invalid = 22;        // EINVAL
    static constexpr int not_supported = 524; // the kernel-internal ENOTSUPP, which bpf(2) returns

    fd owned;
};

// A map from Key to Value: hash, array, lru_hash, lpm_trie (with lpm_key), their per-CPU kinds (with percpu),
// and any other type whose elements have a key and a value.
template <typename Key, typename Value> class [[nodiscard]] map : public map_handle
{
    static_assert(__is_trivially_copyable(Key),
                  "the kernel copies keys byte by byte: Key must be trivially copyable");
    static_assert(
        __has_unique_object_representations(Key),
        "the kernel compares keys byte by byte, padding included: give Key's padding a name and a value, "
        "and use no floating point");
    static_assert(__is_trivially_copyable(Value),
                  "the kernel copies values byte by byte: Value must be trivially copyable");
    using stored = detail_stored<Value>;
    static constexpr sizes own_sizes = {sizeof(Key), stored::size};

public:
    map() = default;

    // Makes the map with key_size and value_size of Key and Value, which the spec may leave out. Fails as
    // create_map() does.
    static map_result<map> create(const map_spec &spec, const policy &allowed = {}, report *done = nullptr)
    {
        return made<map>(spec, own_sizes, allowed, done);
    }

    // Opens a pinned map. Fails as barebpf_obj_get() and info() do, and with EINVAL if the map has other
    // sizes.
    static map_result<map> open(const char *pin) { return adopted<map>(barebpf_obj_get(pin), own_sizes); }

    // Takes over a map's descriptor, which is closed on failure. Fails as open() does.
    static map_result<map> from(int fd_to_own) { return adopted<map>(fd_to_own, own_sizes); }

    // Returns the map pinned at `pin`, and makes it if there is none, with key_size and value_size of Key and
    // Value, which the spec may leave out. Fails as ensure_map() does.
    static map_result<map> ensure(const char *pin, const map_spec &spec, const ensure_options &how = {},
                                  ensure_report *done = nullptr)
    {
        return ensured_map<map>(pin, spec, own_sizes, how, done);
    }

    // The same with a `fill` that takes a map & and returns a result<void>, in place of the one in `how`.
    // clang-format off: its releases differ
    template <typename Fill>
    requires requires(Fill fill, map &made) { fill(made).error(); }
    // clang-format on
    static map_result<map> ensure(const char *pin, const map_spec &spec, Fill &&fill, ensure_options how = {},
                                  ensure_report *done = nullptr)
    {
        how.context = &fill;
        how.fill = [](int fd, void *context) {
            map made(fd);
            const int number = (*static_cast<decltype(&fill)>(context))(made).error().number;
            static_cast<void>(made.release()); // the descriptor is ensure_map()'s
            return -number;
        };
        return ensured_map<map>(pin, spec, own_sizes, how, done);
    }

    // barebpf_map_lookup_elem()
    result<Value> get(const Key &key) const
    {
        return result<Value>::from([&](Value *value) { return read(key, value); });
    }

    // Lookup without a copy on the stack: 0 or -errno.
    int read(const Key &key, Value *value) const
    {
        const int refused = stored::prepare_to_read(value);
        return refused < 0 ? refused : barebpf_map_lookup_elem(owned.get(), &key, stored::data(value), 0);
    }

    // barebpf_map_update_elem()
    result<void> set(const Key &key, const Value &value, when condition = when::any) const
    {
        const int refused = stored::prepare(value);
        if (refused < 0)
            return result<void>(refused);
        return result<void>(barebpf_map_update_elem(owned.get(), &key, stored::data(&value),
                                                    static_cast<uint64_t>(condition)));
    }

    // barebpf_map_delete_elem()
    result<void> erase(const Key &key) const
    {
        return result<void>(barebpf_map_delete_elem(owned.get(), &key));
    }

    // Lookup and deletion in one step: barebpf_map_lookup_and_delete_elem(). Hashes from Linux 5.14.
    result<Value> take(const Key &key) const
    {
        return result<Value>::from([&](Value *value) {
            const int refused = stored::prepare_to_read(value);
            return refused < 0
                       ? refused
                       : barebpf_map_lookup_and_delete_elem(owned.get(), &key, stored::data(value), 0);
        });
    }

    // The keys of a map, for `for (const Key &key : keys())`.
    //
    // What iteration guarantees while the map changes: an element that exists from begin to end is visited.
    // One that is added or deleted meanwhile may be visited or not. Erasing the element just visited is
    // always safe. If anyone else erases the key that comes next, the kernel starts again from its first key,
    // so elements may be visited twice. Iteration ends all the same: after four visits per entry the map can
    // hold it gives up, and error() is EAGAIN. Without such erasing every element is visited exactly once.
    class key_range
    {
    public:
        explicit key_range(const map *of) : owner(of) {}

        class iterator
        {
        public:
            explicit iterator(key_range *range_of) : range(range_of) {}
            const Key &operator*() const { return range->current; }
            iterator &operator++()
            {
                range->advance();
                return *this;
            }
            bool operator!=(decltype(nullptr)) const { return range->valid; }

        private:
            key_range *range;
        };

        iterator begin()
        {
            start();
            return iterator(this);
        }
        decltype(nullptr) end() const { return nullptr; }

        // Why iteration stopped before the last key; the number is 0 if it did not.
        struct error error() const { return failure; }

    private:
        friend class map;

        void start()
        {
            failure = {0};
            valid = has_next = false;
            left = owner->most_visits();
            note(owner->first_key(&current), &valid);
            fetch();
        }

        void advance()
        {
            valid = has_next;
            if (!valid)
                return;
            if (left-- == 0) {
                failure = {try_again};
                valid = false;
                return;
            }
            current = next;
            fetch();
        }

        // The next key is read before this one is returned, so that the caller may erase this one.
        void fetch()
        {
            has_next = false;
            if (valid)
                note(barebpf_map_get_next_key(owner->get_fd(), &current, &next), &has_next);
        }

        void note(int returned, bool *found)
        {
            *found = returned == 0;
            if (returned < 0 && returned != -no_entry)
                failure = {-returned};
        }

        const map *owner;
        Key current, next;
        bool valid = false, has_next = false;
        uint64_t left = 0;
        struct error failure = {0};
    };

    struct element {
        Key key;
        Value value;
    };

    // Keys with their values, for `for (auto [key, value] : elements())`. As key_range; an element deleted
    // before its value is read is left out.
    class element_range
    {
    public:
        explicit element_range(const map *of) : keys(of) {}

        class iterator
        {
        public:
            explicit iterator(element_range *range_of) : range(range_of) {}
            const element &operator*() const { return range->current; }
            iterator &operator++()
            {
                range->keys.advance();
                range->settle();
                return *this;
            }
            bool operator!=(decltype(nullptr)) const { return range->keys.valid; }

        private:
            element_range *range;
        };

        iterator begin()
        {
            keys.start();
            settle();
            return iterator(this);
        }
        decltype(nullptr) end() const { return nullptr; }

        struct error error() const { return keys.failure; }

    private:
        // Advances to the first key, from this one on, that has a value.
        void settle()
        {
            for (; keys.valid; keys.advance()) {
                current.key = keys.current;
                const int returned = keys.owner->read(current.key, &current.value);
                if (returned == 0)
                    return;
                if (returned == -no_entry)
                    continue;
                keys.failure = {-returned};
                keys.valid = false;
                return;
            }
        }

        key_range keys;
        element current;
    };

    key_range keys() const { return key_range(this); }
    element_range elements() const { return element_range(this); }

    // Where read_many() continues. A new cursor starts at the beginning.
    class cursor
    {
    private:
        friend class map;
        alignas(8) unsigned char batch[sizeof(Key) < 8 ? 8 : sizeof(Key)]; // the kernel's own position
        Key last;
        uint64_t left = 0;
        bool begun = false, by_key = false, ended = false;
    };

    // Reads up to `room` elements, with one call if the kernel has batches (5.6) for this type, else one by
    // one; call it until the count is 0. ENOSPC: `room` is smaller than the fullest bucket of a hash. While
    // the map changes the guarantees are those of key_range; with batches no element is read twice.
    many read_many(cursor *at, Key *to_keys, Value *to_values, uint32_t room) const
    {
        if (at->ended || room == 0)
            return {0, {0}};
        if (!at->by_key && stored::in_batches) {
            const many read = read_batch(at, to_keys, to_values, room);
            if (at->begun || !is_missing(read.failure.number))
                return read;
        }
        at->by_key = true;
        return read_one_by_one(at, to_keys, to_values, room);
    }

    // Stores `count` elements, with one call if the kernel has batches for this type and the condition is
    // `any`, else one by one; the result has the number stored.
    many set_many(const Key *from_keys, const Value *from_values, uint32_t count,
                  when condition = when::any) const
    {
        if (condition == when::any && stored::in_batches && count) {
            uint32_t done = count;
            const int returned = barebpf_map_update_batch(owned.get(), from_keys, from_values, &done, 0);
            if (!is_missing(-returned))
                return {returned == 0 ? count : done, {-returned}};
        }
        for (uint32_t i = 0; i < count; i++)
            if (const result<void> stored_one = set(from_keys[i], from_values[i], condition); !stored_one)
                return {i, stored_one.error()};
        return {count, {0}};
    }

    // Erases `count` keys, likewise.
    many erase_many(const Key *from_keys, uint32_t count) const
    {
        if (stored::in_batches && count) {
            uint32_t done = count;
            const int returned = barebpf_map_delete_batch(owned.get(), from_keys, &done, 0);
            if (!is_missing(-returned))
                return {returned == 0 ? count : done, {-returned}};
        }
        for (uint32_t i = 0; i < count; i++)
            if (const result<void> erased = erase(from_keys[i]); !erased)
                return {i, erased.error()};
        return {count, {0}};
    }

private:
    friend class map_handle;
    explicit map(int fd_to_own) : map_handle(fd_to_own) {}

    // True for the errors of a kernel that lacks the batch command, for any map (before 5.6) or for this
    // type.
    static bool is_missing(int number) { return number == invalid || number == not_supported; }

    // Before Linux 4.12 the first key is found by passing a key that does not exist.
    int first_key(Key *first) const
    {
        int returned = barebpf_map_get_next_key(owned.get(), nullptr, first);
        if (returned != -bad_address)
            return returned;
        Key absent;
        Value ignored;
        for (int pattern = 0xff; pattern >= 0; pattern--) {
            fill(&absent, static_cast<unsigned char>(pattern));
            if (read(absent, &ignored) == -no_entry)
                return barebpf_map_get_next_key(owned.get(), &absent, first);
        }
        return returned;
    }

    static void fill(Key *key, unsigned char byte)
    {
        for (size_t i = 0; i < sizeof(Key); i++)
            reinterpret_cast<volatile unsigned char *>(key)[i] = byte;
    }

    many read_batch(cursor *at, Key *to_keys, Value *to_values, uint32_t room) const
    {
        unsigned char next[sizeof(at->batch)];
        uint32_t count = room;
        const int returned = barebpf_map_lookup_batch(owned.get(), at->begun ? at->batch : nullptr, next,
                                                      to_keys, to_values, &count, 0);
        if (returned < 0 && returned != -no_entry)
            return {0, {-returned}};
        at->begun = true;
        at->ended = returned == -no_entry;
        for (size_t i = 0; i < sizeof(next); i++)
            static_cast<volatile unsigned char *>(at->batch)[i] = next[i];
        return {count, {0}};
    }

    many read_one_by_one(cursor *at, Key *to_keys, Value *to_values, uint32_t room) const
    {
        if (!at->begun)
            at->left = most_visits();
        uint32_t count = 0;
        while (count < room) {
            if (at->left-- == 0)
                return {count, {try_again}};
            const int returned = at->begun ? barebpf_map_get_next_key(owned.get(), &at->last, to_keys + count)
                                           : first_key(to_keys + count);
            at->ended = returned == -no_entry;
            if (returned < 0)
                return {count, {at->ended ? 0 : -returned}};
            at->begun = true;
            at->last = to_keys[count];
            const int found = read(to_keys[count], to_values + count);
            if (found < 0 && found != -no_entry)
                return {count, {-found}};
            count += found == 0;
        }
        return {count, {0}};
    }

    // The number of visits after which iteration gives up.
    uint64_t most_visits() const
    {
        const result<map_info> about = info();
        return about ? uint64_t{about->max_entries} * 4 + 4 : UINT64_MAX;
    }
};

// A set of keys: a hash with values of one byte, since no kernel through 7.3 makes a hash without values.
template <typename Key> class [[nodiscard]] set
{
public:
    set() = default;

    // As map<Key, uint8_t>.
    static map_result<set> create(const map_spec &spec, const policy &allowed = {}, report *done = nullptr)
    {
        return wrapped(map<Key, uint8_t>::create(spec, allowed, done));
    }
    static map_result<set> open(const char *pin) { return wrapped(map<Key, uint8_t>::open(pin)); }
    static map_result<set> from(int fd_to_own) { return wrapped(map<Key, uint8_t>::from(fd_to_own)); }

    // EEXIST: the key exists already.
    result<void> insert(const Key &key) const { return members.set(key, 1, when::if_absent); }

    // ENOENT: the key does not exist.
    result<void> erase(const Key &key) const { return members.erase(key); }

    // False: the key does not exist.
    result<bool> contains(const Key &key) const
    {
        constexpr int no_entry = 2; // ENOENT
        const result<uint8_t> found = members.get(key);
        if (!found && found.error().number != no_entry)
            return found.error();
        return static_cast<bool>(found);
    }

    typename map<Key, uint8_t>::key_range keys() const { return members.keys(); }

    // The map itself, to pin it and the like.
    const map<Key, uint8_t> &as_map() const { return members; }

private:
    static map_result<set> wrapped(map_result<map<Key, uint8_t>> &&from)
    {
        if (!from && from.sizes_differ())
            return map_result<set>(from.map_sizes(), from.type_sizes(), from.error().number);
        if (!from)
            return map_result<set>(from.error());
        set owner;
        owner.members = static_cast<map<Key, uint8_t> &&>(*from);
        return map_result<set>(static_cast<set &&>(owner));
    }

    map<Key, uint8_t> members;
};

// A queue or a stack, by the spec's type. Linux 4.20.
template <typename Value> class [[nodiscard]] queue : public map_handle
{
    static_assert(__is_trivially_copyable(Value),
                  "the kernel copies values byte by byte: Value must be trivially copyable");
    static constexpr sizes own_sizes = {0, sizeof(Value)};

public:
    queue() = default;

    // As map<Key, Value>.
    static map_result<queue> create(const map_spec &spec, const policy &allowed = {}, report *done = nullptr)
    {
        return made<queue>(spec, own_sizes, allowed, done);
    }
    static map_result<queue> open(const char *pin) { return adopted<queue>(barebpf_obj_get(pin), own_sizes); }
    static map_result<queue> from(int fd_to_own) { return adopted<queue>(fd_to_own, own_sizes); }

    // Adds a value. If the queue is full: E2BIG, or with `replace` the oldest value is dropped.
    result<void> push(const Value &value, bool replace = false) const
    {
        return result<void>(barebpf_map_update_elem(owned.get(), nullptr, &value, replace ? exists : 0));
    }

    // Removes and returns the next value; ENOENT when there is none.
    result<Value> pop() const
    {
        return result<Value>::from([this](Value *value) {
            return barebpf_map_lookup_and_delete_elem(owned.get(), nullptr, value, 0);
        });
    }

    // Returns the next value without removing it; ENOENT when there is none.
    result<Value> peek() const
    {
        return result<Value>::from(
            [this](Value *value) { return barebpf_map_lookup_elem(owned.get(), nullptr, value, 0); });
    }

private:
    friend class map_handle;
    explicit queue(int fd_to_own) : map_handle(fd_to_own) {}

    static constexpr uint64_t exists = 2; // BPF_EXIST
};

// A bloom filter: it may report a value that was never inserted, but never misses one that was. Linux 5.16.
template <typename Value> class [[nodiscard]] bloom_filter : public map_handle
{
    static_assert(__is_trivially_copyable(Value),
                  "the kernel copies values byte by byte: Value must be trivially copyable");
    static_assert(
        __has_unique_object_representations(Value),
        "the kernel hashes values byte by byte, padding included: give Value's padding a name and a value, "
        "and use no floating point");
    static constexpr sizes own_sizes = {0, sizeof(Value)};

public:
    bloom_filter() = default;

    // As map<Key, Value>; the spec's type may be left out, and map_extra is the number of hash functions.
    static map_result<bloom_filter> create(map_spec spec, const policy &allowed = {}, report *done = nullptr)
    {
        if (spec.type == map_type::unspec)
            spec.type = map_type::bloom_filter;
        return made<bloom_filter>(spec, own_sizes, allowed, done);
    }
    static map_result<bloom_filter> open(const char *pin)
    {
        return adopted<bloom_filter>(barebpf_obj_get(pin), own_sizes);
    }
    static map_result<bloom_filter> from(int fd_to_own)
    {
        return adopted<bloom_filter>(fd_to_own, own_sizes);
    }

    result<void> insert(const Value &value) const
    {
        return result<void>(barebpf_map_update_elem(owned.get(), nullptr, &value, 0));
    }

    // False: the value was never inserted. True: it probably was.
    result<bool> may_contain(const Value &value) const
    {
        Value wanted = value; // the kernel's interface is not const
        const int returned = barebpf_map_lookup_elem(owned.get(), nullptr, &wanted, 0);
        if (returned < 0 && returned != -no_entry)
            return error{-returned};
        return returned == 0;
    }

private:
    friend class map_handle;
    explicit bloom_filter(int fd_to_own) : map_handle(fd_to_own) {}
};

// A map whose values are maps of the type Inner: array_of_maps, hash_of_maps. Linux 4.12.
template <typename Key, typename Inner> class [[nodiscard]] map_of_maps : public map_handle
{
    static_assert(__is_trivially_copyable(Key),
                  "the kernel copies keys byte by byte: Key must be trivially copyable");
    static_assert(
        __has_unique_object_representations(Key),
        "the kernel compares keys byte by byte, padding included: give Key's padding a name and a value, "
        "and use no floating point");
    static constexpr sizes own_sizes = {sizeof(Key), sizeof(uint32_t)};

public:
    map_of_maps() = default;

    // `like` is the template that every inner map must match; it need not become an element.
    static map_result<map_of_maps> create(map_spec spec, const Inner &like, const policy &allowed = {},
                                          report *done = nullptr)
    {
        spec.inner_map_fd = static_cast<uint32_t>(like.get_fd());
        return made<map_of_maps>(spec, own_sizes, allowed, done);
    }
    static map_result<map_of_maps> open(const char *pin)
    {
        return adopted<map_of_maps>(barebpf_obj_get(pin), own_sizes);
    }
    static map_result<map_of_maps> from(int fd_to_own) { return adopted<map_of_maps>(fd_to_own, own_sizes); }

    // The inner map stays alive while it is an element, whether or not `inner` does. EINVAL when it does not
    // match the template.
    result<void> set(const Key &key, const Inner &inner, when condition = when::any) const
    {
        const int fd = inner.get_fd();
        return result<void>(
            barebpf_map_update_elem(owned.get(), &key, &fd, static_cast<uint64_t>(condition)));
    }

    // Opens the inner map of a key; ENOENT when there is none. Needs CAP_SYS_ADMIN, as
    // barebpf_map_get_fd_by_id() does.
    map_result<Inner> get(const Key &key) const
    {
        uint32_t id = 0;
        const int returned = barebpf_map_lookup_elem(owned.get(), &key, &id, 0);
        if (returned < 0)
            return map_result<Inner>(error{-returned});
        const int inner = barebpf_map_get_fd_by_id(id);
        if (inner < 0)
            return map_result<Inner>(error{-inner});
        return Inner::from(inner);
    }

    result<void> erase(const Key &key) const
    {
        return result<void>(barebpf_map_delete_elem(owned.get(), &key));
    }

private:
    friend class map_handle;
    explicit map_of_maps(int fd_to_own) : map_handle(fd_to_own) {}
};

} // namespace barebpf

#endif
