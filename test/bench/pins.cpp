// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

// The system calls that applying map files takes, and nothing else.
namespace
{

constexpr unsigned int batch = 8192;

int call(bpf_cmd command, bpf_attr *attr)
{
    return static_cast<int>(syscall(SYS_bpf, command, attr, sizeof(*attr)));
}

int create(uint32_t max_entries)
{
    bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.map_type = BPF_MAP_TYPE_ARRAY;
    attr.key_size = 4;
    attr.value_size = 8;
    attr.max_entries = max_entries;
    strcpy(attr.map_name, "bench");
    return call(BPF_MAP_CREATE, &attr);
}

int pin(int map, const std::string &path)
{
    bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.pathname = reinterpret_cast<uintptr_t>(path.c_str());
    attr.bpf_fd = static_cast<uint32_t>(map);
    return call(BPF_OBJ_PIN, &attr);
}

int open_pin(const std::string &path)
{
    bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.pathname = reinterpret_cast<uintptr_t>(path.c_str());
    return call(BPF_OBJ_GET, &attr);
}

bool make_maps(bool looks, const std::string &directory, unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        const std::string path = directory + "/m" + std::to_string(i);
        if (looks && open_pin(path) >= 0)
            return false;
        const int map = create(1);
        if (map < 0 || pin(map, path) != 0)
            return false;
        if (looks && open((path + "~barebpf").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0)
            return false;
        close(map);
    }
    return true;
}

bool set_elements(const std::string &path, uint32_t count)
{
    const int map = create(count);
    std::vector<uint32_t> keys(batch);
    std::vector<uint64_t> values(batch, 7);
    for (uint32_t at = 0; at < count; at += batch) {
        const uint32_t some = std::min(batch, count - at);
        for (uint32_t i = 0; i < some; i++)
            keys[i] = at + i;
        bpf_attr attr;
        memset(&attr, 0, sizeof(attr));
        attr.batch.map_fd = static_cast<uint32_t>(map);
        attr.batch.keys = reinterpret_cast<uintptr_t>(keys.data());
        attr.batch.values = reinterpret_cast<uintptr_t>(values.data());
        attr.batch.count = some;
        if (call(BPF_MAP_UPDATE_BATCH, &attr) != 0)
            return false;
    }
    return pin(map, path) == 0;
}

} // namespace

// pins least DIRECTORY COUNT: creates, pins and closes maps.
// pins looking DIRECTORY COUNT: looks first whether they are there, and afterwards whether something is left.
// pins elements PATH COUNT: one map with elements, set in batches.
int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const std::string what = argv[1];
    const auto count = static_cast<unsigned int>(std::stoul(argv[3]));
    const bool done =
        what == "elements" ? set_elements(argv[2], count) : make_maps(what == "looking", argv[2], count);
    if (!done)
        perror("pins");
    return !done;
}
