// SPDX-License-Identifier: BSD-2-Clause
#include "apply_structs.h"
#include "directory_entries.h"
#include "lib/core/errno.h"

namespace barebpf
{
namespace
{

// Each text is stored in place: a table of pointers would need relocations.
constexpr char usual_directories[][19] = {"/etc/barebpf.d", "/run/barebpf.d", "/usr/lib/barebpf.d"};
constexpr size_t usual_count = sizeof(usual_directories) / sizeof(usual_directories[0]);
constexpr size_t longest_name = 255;

// Compares as bytes; by std::string's order.
int order_of(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return static_cast<unsigned char>(*a) - static_cast<unsigned char>(*b);
}

bool is_map_file(const char *name)
{
    size_t length = 0;
    while (name[length])
        length++;
    return name[0] != '.' && length > 5 && length <= longest_name &&
           order_of(name + length - 5, ".maps") == 0;
}

// The best name so far of those behind `after`.
struct name_search {
    const char *after;
    char *best;
    bool found;
};

// True if it is better than what was found before.
bool take_if_better(name_search *of, const char *name)
{
    if (!is_map_file(name) || order_of(name, of->after) <= 0 || (of->found && order_of(name, of->best) >= 0))
        return false;
    size_t i = 0;
    for (; name[i]; i++)
        hidden(of->best)[i] = name[i];
    of->best[i] = '\0';
    of->found = true;
    return true;
}

// Reads a whole directory. Returns 1 if it has a better name, 0 if not, or -errno.
int search_directory(name_search *of, const char *path)
{
    const int directory = sys::open_directory_anywhere(path);
    if (directory < 0)
        return directory;
    bool better = false;
    const int result = read_entries(directory, [&](const char *name, uint8_t) {
        better |= take_if_better(of, name);
        return true;
    });
    sys::close(directory);
    return result < 0 ? result : better;
}

int find_next_file(barebpf_map_files *files)
{
    struct {
        alignas(8) char bytes[longest_name + 1];
    } best BAREBPF_UNINITIALIZED;
    clear(&best);
    name_search of;
    of.after = files->name;
    of.best = best.bytes;
    of.found = false;
    size_t where = 0;
    const char *path = nullptr;
    for (size_t i = 0; (path = barebpf_map_files_path(files, i)); i++) {
        const int result = search_directory(&of, path);
        if (result < 0 && (files->directories || (result != -ENOENT && result != -ENOTDIR))) {
            files->directory = i;
            return result;
        }
        if (result > 0)
            where = i;
    }
    if (!of.found)
        return 0;
    files->directory = where;
    copy(files->name, best.bytes, sizeof(files->name));
    return 1;
}

bool ends_its_name(const barebpf_map_files &files)
{
    for (size_t i = 0; i < sizeof(files.name); i++)
        if (!files.name[i])
            return true;
    return false;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_files_next(struct barebpf_map_files *files)
{
    if (!files || !is_served(*files) || !ends_its_name(*files))
        return with_errno(-EINVAL);
    return with_errno(find_next_file(files));
}

extern "C" const char *barebpf_map_files_path(const struct barebpf_map_files *files, size_t index)
{
    if (!files || !is_served(*files))
        return nullptr;
    if (files->directories)
        return index < files->count ? files->directories[index] : nullptr;
    return index < usual_count ? usual_directories[index] : nullptr;
}
