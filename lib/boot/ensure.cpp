// SPDX-License-Identifier: BSD-2-Clause
#include "bpffs.h"
#include "ensure_difference.h"
#include "ensure_migrate.h"
#include "ensure_staging.h"
#include "ensure_structs.h"
#include "lib/calls/attr.h"
#include "lib/core/errno.h"
#include "lib/core/machine.h"
#include "lib/core/spec.h"
#include "lib/core/sys.h"

namespace barebpf
{
namespace
{

// State of one barebpf_ensure_map() call.
struct ensuring {
    const barebpf_map_spec *spec;
    wanted_map wanted;
    barebpf_ensure_opts opts;
    barebpf_ensure_report *report;
    staging place;
    shown_map found;  // the map that is pinned already
    migration copied; // of its elements
};

constexpr uint32_t most_attempts_to_publish = 16;

// Results of look() besides a descriptor and -errno.
constexpr int nothing_pinned = -ENOENT;
constexpr int to_be_replaced = 0;

int fails(ensuring *of, uint32_t step, int result)
{
    if (result < 0)
        of->report->step = step;
    return result;
}

void clear_report(barebpf_ensure_report *report)
{
    report->outcome = BAREBPF_ENSURED_NOTHING;
    report->step = BAREBPF_STEP_CHECK;
    report->did = report->unverified = report->map_type = 0;
    report->difference_count = report->uncopied = 0;
    report->copied = report->left_out = report->scratch_needed = 0;
    report->wanted_name[0] = report->found_name[0] = '\0';
}

bool are_known(const barebpf_ensure_opts &opts)
{
    constexpr uint32_t attributes = BAREBPF_ENSURE_MODE | BAREBPF_ENSURE_UID | BAREBPF_ENSURE_GID;
    constexpr uint32_t permissions = 07777;
    return opts.exists <= BAREBPF_EXISTS_MIGRATE && opts.freeze <= 1 && opts.make_directories <= 1 &&
           opts.is_new <= 1 && !(opts.set & ~attributes) && opts.bpffs_fd >= 0 &&
           !((opts.mode | opts.directory_mode | opts.mount_mode) & ~permissions) &&
           !((opts.set & BAREBPF_ENSURE_UID) && opts.uid == UINT32_MAX) &&
           !((opts.set & BAREBPF_ENSURE_GID) && opts.gid == UINT32_MAX);
}

bool is_known_policy(const barebpf_policy &given)
{
    constexpr uint32_t known = all_concessions | BAREBPF_GIVE_UP_NAME_END;
    return is_served(given) && !(given.give_up & ~known) && given.memlock <= BAREBPF_MEMLOCK_SCOPED;
}

int read_ensure_opts(ensuring *to, const barebpf_ensure_opts *given)
{
    clear(&to->opts);
    if (given && !read_struct(&to->opts, given))
        return -EINVAL;
    to->wanted.give_up = BAREBPF_GIVE_UP_NAME;
    const barebpf_policy *policy = to->opts.policy;
    if (policy && !is_known_policy(*policy))
        return -EINVAL;
    if (policy)
        to->wanted.give_up = policy->give_up;
    return are_known(to->opts) ? 0 : -EINVAL;
}

// Checks and reads everything the caller passes. Returns 0 or -errno.
int read_call(ensuring *to, const barebpf_map_spec *spec, const char *pin, const barebpf_ensure_opts *opts)
{
    bool name_cut = false;
    if (const int refused = read_ensure_opts(to, opts))
        return refused;
    if (const int refused = read_spec(&to->wanted.attr, &name_cut, spec))
        return refused;
    if (to->report->created && !is_served(*to->report->created))
        return -EINVAL;
    if (name_cut && !(to->wanted.give_up & BAREBPF_GIVE_UP_NAME_END))
        return -ENAMETOOLONG;
    to->spec = spec;
    to->wanted.has_name = spec->name;
    to->wanted.frozen = to->opts.freeze;
    to->report->map_type = to->wanted.attr.map_type;
    to->place.at = to->opts.bpffs_fd ? to->opts.bpffs_fd : AT_FDCWD;
    return pin ? set_pin(&to->place, pin) : -EINVAL;
}

int verify(ensuring *of, int fd)
{
    const int described = describe_map(fd, &of->found);
    if (described < 0)
        return fails(of, described == -EACCES ? BAREBPF_STEP_KIND : BAREBPF_STEP_DESCRIBE, described);
    machine_sizes machine;
    machine.page_size = machine.possible_cpus = 0;
    if (needs_sizes(of->wanted, of->found)) {
        bool guessed = false;
        machine.page_size = page_size();
        machine.possible_cpus = possible_cpus(&guessed);
    }
    return static_cast<int>(compare(of->report, of->wanted, of->found, machine));
}

// Decides about the map that is pinned. Returns its descriptor if it is the one to return; to_be_replaced,
// with its descriptor in *old; or -errno, with nothing_pinned if there is none.
int look(ensuring *of, int *old)
{
    of->report->difference_count = of->report->unverified = 0;
    const int fd = open_pin(of->place, of->wanted.attr.map_flags & (BAREBPF_F_RDONLY | BAREBPF_F_WRONLY));
    if (fd < 0)
        return fails(of, BAREBPF_STEP_OPEN, fd);
    int result = verify(of, fd);
    if (result == 0 || (result > 0 && of->opts.exists == BAREBPF_EXISTS_KEEP)) {
        of->report->outcome = result ? BAREBPF_ENSURED_KEPT : BAREBPF_ENSURED_FOUND;
        return fd;
    }
    if (result > 0 && of->opts.exists != BAREBPF_EXISTS_FAIL) {
        *old = fd;
        return to_be_replaced;
    }
    if (result > 0)
        result = fails(of, BAREBPF_STEP_VERIFY, -EEXIST);
    sys::close(fd);
    return result;
}

// Hands over the map that was found.
int accept(ensuring *of, int fd)
{
    const int refused = correct_attributes(of->place);
    if (refused == 0)
        return fd;
    sys::close(fd);
    return refused;
}

int freeze(int fd)
{
    freeze_attr attr;
    attr.map_fd = static_cast<uint32_t>(fd);
    attr.padding = 0;
    return sys::bpf<sys::command::map_freeze>(&attr);
}

int finish_map(ensuring *of, int fd, int old)
{
    if (of->opts.fill)
        if (const int refused = of->opts.fill(fd, of->opts.context); refused < 0)
            return fails(of, BAREBPF_STEP_FILL, refused);
    if (old >= 0 && of->opts.exists == BAREBPF_EXISTS_MIGRATE)
        if (const int refused =
                migrate(of->report, of->opts, of->copied, old, of->found.info.max_entries, fd))
            return fails(of, BAREBPF_STEP_MIGRATE, refused);
    if (of->opts.freeze)
        return fails(of, BAREBPF_STEP_FREEZE, freeze(fd));
    return 0;
}

// Makes a map that is ready to be pinned. Returns its descriptor or -errno.
int make_map(ensuring *of, int old)
{
    if (old >= 0 && of->opts.exists == BAREBPF_EXISTS_MIGRATE)
        if (const int refused =
                prepare_migration(of->report, of->opts, of->found.info, of->wanted.attr, &of->copied))
            return fails(of, BAREBPF_STEP_MIGRATE, refused);
    const int fd = barebpf_map_create(of->spec, of->opts.policy, of->report->created);
    if (fd < 0)
        return fails(of, BAREBPF_STEP_CREATE, fd);
    const int result = finish_map(of, fd, old);
    if (result == 0)
        return fd;
    sys::close(fd);
    return result;
}

uint32_t outcome_of(const ensuring &of, bool replaced)
{
    if (!replaced)
        return BAREBPF_ENSURED_CREATED;
    return of.opts.exists == BAREBPF_EXISTS_MIGRATE ? BAREBPF_ENSURED_MIGRATED : BAREBPF_ENSURED_REPLACED;
}

int make_and_publish(ensuring *of, int old)
{
    const int fd = make_map(of, old);
    if (fd < 0)
        return fd;
    const int result = publish(&of->place, fd, old >= 0);
    if (result < 0) {
        sys::close(fd);
        return result;
    }
    of->report->outcome = outcome_of(*of, old >= 0);
    return fd;
}

// With the staging directory's lock, under which other callers neither make nor replace the map.
int ensure_under_lock(ensuring *of)
{
    int old = -1;
    const int found = look(of, &old);
    if (found > 0)
        return accept(of, found);
    if (found != to_be_replaced && found != nothing_pinned)
        return found;
    const int result = make_and_publish(of, old);
    if (old >= 0)
        sys::close(old);
    return result;
}

// True if somebody who does not use barebpf has pinned or removed a map since it was looked for.
bool is_overtaken(const ensuring &of, int result)
{
    return of.report->step == BAREBPF_STEP_RENAME && (result == -EEXIST || result == -ENOENT);
}

int ensure_with_lock(ensuring *of)
{
    int result = 0;
    for (uint32_t i = 0; i < most_attempts_to_publish; i++) {
        if (const int refused = enter(&of->place))
            return refused;
        result = ensure_under_lock(of);
        leave(&of->place);
        if (!is_overtaken(*of, result))
            return result;
    }
    return result;
}

// Whether several of these maps at once are no matter, so that no lock has to keep others from making theirs.
bool is_small(const map_create_attr &wanted)
{
    constexpr uint64_t most = 64 << 10, overhead = 8;
    const uint64_t element = uint64_t{wanted.key_size} + wanted.value_size + overhead;
    return wanted.max_entries <= most && element * wanted.max_entries <= most;
}

// A small map that is finished once it is created gets its name at once: that is one step as well, and who
// comes second discards theirs. False if it takes a staging directory; else *result is a descriptor or
// -errno.
bool make_at_once(ensuring *of, int *result)
{
    if (of->opts.fill || of->opts.set || !is_small(of->wanted.attr))
        return false;
    *result = make_map(of, -1);
    if (*result < 0)
        return true;
    if (pin_at_once(of->place, *result) == 0) {
        of->report->outcome = BAREBPF_ENSURED_CREATED;
        return true;
    }
    sys::close(*result);
    return false;
}

// With is_new, before the pin is looked at. A refusal counts only if the pin is not there after all.
bool make_unseen(ensuring *of, int *result, uint32_t *step)
{
    if (!of->opts.is_new || !make_at_once(of, result))
        return false;
    *step = of->report->step;
    return true;
}

int ensure_pinned(ensuring *of)
{
    int old = -1, made = 0;
    uint32_t step = 0;
    const bool tried = make_unseen(of, &made, &step);
    if (tried && made > 0)
        return made;
    const int found = look(of, &old);
    if (found > 0) {
        sweep(&of->place);
        return accept(of, found);
    }
    if (found == to_be_replaced)
        sys::close(old);
    else if (found != nothing_pinned)
        return found;
    else if (tried)
        return fails(of, step, made);
    if (found == to_be_replaced || !make_at_once(of, &made))
        return ensure_with_lock(of);
    if (made > 0)
        sweep(&of->place);
    return made;
}

// Makes the directory to mount at, in the buffer of the pin's path, and mounts.
int make_directory_and_mount(ensuring *of)
{
    char *path = of->place.path;
    size_t length = 0, from = 0;
    for (; of->opts.mount[length]; length++) {
        if (length == longest_pin)
            return -ENAMETOOLONG;
        path[length] = of->opts.mount[length];
    }
    path[length] = '\0';
    int result = length ? make_directories(AT_FDCWD, path, length, of->opts.directory_mode, &from) : -ENOENT;
    if (result > 0)
        of->report->did |= BAREBPF_DID_DIRECTORIES;
    if (result >= 0)
        result = mount_bpffs(path, of->opts.mount_mode);
    if (result < 0)
        remove_directories(AT_FDCWD, path, length, from);
    return result;
}

int make_mount(ensuring *of, const char *pin)
{
    if (!of->opts.mount)
        return 0;
    int result = mount_bpffs(of->opts.mount, of->opts.mount_mode);
    if (result == -ENOENT && of->opts.make_directories) {
        result = make_directory_and_mount(of);
        set_pin(&of->place, pin);
    }
    if (result > 0)
        of->report->did |= BAREBPF_DID_MOUNT;
    return fails(of, BAREBPF_STEP_MOUNT, result);
}

// Returns a descriptor or -errno.
int ensure(const barebpf_map_spec *spec, const char *pin, const barebpf_ensure_opts *opts,
           barebpf_ensure_report *report)
{
    ensuring of BAREBPF_UNINITIALIZED;
    of.report = of.place.report = report;
    of.place.opts = &of.opts;
    if (const int refused = read_call(&of, spec, pin, opts))
        return refused;
    int result = make_mount(&of, pin);
    if (result >= 0)
        result = ensure_pinned(&of);
    if (result >= 0) {
        report->step = 0;
        return result;
    }
    report->outcome = BAREBPF_ENSURED_NOTHING;
    remove_parents(&of.place);
    return result;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_ensure_map(const struct barebpf_map_spec *spec, const char *pin,
                                  const struct barebpf_ensure_opts *opts,
                                  struct barebpf_ensure_report *report)
{
    barebpf_ensure_report own BAREBPF_UNINITIALIZED;
    if (report && !is_served(*report))
        return with_errno(-EINVAL);
    if (!report) {
        own.created = nullptr;
        report = &own;
    }
    clear_report(report);
    return with_errno(ensure(spec, pin, opts, report));
}
