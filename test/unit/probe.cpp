// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/probe.h"

#include <cerrno>
#include <cstring>

#include "barebpf/libbpf.h"
#include "lib/rules/rules.h"
#include "lib/probe/smallest_map.h"
#include "script.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr int made = 7;

// Runs a probe and answers its calls with these, in turn; it must make all of them.
int probe(std::vector<long> answers, int (*ask)())
{
    answers.insert(answers.begin(), -E2BIG);
    std::vector<answer> given;
    for (const long value : answers)
        given.push_back(result(value));
    script(given);
    errno = 0;
    const int result = ask();
    CHECK(recorded_calls().size() == answers.size());
    CHECK(errno == (result < 0 ? -result : 0));
    return result;
}

int hash()
{
    return barebpf_probe_map_type(BAREBPF_MAP_TYPE_HASH, nullptr);
}

int arena()
{
    return barebpf_probe_map_type(BAREBPF_MAP_TYPE_ARENA, nullptr);
}

int devmap()
{
    return barebpf_probe_map_type(BAREBPF_MAP_TYPE_DEVMAP, nullptr);
}

int zero_seed()
{
    return barebpf_probe_map_flag(BAREBPF_MAP_TYPE_HASH, 6, nullptr);
}

int vtype_btf_obj_fd()
{
    return barebpf_probe_map_flag(BAREBPF_MAP_TYPE_STRUCT_OPS, 15, nullptr);
}

int name()
{
    return barebpf_probe_map_field(7, nullptr);
}

int max_entries()
{
    return barebpf_probe_map_field(3, nullptr);
}

int name_dot()
{
    return barebpf_probe_feature(BAREBPF_FEATURE_NAME_DOT, nullptr);
}

int memlock()
{
    return barebpf_probe_feature(BAREBPF_FEATURE_MEMLOCK, nullptr);
}

int btf_load()
{
    return barebpf_probe_feature(BAREBPF_FEATURE_BTF_LOAD, nullptr);
}

int token_create()
{
    return barebpf_probe_feature(BAREBPF_FEATURE_TOKEN_CREATE, nullptr);
}

int common_attrs()
{
    return barebpf_probe_feature(BAREBPF_FEATURE_COMMON_ATTRS, nullptr);
}

// Answers prlimit64: with the limit, or a failure; records the limits that were set.
struct limits {
    sys::rlimit now;
    std::vector<uint64_t> soft_set;

    answer get()
    {
        return [this](const system_call &call) {
            *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = now;
            return 0;
        };
    }
    answer set(long result = 0)
    {
        return [this, result](const system_call &call) {
            soft_set.push_back(reinterpret_cast<const sys::rlimit *>(call.arguments[2])->soft);
            CHECK(reinterpret_cast<const sys::rlimit *>(call.arguments[2])->hard == now.hard);
            return result;
        };
    }
};

// True if a request passes every check that one the kernel accepts passes.
bool is_taken(release version, const environment &machine, uint32_t type)
{
    for (unsigned int variant = 0; variant < smallest_map_variants(type); variant++) {
        map_create_attr attr;
        smallest_map(&attr, type, variant);
        const int error = decide(version, machine, &attr, map_create_attr_size).error;
        if (error == 0 || error == EBADF || error == enotsupp)
            return true;
    }
    return false;
}

} // namespace

TEST_CASE("smallest map: every kernel that has the type, with every page size, accepts it")
{
    environment machine;
    machine.page_size = GENERATE(4096u, 16384u, 65536u, 262144u);
    machine.cgroup_key_size = GENERATE(12u, 16u);
    machine.max_stack = 1;
    machine.built_for_cpus = 1;
    for (uint32_t type = 1; type < map_type_count; type++)
        for (const release version :
             {release_of(4, 4), release_of(4, 9), release_of(4, 19), release_of(5, 4), release_of(5, 10),
              release_of(6, 1), release_of(6, 12), release_of(7, 3)}) {
            INFO(barebpf_map_type_name(type) << " on " << major_of(version) << "." << minor_of(version));
            CHECK(is_taken(version, machine, type) == (version >= facts_of(type).since));
        }
}

TEST_CASE("probe: a type is known if only a bad token is refused, and no map is created")
{
    CHECK(probe({-EBADF}, hash) == 1);
    CHECK(recorded_calls()[1].attr.map_flags == BAREBPF_F_TOKEN_FD);
    CHECK(recorded_calls()[1].attr.map_token_fd == -1);
    CHECK(recorded_calls()[1].arguments[2] == attr_size);
}

TEST_CASE("probe: without tokens a map is created, and closed")
{
    const long fd = GENERATE(0, 2, made);
    CHECK(probe({-EINVAL, fd, 0}, hash) == 1);
    CHECK(recorded_calls()[2].attr.map_flags == 0);
    CHECK(recorded_calls()[3].nr == __NR_close);
    CHECK(recorded_calls()[3].arguments[0] == fd);
}

TEST_CASE("probe: EPERM means yes only if an unknown type gets another answer, and never no")
{
    CHECK(probe({-EPERM, -EPERM, -EPERM}, hash) == -EPERM);
    CHECK(probe({-EINVAL, -EPERM, -EPERM}, hash) == -EPERM);
    CHECK(probe({-EINVAL, -EPERM, -ENOSYS}, hash) == -EPERM);
    CHECK(probe({-EINVAL, -EPERM, -EINVAL}, hash) == 1);
    CHECK(recorded_calls()[3].attr.map_type == 0xffff);
}

TEST_CASE("probe: no answer before the kernel is known to read the attr")
{
    const long refusal = GENERATE(-EPERM, -ENOSYS, -EINVAL, -EBADF, -EOPNOTSUPP, -EFAULT, 0, made);
    for (const auto ask :
         {hash, zero_seed, name, max_entries, name_dot, memlock, btf_load, token_create, common_attrs}) {
        script({result(refusal)});
        CHECK(ask() == (refusal < 0 ? refusal : -EINVAL));
        REQUIRE(recorded_calls().size() == 1);
        CHECK(recorded_calls()[0].nr == __NR_bpf);
        CHECK(recorded_calls()[0].arguments[2] > 262144);
    }
}

TEST_CASE("probe: EINVAL means no")
{
    CHECK(probe({-EINVAL, -EINVAL}, hash) == 0);
}

TEST_CASE("probe: any other refusal is no answer")
{
    const int error = GENERATE(ENOSYS, ENOMEM, EMFILE, ENFILE, EACCES, EAGAIN, EFAULT, ENOSPC);
    CHECK(probe({-error, -error}, hash) == -error);
    CHECK(probe({-EPERM, -error}, name) == (error == EFAULT ? 1 : -error));
    CHECK(probe({-error}, name_dot) == -error);
    CHECK(probe({-error}, token_create) == -error);
}

TEST_CASE("probe: a type that depends on the machine is known only if a map is created")
{
    CHECK(probe({-EBADF, made, 0}, arena) == 1);
    CHECK(probe({-EBADF, -EOPNOTSUPP}, arena) == 0);
    CHECK(probe({-EBADF, -EPERM}, arena) == -EPERM);
    CHECK(probe({-EBADF, -ENOMEM}, arena) == -ENOMEM);
}

TEST_CASE("probe: a device map's EINVAL may be for memory where RLIMIT_MEMLOCK is limited")
{
    limits memory = {{UINT64_MAX, UINT64_MAX}, {}};
    SECTION("and means no if it is not")
    {
        script({result(-E2BIG), result(-EINVAL), result(-EINVAL), memory.get()});
        CHECK(devmap() == 0);
    }
    memory.now.soft = 65536;
    SECTION("and is no answer on a kernel without tokens")
    {
        script({result(-E2BIG), result(-EINVAL), result(-EINVAL), memory.get(), result(-EINVAL)});
        CHECK(devmap() == -EINVAL);
    }
    SECTION("and means no on a kernel with tokens, which charges no memory")
    {
        script({result(-E2BIG), result(-EINVAL), result(-EINVAL), memory.get(), result(-EBADF)});
        CHECK(devmap() == 0);
    }
}

TEST_CASE("probe: a flag is known if the kernel checks flags and accepts it")
{
    SECTION("with a bad token")
    {
        CHECK(probe({-EBADF, -EBADF, -EINVAL, -EBADF}, zero_seed) == 1);
        CHECK(recorded_calls()[3].attr.map_flags == (BAREBPF_F_TOKEN_FD | 1u << 31));
        CHECK(recorded_calls()[4].attr.map_flags == (BAREBPF_F_TOKEN_FD | BAREBPF_F_ZERO_SEED));
        CHECK(probe({-EBADF, -EBADF, -EINVAL, -EINVAL}, zero_seed) == 0);
        CHECK(probe({-EBADF, -EBADF, -EINVAL, -EPERM}, zero_seed) == 1);
    }
    SECTION("with a map, if the token is checked first")
    {
        CHECK(probe({-EBADF, -EBADF, -EBADF, made, 0, -EINVAL, made, 0}, zero_seed) == 1);
        CHECK(probe({-EBADF, -EBADF, -EBADF, made, 0, -EINVAL, -EINVAL}, zero_seed) == 0);
        CHECK(probe({-EBADF, -EBADF, -EBADF, made, 0, -EINVAL, -EPERM}, zero_seed) == -EPERM);
        CHECK(probe({-EBADF, -EBADF, -EBADF, -EPERM, -EPERM}, zero_seed) == -EPERM);
    }
    SECTION("and the answer is the type's if that is no or unknown")
    {
        CHECK(probe({-EINVAL, -EINVAL}, zero_seed) == 0);
        CHECK(probe({-ENOSYS, -ENOSYS}, zero_seed) == -ENOSYS);
    }
}

TEST_CASE("probe: a flag that comes with a descriptor is known if the descriptor is looked up")
{
    CHECK(probe({-EINVAL, -enotsupp, -EINVAL, -enotsupp, -EINVAL, -EBADF}, vtype_btf_obj_fd) == 1);
    CHECK(recorded_calls()[6].attr.value_type_btf_obj_fd == -1);
    CHECK(probe({-EINVAL, -enotsupp, -EINVAL, -enotsupp, -EINVAL, -EINVAL}, vtype_btf_obj_fd) == 0);
}

TEST_CASE("probe: a member is known if a request with it is accepted")
{
    CHECK(probe({-EBADF}, name) == 1);
    CHECK(recorded_calls()[1].attr.map_name[0] != '\0');
    CHECK(probe({-EINVAL, made, 0}, name) == 1);
    CHECK(probe({-E2BIG, -E2BIG}, name) == 0);
    CHECK(probe({}, max_entries) == 1);
}

TEST_CASE("probe: a dot in a name is checked before the BTF, which does not exist")
{
    CHECK(probe({-EBADF}, name_dot) == 1);
    CHECK(recorded_calls()[1].attr.map_name == std::string("a.a"));
    CHECK(probe({-EINVAL}, name_dot) == 0);
    CHECK(probe({-E2BIG}, name_dot) == 0);
    CHECK(probe({-EPERM}, name_dot) == -EPERM);
}

TEST_CASE(
    "probe: memory is charged if an array is refused under a limit of 0 and created under the former one")
{
    limits memory = {{65536, 1 << 20}, {}};
    int expected = 1;
    SECTION("both")
    {
        script({result(-E2BIG), memory.get(), memory.set(), result(-EPERM), memory.set(), result(made),
                result(0)});
    }
    SECTION("created under a limit of 0")
    {
        expected = 0;
        script({result(-E2BIG), memory.get(), memory.set(), result(made), result(0), memory.set()});
    }
    SECTION("refused under both")
    {
        expected = -EPERM;
        script({result(-E2BIG), memory.get(), memory.set(), result(-EPERM), memory.set(), result(-EPERM)});
    }
    SECTION("refused with another errno")
    {
        expected = -ENOMEM;
        script({result(-E2BIG), memory.get(), memory.set(), result(-ENOMEM), memory.set()});
    }
    CHECK(memlock() == expected);
    CHECK(memory.soft_set == std::vector<uint64_t>{0, 65536});
}

TEST_CASE("probe: if the limit cannot be read or changed, it is unknown whether memory is charged")
{
    limits memory = {{65536, 65536}, {}};
    script({result(-E2BIG), result(-EPERM)});
    CHECK(memlock() == -EPERM);
    script({result(-E2BIG), memory.get(), memory.set(-EPERM)});
    CHECK(memlock() == -EPERM);
    script({result(-E2BIG), memory.get(), memory.set(), result(made), result(0), memory.set(-EPERM)});
    CHECK(memlock() == -EPERM);
}

TEST_CASE("probe: a command is known by an errno that only kernels with it return")
{
    CHECK(probe({-E2BIG}, btf_load) == 1);
    CHECK(probe({-EPERM, -EINVAL}, btf_load) == 1);
    CHECK(probe({-EPERM, -EPERM}, btf_load) == -EPERM);
    CHECK(probe({-EINVAL}, btf_load) == 0);
    CHECK(probe({-EBADF}, token_create) == 1);
    CHECK(probe({-EINVAL}, token_create) == 0);
    CHECK(probe({-EPERM}, token_create) == -EPERM);
    CHECK(probe({-EFAULT}, common_attrs) == 1);
    CHECK(recorded_calls()[1].arguments[0] == BAREBPF_COMMON_ATTRS);
    CHECK(recorded_calls()[1].arguments[3] == 0);
    CHECK(recorded_calls()[1].arguments[4] == 24);
    CHECK(probe({-EINVAL}, common_attrs) == 0);
}

TEST_CASE("probe: an unknown subject makes no system call")
{
    script({});
    CHECK(barebpf_probe_map_type(BAREBPF_MAP_TYPE_UNSPEC, nullptr) == -EOPNOTSUPP);
    CHECK(barebpf_probe_map_type(first_unknown_type, nullptr) == -EOPNOTSUPP);
    CHECK(barebpf_probe_map_type(UINT32_MAX, nullptr) == -EOPNOTSUPP);
    CHECK(barebpf_probe_map_flag(BAREBPF_MAP_TYPE_HASH, 14, nullptr) == -EOPNOTSUPP);
    CHECK(barebpf_probe_map_flag(BAREBPF_MAP_TYPE_HASH, 32, nullptr) == -EOPNOTSUPP);
    CHECK(barebpf_probe_map_flag(first_unknown_type, 0, nullptr) == -EOPNOTSUPP);
    CHECK(barebpf_probe_map_field(member_count, nullptr) == -EOPNOTSUPP);
    CHECK(barebpf_probe_feature(5, nullptr) == -EOPNOTSUPP);
    CHECK(recorded_calls().empty());
}

TEST_CASE("probe: options follow the sz contract")
{
    struct {
        barebpf_probe_opts opts;
        char tail[8];
    } given{};
    script({result(-E2BIG), result(-EBADF)});
    given.opts.sz = sizeof(given.opts) - 1;
    CHECK(barebpf_probe_map_type(1, &given.opts) == -EINVAL);
    given.opts.sz = 4097;
    CHECK(barebpf_probe_map_field(7, &given.opts) == -EINVAL);
    given.opts.sz = sizeof(given);
    given.tail[7] = 1;
    CHECK(barebpf_probe_map_flag(1, 0, &given.opts) == -EINVAL);
    CHECK(barebpf_probe_feature(0, &given.opts) == -EINVAL);
    CHECK(recorded_calls().empty());
    given.tail[7] = 0;
    CHECK(barebpf_probe_map_type(1, &given.opts) == 1);
}

TEST_CASE("probe: the callback gets each call, with its arguments and its result")
{
    struct seen {
        std::string name;
        uint32_t size;
        int32_t result;
        bool operator==(const seen &) const = default;
    };
    std::vector<seen> heard;
    barebpf_probe_opts opts{};
    opts.sz = sizeof(opts);
    opts.context = &heard;
    opts.on_call = [](void *context, const barebpf_probe_call *call) {
        static_cast<std::vector<seen> *>(context)->push_back({call->name, call->size, call->result});
        CHECK((call->attr != nullptr) == (call->size && call->size <= attr_size));
    };
    limits memory = {{65536, 65536}, {}};
    script(
        {result(-E2BIG), memory.get(), memory.set(), result(-EPERM), memory.set(), result(made), result(0)});
    CHECK(barebpf_probe_feature(BAREBPF_FEATURE_MEMLOCK, &opts) == 1);
    CHECK(heard == std::vector<seen>{{"BPF_MAP_CREATE", 1 << 20, -E2BIG},
                                     {"prlimit64", 0, 0},
                                     {"prlimit64", 16, 0},
                                     {"BPF_MAP_CREATE", attr_size, -EPERM},
                                     {"prlimit64", 16, 0},
                                     {"BPF_MAP_CREATE", attr_size, made},
                                     {"close", 0, 0}});
}

TEST_CASE("libbpf_probe_bpf_map_type: the same answers, and options are refused")
{
    script(
        {result(-E2BIG), result(-EBADF), result(-E2BIG), result(-EINVAL), result(-EINVAL), result(-ENOSYS)});
    CHECK(libbpf_probe_bpf_map_type(BPF_MAP_TYPE_HASH, nullptr) == 1);
    CHECK(libbpf_probe_bpf_map_type(BPF_MAP_TYPE_HASH, nullptr) == 0);
    CHECK(libbpf_probe_bpf_map_type(BPF_MAP_TYPE_HASH, nullptr) == -ENOSYS);
    CHECK(libbpf_probe_bpf_map_type(BPF_MAP_TYPE_UNSPEC, nullptr) == -EOPNOTSUPP);
    errno = 0;
    CHECK(libbpf_probe_bpf_map_type(BPF_MAP_TYPE_HASH, "options") == -EINVAL);
    CHECK(errno == EINVAL);
    CHECK(recorded_calls().size() == 6);
}

TEST_CASE("features: each has a name and the releases that added and removed it")
{
    CHECK(barebpf_feature_name(BAREBPF_FEATURE_NAME_DOT) == std::string("name_dot"));
    CHECK(barebpf_feature_since(BAREBPF_FEATURE_NAME_DOT) == (5 << 16 | 2 << 8));
    CHECK(barebpf_feature_until(BAREBPF_FEATURE_NAME_DOT) == 0);
    CHECK(barebpf_feature_name(BAREBPF_FEATURE_MEMLOCK) == std::string("memlock"));
    CHECK(barebpf_feature_since(BAREBPF_FEATURE_MEMLOCK) == (4 << 16 | 4 << 8));
    CHECK(barebpf_feature_until(BAREBPF_FEATURE_MEMLOCK) == (5 << 16 | 11 << 8));
    CHECK(barebpf_feature_name(BAREBPF_FEATURE_COMMON_ATTRS) == std::string("common_attrs"));
    CHECK(barebpf_feature_since(BAREBPF_FEATURE_COMMON_ATTRS) == (7 << 16 | 2 << 8));
    CHECK_FALSE(barebpf_feature_name(BAREBPF_FEATURE_COMMON_ATTRS + 1));
    CHECK(barebpf_feature_since(BAREBPF_FEATURE_COMMON_ATTRS + 1) == 0);
}

TEST_CASE("configuration: what a type needs is known by release, and by name")
{
    CHECK(barebpf_map_type_config(BAREBPF_MAP_TYPE_HASH, 6 << 16) == 0);
    CHECK(barebpf_map_type_config(first_unknown_type, 6 << 16) == 0);
    const uint32_t before = barebpf_map_type_config(BAREBPF_MAP_TYPE_TASK_STORAGE, 5 << 16 | 12 << 8);
    CHECK(before == (config_net | config_bpf_lsm));
    CHECK(barebpf_map_type_config(BAREBPF_MAP_TYPE_TASK_STORAGE, 5 << 16 | 15 << 8) == 0);
    CHECK(barebpf_config_name(0) == std::string("NET"));
    CHECK(barebpf_config_name(8) == std::string("BPF_LSM"));
    CHECK_FALSE(barebpf_config_name(10));
}
