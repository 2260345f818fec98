// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_BOOT_MODEL_H
#define BAREBPF_TEST_BOOT_MODEL_H

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

// A model of a kernel with one bpffs at /bpf, for the syscalls of barebpf_ensure_map(): files, maps, locks
// and descriptors of several processes. It can make a syscall fail, and kill the process before or after it.
namespace barebpf::test
{

// What bpffs and bpf(2) can do, by release.
struct abilities {
    const char *name;
    bool rename;    // 4.5: rename and link
    bool noreplace; // 4.9
    bool statx;     // 4.11
    bool info;      // 4.13; before, /proc describes maps
    bool exchange;  // 5.16
};
inline constexpr abilities all_abilities[] = {
    {"Linux 4.4", false, false, false, false, false},
    {"Linux 4.5", true, false, false, false, false},
    {"Linux 5.10", true, true, true, true, false},
    {"Linux 5.16", true, true, true, true, true},
};

struct model_map {
    uint32_t id, type, key_size, value_size, max_entries, flags;
    std::string name;
    std::map<std::string, std::string> elements;
    bool frozen = false;
};

struct model_file {
    std::shared_ptr<model_map> map; // nullptr: a directory
    std::map<std::string, std::shared_ptr<model_file>> entries;
    bool removed = false;
    const void *locked_by = nullptr; // the open description that holds the lock
    uint32_t mode = 0, uid = 0, gid = 0;
};

// Thrown out of the library where the process is killed.
struct killed {
};

class boot_model
{
public:
    explicit boot_model(const abilities &of);
    ~boot_model();
    boot_model(const boot_model &) = delete;
    boot_model &operator=(const boot_model &) = delete;

    // The nth syscall from now, 1 being the next: fails with this errno and has no effect, except that close
    // closes; or the process is killed before it, or after it; or `other` happens before it.
    void fails(uint32_t nth, int error);
    void kills(uint32_t nth, bool after);
    void interrupts(uint32_t nth, std::function<void()> other);

    // Called after each syscall.
    void watch(std::function<void()> how) { watcher = how; }

    // Runs as another process, whose descriptors are closed afterwards unless it returns them.
    int as_other(const std::function<int()> &run);

    // The killed process is gone, with its descriptors and locks; the next one begins.
    void bury();

    std::shared_ptr<model_file> at(const std::string &path) const; // nullptr: none
    std::shared_ptr<model_map> map_of(int fd) const;
    void pin(const std::string &path, std::shared_ptr<model_map> map);
    void make_directory(const std::string &path);
    void remove(const std::string &path);
    void drop(int fd);                      // closes it without a syscall
    std::vector<std::string> names() const; // below /bpf
    size_t open_count() const { return descriptors.size(); }
    uint32_t calls() const { return count; }
    bool did_fail_cleaning() const { return failed_cleaning; }

    std::shared_ptr<model_map> new_map(uint32_t type, uint32_t key, uint32_t value, uint32_t entries,
                                       const std::string &name);

    long call(long nr, const long (&a)[5]);

private:
    struct description {
        std::shared_ptr<model_file> file;
        std::shared_ptr<model_map> map;
        std::string text; // of a file in /proc
        bool is_text = false;
        size_t listed = 0;
    };
    struct location {
        std::shared_ptr<model_file> directory;
        std::string name;
        std::shared_ptr<model_file> file;
    };

    long answer(long nr, const long (&a)[5]);
    long answer_bpf(long command, char *attr);
    long bpf_create(const char *attr);
    long bpf_pin(const char *attr);
    long bpf_get(const char *attr);
    long bpf_info(char *attr);
    long bpf_update(const char *attr);
    long bpf_lookup(const char *attr);
    long bpf_next_key(const char *attr);
    long open(int at, const char *path, long flags);
    long rename(const long (&a)[5]);
    long lock(int fd, long how);
    long status(int at, const char *path, void *to) const;
    long close(int fd);
    long remove(int at, const char *path, bool directory);
    int locate(int at, const std::string &path, location *to) const;
    int give(description what);

    abilities able;
    std::shared_ptr<model_file> root;
    std::map<int, std::shared_ptr<description>> descriptors;
    uint32_t count = 0, next_id = 1;
    uint32_t failing = 0, killing = 0, interrupting = 0;
    int failure = 0;
    bool kill_after = false, failed_cleaning = false;
    std::function<void()> watcher, interruption;
};

} // namespace barebpf::test

#endif
