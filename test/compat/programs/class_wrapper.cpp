// SPDX-License-Identifier: BSD-2-Clause
// A C++ class around a map, as C++ projects write it: RAII, exceptions, templates.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cstdint>
#include <cstring>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>

template <typename Key, typename Value> class BpfMap
{
public:
    BpfMap(bpf_map_type type, const std::string &name, uint32_t entries)
        : fd(bpf_map_create(type, name.c_str(), sizeof(Key), sizeof(Value), entries, nullptr))
    {
        if (fd < 0)
            throw std::runtime_error(name + ": " + std::strerror(-fd));
    }
    BpfMap(BpfMap &&other) noexcept : fd(std::exchange(other.fd, -1)) {}
    BpfMap(const BpfMap &) = delete;
    ~BpfMap()
    {
        if (fd >= 0)
            close(fd);
    }

    bool insert(const Key &key, const Value &value)
    {
        return bpf_map_update_elem(fd, &key, &value, BPF_NOEXIST) == 0;
    }
    bool erase(const Key &key) { return bpf_map_delete_elem(fd, &key) == 0; }
    std::optional<Value> find(const Key &key) const
    {
        Value value;
        if (bpf_map_lookup_elem(fd, &key, &value) < 0)
            return std::nullopt;
        return value;
    }
    std::map<Key, Value> all() const
    {
        std::map<Key, Value> found;
        Key key, next;
        for (void *at = nullptr; bpf_map_get_next_key(fd, at, &next) == 0; at = &key) {
            found[next] = *find(next);
            key = next;
        }
        return found;
    }

private:
    int fd;
};

int main()
{
    BpfMap<uint32_t, uint64_t> made(BPF_MAP_TYPE_HASH, "wrapped", 3);
    BpfMap<uint32_t, uint64_t> moved(std::move(made));
    for (uint32_t i = 1; i < 5; i++)
        std::cout << "insert " << i << ": " << moved.insert(i, i * 10) << ' ' << errno << '\n';
    std::cout << moved.insert(1, 1) << moved.erase(2) << moved.erase(2) << moved.find(3).value_or(0) << '\n';
    for (const auto &[key, value] : moved.all())
        std::cout << key << ": " << value << '\n';
    try {
        BpfMap<uint64_t, uint64_t> wrong(BPF_MAP_TYPE_ARRAY, "wrong", 1);
    } catch (const std::runtime_error &error) {
        std::cout << error.what() << '\n';
    }
    DECLARE_LIBBPF_OPTS(bpf_map_create_opts, opts);
    opts.map_flags = BPF_F_NO_PREALLOC;
    int fd = bpf_map_create(BPF_MAP_TYPE_HASH, nullptr, 4, 4, 1, &opts);
    std::cout << (fd >= 0) << '\n';
    return close(fd);
}
