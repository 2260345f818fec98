// SPDX-License-Identifier: BSD-2-Clause
#include "model.h"

#include <algorithm>
#include <asm/unistd.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/file.h>

#include "lib/core/known.h"
#include "test/catch.h"

namespace barebpf::test
{
namespace
{

boot_model *running;

constexpr long path_fd_flag = 1 << 14;

template <typename T> T member(const char *attr, size_t offset)
{
    T value;
    std::memcpy(&value, attr + offset, sizeof(value));
    return value;
}

const char *text_at(uint64_t address)
{
    return reinterpret_cast<const char *>(address);
}

bool is_readable(uint64_t address)
{
    return address > 4096;
}

std::string bytes_at(uint64_t address, size_t size)
{
    return {text_at(address), size};
}

void put(uint64_t address, const std::string &bytes)
{
    std::memcpy(reinterpret_cast<void *>(address), bytes.data(), bytes.size());
}

std::shared_ptr<model_file> new_directory()
{
    auto made = std::make_shared<model_file>();
    made->mode = 0700;
    return made;
}

bool is_array(const model_map &map)
{
    return map.type == BPF_MAP_TYPE_ARRAY;
}

} // namespace

boot_model::boot_model(const abilities &of) : able(of), root(new_directory())
{
    root->entries["bpf"] = new_directory();
    learned = {};
    running = this;
}

boot_model::~boot_model()
{
    running = nullptr;
}

void boot_model::fails(uint32_t nth, int error)
{
    failing = count + nth;
    failure = error;
}

void boot_model::kills(uint32_t nth, bool after)
{
    killing = count + nth;
    kill_after = after;
}

void boot_model::interrupts(uint32_t nth, std::function<void()> other)
{
    interrupting = count + nth;
    interruption = other;
}

int boot_model::as_other(const std::function<int()> &run)
{
    auto own = std::move(descriptors);
    descriptors.clear();
    const int result = run();
    while (!descriptors.empty())
        close(descriptors.begin()->first);
    descriptors = std::move(own);
    return result;
}

void boot_model::bury()
{
    while (!descriptors.empty())
        close(descriptors.begin()->first);
    failing = killing = interrupting = 0;
}

std::shared_ptr<model_file> boot_model::at(const std::string &path) const
{
    location found;
    return locate(AT_FDCWD, path, &found) == 0 ? found.file : nullptr;
}

std::shared_ptr<model_map> boot_model::map_of(int fd) const
{
    const auto found = descriptors.find(fd);
    return found == descriptors.end() ? nullptr : found->second->map;
}

void boot_model::pin(const std::string &path, std::shared_ptr<model_map> map)
{
    location to;
    REQUIRE(locate(AT_FDCWD, path, &to) == 0);
    auto file = std::make_shared<model_file>();
    file->map = map;
    file->mode = 0600;
    to.directory->entries[to.name] = file;
}

void boot_model::make_directory(const std::string &path)
{
    location to;
    REQUIRE(locate(AT_FDCWD, path, &to) == 0);
    to.directory->entries[to.name] = new_directory();
}

void boot_model::remove(const std::string &path)
{
    location at;
    REQUIRE(locate(AT_FDCWD, path, &at) == 0);
    at.directory->entries.erase(at.name);
}

void boot_model::drop(int fd)
{
    close(fd);
}

std::vector<std::string> boot_model::names() const
{
    std::vector<std::string> names;
    const std::function<void(const model_file &, const std::string &)> walk = [&](const model_file &directory,
                                                                                  const std::string &prefix) {
        for (const auto &[name, file] : directory.entries) {
            names.push_back(prefix + name);
            walk(*file, prefix + name + "/");
        }
    };
    walk(*root->entries.at("bpf"), "");
    return names;
}

std::shared_ptr<model_map> boot_model::new_map(uint32_t type, uint32_t key, uint32_t value, uint32_t entries,
                                               const std::string &name)
{
    auto map = std::make_shared<model_map>();
    *map = {next_id++, type, key, value, entries, 0, name, {}};
    for (uint32_t i = 0; is_array(*map) && i < entries; i++)
        map->elements[std::string(reinterpret_cast<const char *>(&i), 4)] = std::string(value, '\0');
    return map;
}

int boot_model::locate(int at, const std::string &path, location *to) const
{
    if (path.empty())
        return -ENOENT;
    std::shared_ptr<model_file> now = root;
    if (path[0] != '/' && at != AT_FDCWD) {
        const auto base = descriptors.find(at);
        if (base == descriptors.end() || !base->second->file)
            return -EBADF;
        now = base->second->file;
    }
    for (size_t from = 0; from < path.size();) {
        const size_t end = std::min(path.find('/', from), path.size());
        const std::string name = path.substr(from, end - from);
        from = end + 1;
        if (name.empty())
            continue;
        if (!now)
            return -ENOENT;
        if (now->map)
            return -ENOTDIR;
        const auto next = now->entries.find(name);
        *to = {now, name, next == now->entries.end() ? nullptr : next->second};
        now = to->file;
    }
    return 0;
}

int boot_model::give(description what)
{
    int fd = 3;
    while (descriptors.contains(fd))
        fd++;
    descriptors[fd] = std::make_shared<description>(std::move(what));
    return fd;
}

long boot_model::close(int fd)
{
    const auto found = descriptors.find(fd);
    if (found == descriptors.end()) {
        FAIL_CHECK("close of descriptor " << fd << ", which is not open");
        return -EBADF;
    }
    if (const auto &file = found->second->file; file && file->locked_by == found->second.get())
        file->locked_by = nullptr;
    descriptors.erase(found);
    return 0;
}

long boot_model::call(long nr, const long (&a)[5])
{
    count++;
    if (count == interrupting) {
        const uint32_t fault = failing;
        failing = 0;
        const uint32_t before = count;
        interruption();
        count = before;
        failing = fault;
        interrupting = 0;
    }
    if (count == killing && !kill_after)
        throw killed();
    long result = -failure;
    if (count != failing)
        result = answer(nr, a);
    else if (nr == __NR_close)
        close(static_cast<int>(a[0]));
    else if (nr == __NR_unlinkat)
        failed_cleaning = true;
    if (watcher)
        watcher();
    if (count == killing)
        throw killed();
    return result;
}

long boot_model::answer(long nr, const long (&a)[5])
{
    const int at = static_cast<int>(a[0]);
    const auto *path = reinterpret_cast<const char *>(a[1]);
    location where;
    switch (nr) {
    case __NR_bpf:
        return answer_bpf(a[0], reinterpret_cast<char *>(a[1]));
    case __NR_close:
        return close(at);
    case __NR_openat:
        return open(at, path, a[2]);
    case __NR_read: {
        const std::string &text = descriptors.at(at)->text;
        const size_t size = std::min(text.size(), static_cast<size_t>(a[2]));
        std::memcpy(reinterpret_cast<void *>(a[1]), text.data(), size);
        return static_cast<long>(size);
    }
    case __NR_mkdirat:
        if (const int refused = locate(at, path, &where))
            return refused;
        if (where.file)
            return -EEXIST;
        if (where.directory->removed)
            return -ENOENT;
        where.directory->entries[where.name] = new_directory();
        where.directory->entries[where.name]->mode = static_cast<uint32_t>(a[2]);
        return 0;
    case __NR_unlinkat:
        return remove(at, path, a[2] & AT_REMOVEDIR);
    case __NR_renameat2:
        return rename(a);
    case __NR_linkat: {
        location to;
        if (const int refused = locate(at, path, &where))
            return refused;
        if (const int refused = locate(static_cast<int>(a[2]), reinterpret_cast<const char *>(a[3]), &to))
            return refused;
        if (!able.rename)
            return -EPERM;
        if (!where.file || to.file)
            return where.file ? -EEXIST : -ENOENT;
        to.directory->entries[to.name] = where.file;
        return 0;
    }
    case __NR_fchmodat:
    case __NR_fchownat:
        if (nr == __NR_fchownat && !*path) {
            descriptors.at(at)->file->uid = static_cast<uint32_t>(a[2]);
            return 0;
        }
        if (const int refused = locate(at, path, &where))
            return refused;
        if (!where.file)
            return -ENOENT;
        if (nr == __NR_fchmodat)
            where.file->mode = static_cast<uint32_t>(a[2]);
        else if (a[2] != -1)
            where.file->uid = static_cast<uint32_t>(a[2]);
        if (nr == __NR_fchownat && a[3] != -1)
            where.file->gid = static_cast<uint32_t>(a[3]);
        return 0;
    case __NR_fchmod:
        descriptors.at(at)->file->mode = static_cast<uint32_t>(a[1]);
        return 0;
    case __NR_prlimit64:
        if (a[3])
            std::memset(reinterpret_cast<void *>(a[3]), 0xff, 16); // no limit
        return 0;
    case __NR_getresuid:
        return 0;
    case __NR_flock:
        return lock(at, a[1]);
    case __NR_getdents64:
        return descriptors.at(at)->file->removed ? -ENOENT : 48;
    case __NR_statx:
        return able.statx ? status(at, path, reinterpret_cast<void *>(a[4])) : -ENOSYS;
    default:
        FAIL_CHECK("an unexpected system call: number " << nr);
        return -ENOSYS;
    }
}

long boot_model::open(int at, const char *path, long flags)
{
    int fd = 0;
    if (std::sscanf(path, "/proc/self/fdinfo/%d", &fd) == 1) {
        const auto map = map_of(fd);
        if (!map)
            return -ENOENT;
        description text;
        text.is_text = true;
        text.text = "pos:\t0\nflags:\t02000002\nmap_type:\t" + std::to_string(map->type) + "\nkey_size:\t" +
                    std::to_string(map->key_size) + "\nvalue_size:\t" + std::to_string(map->value_size) +
                    "\nmax_entries:\t" + std::to_string(map->max_entries) + "\nmap_flags:\t0x" +
                    std::to_string(map->flags) + "\nfrozen:\t" + (map->frozen ? "1" : "0") + "\n";
        return give(text);
    }
    location where;
    if (const int refused = locate(at, path, &where))
        return refused;
    if (!where.file)
        return -ENOENT;
    if ((flags & O_DIRECTORY) && where.file->map)
        return -ENOTDIR;
    description directory;
    directory.file = where.file;
    return give(directory);
}

long boot_model::remove(int at, const char *path, bool directory)
{
    location where;
    if (const int refused = locate(at, path, &where))
        return refused;
    if (!where.file)
        return -ENOENT;
    if (directory != !where.file->map)
        return directory ? -ENOTDIR : -EISDIR;
    if (directory && !where.file->entries.empty())
        return -ENOTEMPTY;
    where.file->removed = true;
    where.directory->entries.erase(where.name);
    return 0;
}

long boot_model::rename(const long (&a)[5])
{
    location from, to;
    if (const int refused = locate(static_cast<int>(a[0]), text_at(static_cast<uint64_t>(a[1])), &from))
        return refused;
    if (const int refused = locate(static_cast<int>(a[2]), text_at(static_cast<uint64_t>(a[3])), &to))
        return refused;
    const bool noreplace = a[4] == 1, exchange = a[4] == 2;
    if (!from.file || (exchange && !to.file))
        return -ENOENT;
    if (noreplace && to.file)
        return -EEXIST;
    if (!able.rename)
        return -EPERM;
    if ((noreplace && !able.noreplace) || (exchange && !able.exchange))
        return -EINVAL;
    from.directory->entries.erase(from.name);
    if (exchange)
        from.directory->entries[from.name] = to.file;
    to.directory->entries[to.name] = from.file;
    return 0;
}

// A caller that would wait is interrupted by a signal instead.
long boot_model::lock(int fd, long how)
{
    const auto &opened = descriptors.at(fd);
    const void *&holder = opened->file->locked_by;
    if (holder && holder != opened.get())
        return how & LOCK_NB ? -EWOULDBLOCK : -EINTR;
    holder = opened.get();
    return 0;
}

long boot_model::status(int at, const char *path, void *to) const
{
    location where;
    if (const int refused = locate(at, path, &where))
        return refused;
    if (!where.file)
        return -ENOENT;
    auto *words = static_cast<uint32_t *>(to);
    words[5] = where.file->uid;
    words[6] = where.file->gid;
    words[7] = where.file->mode;
    return 0;
}

long boot_model::answer_bpf(long command, char *attr)
{
    switch (command) {
    case BPF_MAP_CREATE:
        return bpf_create(attr);
    case BPF_MAP_LOOKUP_ELEM:
        return bpf_lookup(attr);
    case BPF_MAP_UPDATE_ELEM:
        return bpf_update(attr);
    case BPF_MAP_GET_NEXT_KEY:
        return bpf_next_key(attr);
    case BPF_OBJ_PIN:
        return bpf_pin(attr);
    case BPF_OBJ_GET:
        return bpf_get(attr);
    case BPF_OBJ_GET_INFO_BY_FD:
        return able.info ? bpf_info(attr) : -EINVAL;
    case BPF_MAP_FREEZE:
        map_of(member<int>(attr, 0))->frozen = true;
        return 0;
    default:
        FAIL_CHECK("an unexpected command of bpf(2): " << command);
        return -EINVAL;
    }
}

long boot_model::bpf_create(const char *attr)
{
    description made;
    made.map = new_map(member<uint32_t>(attr, 0), member<uint32_t>(attr, 4), member<uint32_t>(attr, 8),
                       member<uint32_t>(attr, 12), attr + 28);
    made.map->flags = member<uint32_t>(attr, 16);
    return give(made);
}

long boot_model::bpf_pin(const char *attr)
{
    location to;
    const int at = member<uint32_t>(attr, 12) & path_fd_flag ? member<int>(attr, 16) : AT_FDCWD;
    if (const int refused = locate(at, text_at(member<uint64_t>(attr, 0)), &to))
        return refused;
    if (to.file || to.directory->removed)
        return to.file ? -EEXIST : -ENOENT;
    auto file = std::make_shared<model_file>();
    file->map = map_of(member<int>(attr, 8));
    file->mode = 0600;
    to.directory->entries[to.name] = file;
    return 0;
}

long boot_model::bpf_get(const char *attr)
{
    location at;
    if (const int refused = locate(AT_FDCWD, text_at(member<uint64_t>(attr, 0)), &at))
        return refused;
    if (!at.file || !at.file->map)
        return at.file ? -EACCES : -ENOENT;
    description opened;
    opened.map = at.file->map;
    return give(opened);
}

long boot_model::bpf_info(char *attr)
{
    const auto map = map_of(member<int>(attr, 0));
    bpf_map_info info{};
    info.type = map->type;
    info.id = map->id;
    info.key_size = map->key_size;
    info.value_size = map->value_size;
    info.max_entries = map->max_entries;
    info.map_flags = map->flags;
    std::strncpy(info.name, map->name.c_str(), sizeof(info.name) - 1);
    const uint32_t size = std::min<uint32_t>(member<uint32_t>(attr, 4), sizeof(info));
    put(member<uint64_t>(attr, 8), std::string(reinterpret_cast<const char *>(&info), size));
    std::memcpy(attr + 4, &size, sizeof(size));
    return 0;
}

long boot_model::bpf_update(const char *attr)
{
    const auto map = map_of(member<int>(attr, 0));
    if (!map)
        return -EINVAL;
    if (map->frozen)
        return -EPERM;
    if (!is_readable(member<uint64_t>(attr, 8)) || !is_readable(member<uint64_t>(attr, 16)))
        return -EFAULT;
    const std::string key = bytes_at(member<uint64_t>(attr, 8), map->key_size);
    if (!map->elements.contains(key) && map->elements.size() >= map->max_entries)
        return -E2BIG;
    map->elements[key] = bytes_at(member<uint64_t>(attr, 16), map->value_size);
    return 0;
}

long boot_model::bpf_lookup(const char *attr)
{
    const auto map = map_of(member<int>(attr, 0));
    const auto found = map->elements.find(bytes_at(member<uint64_t>(attr, 8), map->key_size));
    if (found == map->elements.end())
        return -ENOENT;
    put(member<uint64_t>(attr, 16), found->second);
    return 0;
}

long boot_model::bpf_next_key(const char *attr)
{
    const auto map = map_of(member<int>(attr, 0));
    const uint64_t key = member<uint64_t>(attr, 8);
    const auto next = key ? map->elements.upper_bound(bytes_at(key, map->key_size)) : map->elements.begin();
    if (next == map->elements.end())
        return -ENOENT;
    put(member<uint64_t>(attr, 16), next->first);
    return 0;
}

} // namespace barebpf::test

namespace barebpf::arch
{

long call(long nr, long a, long b, long c, long d, long e)
{
    if (!test::running) {
        FAIL_CHECK("a system call while no kernel is there: number " << nr);
        return -ENOSYS;
    }
    return test::running->call(nr, {a, b, c, d, e});
}

} // namespace barebpf::arch
