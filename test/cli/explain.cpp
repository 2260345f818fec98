// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <filesystem>
#include <iterator>

#include <linux/bpf.h>
#include <linux/seccomp.h>
#include <linux/version.h>
#include <unistd.h>

#include "barebpf/barebpf.h"
#include "output.h"
#include "program.h"
#include "test/catch.h"
#include "test/uname.h"

using namespace barebpf::test;
using barebpf::tool::json;

namespace
{

constexpr const char *root_only = "needs root: CAP_BPF to make maps";

bool runs(uint32_t release)
{
    const release_numbers running = running_release_numbers();
    return KERNEL_VERSION(running.major, running.minor, 0) >= release;
}

// A map that every kernel from 5.10 on refuses, and the lines that say so.
struct refused_map {
    const char *words, *headline, *why, *remedy; // the start of the reason
    json members;
};

std::vector<refused_map> refused_maps()
{
    static const std::string rounded =
        "entries " + std::to_string(2 * sysconf(_SC_PAGESIZE)) + ", or --give-up=size";
    static const std::string odd = "type ringbuf entries " + std::to_string(sysconf(_SC_PAGESIZE) + 8);
    static const std::string of_ringbuf = "ringbuf: entries " + std::to_string(sysconf(_SC_PAGESIZE) + 8);
    return {
        {odd.c_str(),
         of_ringbuf.c_str(),
         "the entries of a ringbuf are its size in bytes: a power of two",
         rounded.c_str(),
         {{"errno", EINVAL}, {"cause", "ringbuf_entries"}, {"member", "max_entries"}}},
        {"type lpm_trie key 8 value 8 entries 4",
         "lpm_trie",
         "an lpm_trie needs flag no_prealloc",
         "flags no_prealloc",
         {{"errno", EINVAL}, {"cause", "flags_required"}, {"member", "map_flags"}}},
        {"type hash key 4 value 8 entries 4 name a-b",
         "hash: name 'a-b'",
         "a name has letters, digits",
         "name a_b, or --give-up=name_chars",
         {{"errno", EINVAL}, {"cause", "name_character"}, {"member", "map_name"}, {"given", "a-b"}}},
        {"type hash key 4 value 8 entries 0",
         "hash: entries 0",
         "a hash has a key and a value of at least 1 byte",
         "entries 1 or more",
         {{"errno", EINVAL}, {"cause", "hash_sizes"}, {"given", 0}}},
        {"type array key 4 value 8 entries 4 flags no_prealloc",
         "array: flags no_prealloc",
         "an array does not take flag no_prealloc",
         "leave flag no_prealloc out",
         {{"errno", EINVAL}, {"cause", "flags_not_allowed"}, {"given", 1}}},
        {"type lru_hash key 4 value 8 entries 1 flags no_prealloc",
         "lru_hash: flags no_prealloc",
         "an lru_hash is always preallocated",
         "leave flag no_prealloc out",
         {{"errno", 524}, {"errno_name", "ENOTSUPP"}, {"cause", "lru_preallocates"}}},
        {"type array key 4 value 8 entries 1 extra 5", "array", "", "leave extra out", {{"errno", EINVAL}}},
        {"type 99 key 4 value 4 entries 1",
         "type 99",
         "no kernel through Linux 7.3 has map type 99",
         "",
         {{"errno", EINVAL}, {"cause", "type_unknown"}}},
    };
}

std::string second_line(const std::string &text)
{
    const size_t start = text.find('\n') + 1;
    return text.substr(start, text.find('\n', start) - start);
}

bool has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("barebpf create: a refusal says which word is wrong, why, and what to try")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    if (!runs(KERNEL_VERSION(5, 10, 0)))
        SKIP_BECAUSE("this kernel is older than 5.10");
    const std::vector<refused_map> all = refused_maps();
    const refused_map one = GENERATE_COPY(from_range(all.begin(), all.end()));
    CAPTURE(one.words);
    const std::string name = one.members.value("errno_name", "EINVAL");
    const outcome got = run_barebpf(std::string("create ") + one.words);
    CAPTURE(got.err);
    CHECK(got.code == 1);
    CHECK(got.out.empty());
    CHECK(got.err.starts_with(std::string("barebpf: ") + one.headline));
    CHECK(has(got.err, ": the kernel refused it (" + name + ")\n"));
    CHECK(second_line(got.err).starts_with(std::string("  why: ") + one.why));
    CHECK(has(got.err, "\n  try: ") == (*one.remedy != 0));
    CHECK(has(got.err, one.remedy));
}

TEST_CASE("barebpf create: in JSON a refusal has the cause with all that is known of it")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    if (!runs(KERNEL_VERSION(5, 10, 0)))
        SKIP_BECAUSE("this kernel is older than 5.10");
    const std::vector<refused_map> all = refused_maps();
    const refused_map one = GENERATE_COPY(from_range(all.begin(), all.end()));
    CAPTURE(one.words);
    const outcome got = run_barebpf(std::string("-j create ") + one.words);
    CHECK(got.code == 1);
    CHECK(got.err.empty());
    const json printed = json::parse(got.out);
    for (const char *member : {"error", "errno", "errno_name", "cause", "member", "given", "accepted",
                               "confidence", "text", "remedy"})
        CHECK(printed.contains(member));
    for (const auto &[member, value] : one.members.items())
        CHECK(printed[member] == value);
    CHECK(printed["text"].get<std::string>().starts_with(one.why));
}

TEST_CASE("barebpf create: what would be accepted is a number, flags or a release")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    if (!runs(KERNEL_VERSION(5, 10, 0)))
        SKIP_BECAUSE("this kernel is older than 5.10");
    const auto accepted = [](const std::string &words) {
        return json::parse(run_barebpf("-j create " + words).out)["accepted"];
    };
    const json size = accepted("type ringbuf entries " + std::to_string(sysconf(_SC_PAGESIZE) + 8));
    CHECK(size["kind"] == "power_of_two");
    CHECK(size["value"] == 2 * sysconf(_SC_PAGESIZE));
    CHECK(accepted("type lpm_trie key 8 value 8 entries 4") ==
          json{{"kind", "flags_needed"}, {"flags", {"no_prealloc"}}, {"value", 1}});
    if (!runs(KERNEL_VERSION(7, 2, 0)))
        CHECK(accepted("type rhash key 4 value 8 entries 4 flags no_prealloc") ==
              json{{"kind", "release"}, {"since", "7.2"}});
}

TEST_CASE("barebpf create: --no-explain prints the errno alone, with one call of bpf(2)")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const std::string line = "create --no-explain type hash key 4 value 8 entries 0";
    const std::string message = "the kernel refused to make the map: EINVAL (22): Invalid argument";
    const outcome got = run_barebpf(line);
    CHECK(got.code == 1);
    CHECK(got.err == "barebpf: " + message + "\n");
    CHECK(json::parse(run_barebpf("-j " + line).out) == json{{"error", message}});
    CHECK(count_bpf_calls(line) == 1);
}

TEST_CASE("barebpf create: a refusal is explained with at most 40 more calls of bpf(2)")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const std::string map = GENERATE("type hash key 4 value 8 entries 0", "type ringbuf entries 5000",
                                     "type array key 8 value 8 entries 1 flags 0xffffe0ff name a-b extra 9",
                                     "type lpm_trie key 4 value 8 entries 1 flags 0x7fff0000 numa 77",
                                     "type 4000000000 key 4 value 8 entries 1 flags 0xffffffff extra 5");
    CAPTURE(map);
    const unsigned int bare = count_bpf_calls("create --no-explain --give-up=none " + map);
    const unsigned int explained = count_bpf_calls("create --give-up=none " + map);
    CHECK(bare == 1);
    CHECK(explained > bare);
    CHECK(explained <= bare + 40);
    const unsigned int foreseen = count_bpf_calls("explain " + map);
    CHECK(foreseen > 0);
    CHECK(foreseen <= 40);
}

TEST_CASE("barebpf create: what no kernel makes is refused without a call of bpf(2)")
{
    struct row {
        const char *words, *headline, *text;
    };
    const row one = GENERATE(values<row>({
        {"type array_of_maps key 4 value 4 entries 1", "array_of_maps: inner_map is missing",
         "an array_of_maps needs an inner map, the template of those it will hold"},
        {"type hash_of_maps key 4 value 4 entries 1", "hash_of_maps: inner_map is missing",
         "a hash_of_maps needs an inner map, the template of those it will hold"},
        {"type sk_storage key 4 value 4 flags no_prealloc", "sk_storage: btf is missing",
         "an sk_storage needs BTF types for key and value"},
        {"type struct_ops key 4 value 4 entries 1", "struct_ops: btf is missing",
         "a struct_ops map needs a BTF object, and its type in the kernel's own BTF"},
    }));
    CAPTURE(one.words);
    const outcome got =
        run_filtered(std::string("create ") + one.words, any_command, SECCOMP_RET_KILL_PROCESS);
    CHECK(got.code == 2);
    CHECK(
        got.err.starts_with(std::string("barebpf: ") + one.headline + "\n  why: " + one.text + "\n  try: "));
    const json printed = json::parse(run_barebpf(std::string("-j create ") + one.words).out);
    CHECK(printed["error"] == one.headline);
    CHECK(printed["errno_name"] == "EINVAL");
    CHECK(printed["text"] == one.text);
    CHECK(run_barebpf(std::string("create --no-explain ") + one.words).err ==
          std::string("barebpf: ") + one.headline + "\n");
    const outcome foreseen = run_barebpf(std::string("explain ") + one.words);
    CHECK(foreseen.code == 1);
    CHECK(foreseen.out.starts_with(std::string(one.headline) + "\n  why: "));
}

TEST_CASE("barebpf create: --dry-run shows bytes and memory without a call of bpf(2), and pins nothing")
{
    const std::string pin = "/sys/fs/bpf/barebpf-test-dry-run";
    const std::string words = " type hash key 4 value 8 entries 1024 ";
    const outcome got =
        run_filtered("create --dry-run " + pin + words, any_command, SECCOMP_RET_KILL_PROCESS);
    CHECK(got.code == 0);
    CHECK(!std::filesystem::exists(pin));
    const std::string bytes = run_barebpf("attr" + words).out;
    CHECK(got.out.starts_with(bytes + "\nmemory: about "));
    const json printed = json::parse(run_barebpf("-j create --dry-run" + words).out);
    CHECK(printed["size"].get<unsigned int>() >= 48);
    // 12 bytes for each element at least.
    CHECK(printed["bytes_memory"].get<unsigned long>() > 12 * 1024);
}

TEST_CASE("barebpf create: a seccomp filter is named where it refuses the map")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const int error = GENERATE(EPERM, EACCES, EAGAIN, ENOSYS);
    const uint32_t command = GENERATE(values<uint32_t>({any_command, BPF_MAP_CREATE}));
    CAPTURE(error, command);
    const outcome got = run_filtered("create type hash key 4 value 8 entries 4", command,
                                     SECCOMP_RET_ERRNO | static_cast<uint32_t>(error));
    CAPTURE(got.err);
    CHECK(got.code == 1);
    CHECK(has(got.err, "a seccomp filter is in force"));
}

TEST_CASE("barebpf create: where the kernel will not describe the map, that is what is said")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const std::string words = "create type hash key 4 value 8 entries 4 name foo";
    const uint32_t denied = SECCOMP_RET_ERRNO | EPERM;
    const outcome got = run_filtered(words, BPF_OBJ_GET_INFO_BY_FD, denied);
    CHECK(got.code == 0);
    CHECK(got.err ==
          "barebpf: note: the kernel would not describe the map (EPERM), so its id and name are unknown\n");
    CHECK(got.out.starts_with("hash  flags 0x0\n"));
    const json printed = json::parse(run_filtered("-j " + words, BPF_OBJ_GET_INFO_BY_FD, denied).out);
    CHECK(printed["account_error"] == "EPERM");
    CHECK(!json::parse(run_barebpf("-j " + words).out).contains("account_error"));
}

TEST_CASE("barebpf explain: a map that would be made has its memory, and is not left behind")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const std::string line = "explain type hash key 4 value 8 entries 1024 name explained";
    const outcome got = run_barebpf(line);
    CHECK(got.code == 0);
    CHECK(got.err.empty());
    CHECK(got.out.starts_with("hash: would be made on this kernel (Linux "));
    const json printed = json::parse(run_barebpf("-j " + line).out);
    CHECK(printed["made"] == true);
    CHECK(printed["bytes_memory"].get<unsigned long>() > 12 * 1024);
    if (run({"bpftool", "version"}).code == 0)
        CHECK(!has(run({"bpftool", "map", "show"}).out, "name explained"));
}

TEST_CASE("barebpf explain: a map that would be refused has the reason of create on standard output")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    if (!runs(KERNEL_VERSION(5, 10, 0)))
        SKIP_BECAUSE("this kernel is older than 5.10");
    const std::vector<refused_map> all = refused_maps();
    const refused_map one = GENERATE_COPY(from_range(all.begin(), all.end()));
    CAPTURE(one.words);
    const outcome got = run_barebpf(std::string("explain ") + one.words);
    CHECK(got.code == 1);
    CHECK(got.err.empty());
    CHECK(got.out.starts_with(one.headline));
    CHECK(second_line(got.out) == second_line(run_barebpf(std::string("create ") + one.words).err));
    const json printed = json::parse(run_barebpf(std::string("-j explain ") + one.words).out);
    CHECK(printed["made"] == false);
    for (const auto &[member, value] : one.members.items())
        CHECK(printed[member] == value);
}

TEST_CASE("barebpf explain: a pin that cannot be made is said too")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const outcome got = run_barebpf("explain /tmp/barebpf-test type hash key 4 value 8 entries 4");
    CHECK(got.code == 1);
    CHECK(got.out ==
          "cannot be pinned at '/tmp/barebpf-test': '/tmp' is not in a bpffs; mount one: mount -t bpf "
          "bpf DIR\n");
}

TEST_CASE("barebpf explain: a rule has its errno, member, kernels and source, without a call of bpf(2)")
{
    const outcome got = run_filtered("explain ringbuf_entries", any_command, SECCOMP_RET_KILL_PROCESS);
    CHECK(got.code == 0);
    CHECK(got.out.starts_with("ringbuf_entries: the entries of such a map are its size in bytes"));
    CHECK(has(got.out,
              "\n  errno    EINVAL (22): Invalid argument\n  member   max_entries\n  kernels  from 5.8\n"
              "  source   kernel/bpf/ringbuf.c\n"));
    const json printed = json::parse(run_barebpf("-j explain hash_key_size").out);
    CHECK(printed["cause"] == "hash_key_size");
    CHECK(printed["errno_name"] == "E2BIG");
    CHECK(printed["until"] == "5.11");
    CHECK(printed["source"] == "kernel/bpf/hashtab.c");
    CHECK(run_barebpf("explain seccomp").out ==
          "seccomp: a seccomp filter is in force, and it answered in the kernel's place\n");
}
