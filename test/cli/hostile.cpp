// SPDX-License-Identifier: BSD-2-Clause
//
// Files and places that are not what apply, diff, show, unpin and check expect: each is refused with a
// message, none of them crashes or waits, and nothing half-made is left.
#include <atomic>
#include <cstdio>
#include <thread>

#include <fcntl.h>

#include "workshop.h"

using namespace barebpf::test;

namespace
{

const std::string hash = " type hash key 4 value 4 entries 1";

// With a limit, so that a command which waits for ever fails.
outcome patiently(const std::string &words)
{
    return run(split("timeout 30 " BAREBPF_PROGRAM " " + words));
}

void truncate_to(const std::string &path, off_t size)
{
    std::ofstream(path).close();
    REQUIRE(truncate(path.c_str(), size) == 0);
}

std::string with_place(std::string text, const workshop &here)
{
    for (const auto &[name, with] : {std::pair("@", here.bpffs), std::pair("ROOT", here.root)})
        for (size_t at; (at = text.find(name)) != text.npos;)
            text.replace(at, std::strlen(name), with);
    return text;
}

// What is to be done with a path or a file, and what is then written to standard error.
struct refusal {
    std::string words;
    std::string message;
};

void check_refusals(const workshop &here, const std::vector<refusal> &all, int code = 1)
{
    for (const refusal &one : all) {
        const outcome got = patiently(with_place(one.words, here));
        INFO(one.words);
        CHECK(got.code == code);
        CHECK(got.err == "barebpf: " + with_place(one.message, here) + "\n");
    }
}

} // namespace

TEST_CASE("hostile: files that are no map files are refused, and not waited for")
{
    NEEDS_MOUNTS();
    const workshop here;
    const auto path = [&](const char *name) { return here.root + "/" + name; };
    REQUIRE(mkfifo(path("fifo").c_str(), 0600) == 0);
    truncate_to(path("huge"), off_t{1} << 30);
    truncate_to(path("zeros"), 4 << 20);
    here.file("nul", std::string("map create @/a type hash key 4\0 value 4 entries 1\n", 50));
    here.file("of_fifo", "include fifo\n");
    here.file("of_itself", "include link\n");
    REQUIRE(symlink("of_itself", path("link").c_str()) == 0);
    here.file("of_directory", "include .\n");
    here.file("of_zero", "include /dev/zero\n");
    const std::vector<refusal> files = {
        {"ROOT/fifo", "ROOT/fifo: cannot read 'ROOT/fifo': it is not a regular file"},
        {"/dev/zero", "/dev/zero: cannot read '/dev/zero': it is not a regular file"},
        {"ROOT/huge", "ROOT/huge: cannot read 'ROOT/huge': it has more than 256 MiB"},
        {"ROOT/zeros", "ROOT/zeros:1:1: a NUL byte; a map file is text"},
        {"ROOT/nul", "ROOT/nul:1:XX: a NUL byte; a map file is text"},
        {"ROOT/of_fifo", "ROOT/of_fifo:1:1: cannot read 'ROOT/fifo': it is not a regular file"},
        {"ROOT/of_zero", "ROOT/of_zero:1:1: cannot read '/dev/zero': it is not a regular file"},
        {"ROOT/of_directory", "ROOT/of_directory:1:1: cannot read 'ROOT/.': it is a directory"},
        {"ROOT/of_itself",
         "ROOT/of_itself:1:1: cannot read 'ROOT/link': it is being read already, so that the include "
         "would never end"},
    };
    for (refusal one : files) {
        if (const size_t at = one.message.find("XX"); at != one.message.npos)
            one.message.replace(
                at, 2, std::to_string(with_place("map create @/a type hash key 4", here).size() + 1));
        const std::string name = one.words;
        for (const char *command : {"apply ", "diff ", "check "}) {
            one.words = command + name;
            check_refusals(here, {one}, command == std::string("check ") ? 2 : 1);
        }
    }
    CHECK(here.pins() == "");
    CHECK(patiently("apply /dev/null").code == 0);
}

TEST_CASE("hostile: a line of many megabytes is one error, and the next line is done")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string file =
        here.file("long.maps", "map create @/a" + hash + " name " + std::string(20 << 20, 'x') +
                                   "\nmap create @/b" + hash + "\n");
    const outcome got = patiently("apply " + file);
    CHECK(got.code == 1);
    CHECK(got.err == "barebpf: " + file + ":1:" +
                         std::to_string(with_place("map create @/a" + hash + " name ", here).size() + 1) +
                         ": the words of this line take more than 20480 bytes\n");
    CHECK(here.pins() == "b");
}

TEST_CASE("hostile: files that may not be read are errors")
{
    NEEDS_MOUNTS();
    const workshop here;
    REQUIRE(chmod(here.root.c_str(), 0755) == 0);
    const std::string closed = here.file("closed.maps", "map create @/a" + hash + "\n");
    const std::string open = here.file("open.maps", "include closed.maps\nmap create @/b" + hash + "\n");
    REQUIRE(chmod(closed.c_str(), 0) == 0);
    const outcome got = run(
        {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", BAREBPF_PROGRAM, "check", closed});
    CHECK(got.code == 2);
    CHECK(got.err ==
          "barebpf: " + closed + ": cannot read '" + closed + "': EACCES (13): Permission denied\n");
    const outcome included =
        run({"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", BAREBPF_PROGRAM, "check", open});
    CHECK(included.code == 2);
    CHECK(included.err ==
          "barebpf: " + open + ":1:1: cannot read '" + closed + "': EACCES (13): Permission denied\n");
}

TEST_CASE("hostile: what stands in a pin's place is not followed, nor replaced")
{
    NEEDS_MOUNTS();
    const workshop here;
    const auto path = [&](const std::string &name) { return here.bpffs + "/" + name; };
    REQUIRE(mkdir(path("directory").c_str(), 0700) == 0);
    REQUIRE(symlink("/etc/passwd", path("file").c_str()) == 0);
    REQUIRE(symlink(path("nothing").c_str(), path("dangling").c_str()) == 0);
    const std::string policy = GENERATE("", " exists replace", " exists migrate", " exists keep");
    for (const refusal &one : std::vector<refusal>{
             {"directory", "cannot open the pin: EACCES (13): Permission denied"},
             {"file", "cannot open the pin: EACCES (13): Permission denied"},
             {"dangling", "cannot give the pin its name: EEXIST (17): File exists"},
             {"file/below", "cannot open the pin: ENOTDIR (20): Not a directory"},
             {"missing/below", "cannot make a directory for the pin: ENOENT (2): No such file or directory"},
         }) {
        const std::string file = here.file("a.maps", "map create @/" + one.words + hash + policy + "\n");
        check_refusals(here, {{"apply " + file, file + ":1:1: '@/" + one.words + "': " + one.message}});
    }
    CHECK(here.pins() == "dangling directory file");
    check_refusals(
        here, {{"show @/directory",
                "show: cannot open '@/directory': EACCES (13): Permission denied; it is a directory"},
               {"unpin @/directory",
                "unpin: cannot open '@/directory': EACCES (13): Permission denied; it is a directory"},
               {"unpin @/file",
                "unpin: cannot open '@/file': EACCES (13): Permission denied; it is not a pinned map, since "
                "it is not in a bpffs"},
               {"unpin /dev/null",
                "unpin: cannot open '/dev/null': EACCES (13): Permission denied; it is not a pinned map, "
                "since it is not in a bpffs"}});
    CHECK(here.pins() == "dangling directory file");
}

TEST_CASE("hostile: a symbolic link to a pin is shown, and neither unpinned nor replaced by its own")
{
    NEEDS_MOUNTS();
    const workshop here;
    REQUIRE(here.barebpf("create @/map" + hash).code == 0);
    REQUIRE(symlink((here.bpffs + "/map").c_str(), (here.bpffs + "/link").c_str()) == 0);
    check_refusals(here,
                   {{"unpin @/link", "unpin: '@/link' is a symbolic link; give the path of the pin itself"}});
    CHECK(here.barebpf("show @/link").code == 0);
    CHECK(here.barebpf("apply " + here.file("a.maps", "map create @/link" + hash + "\n")).out ==
          "1 map: 1 unchanged; nothing was changed\n");
    CHECK(here.pins() == "link map");
}

TEST_CASE("hostile: a file system that is read-only, full, or no bpffs")
{
    NEEDS_MOUNTS();
    const workshop here;
    const char *bpffs = here.bpffs.c_str();
    const std::string map = here.file("map", "map create @/map" + hash + "\n");
    const std::string fresh = here.file("new", "map create @/new" + hash + "\n");
    const std::string directory = here.file("directory", "mkdir @/sub\n");
    SECTION("read-only")
    {
        REQUIRE(here.barebpf("apply " + map).code == 0);
        REQUIRE(mount("", bpffs, "", MS_REMOUNT | MS_RDONLY, nullptr) == 0);
        check_refusals(
            here,
            {{"apply ROOT/new",
              "ROOT/new:1:1: '@/new': cannot make a directory for the pin: EROFS (30): Read-only "
              "file system"},
             {"apply ROOT/map",
              "ROOT/map:1:1: '@/map': cannot open the pin: EROFS (30): Read-only file system"},
             {"apply ROOT/directory",
              "ROOT/directory:1:1: '@/sub': cannot make '@/sub': EROFS (30): Read-only file system"},
             {"unpin @/map",
              "unpin: cannot open '@/map': EROFS (30): Read-only file system; no permission to read and "
              "write it"}});
        CHECK(here.pins() == "map");
    }
    SECTION("a tmpfs")
    {
        REQUIRE(umount(bpffs) == 0);
        REQUIRE(mount("none", bpffs, "tmpfs", 0, nullptr) == 0);
        here.file("bpf/map", "a plain file\n");
        check_refusals(
            here,
            {{"apply ROOT/new",
              "ROOT/new:1:1: '@/new': cannot pin the map: EPERM (1): Operation not permitted"},
             {"apply ROOT/map", "ROOT/map:1:1: '@/map': cannot open the pin: EACCES (13): Permission denied"},
             {"diff ROOT/map", "ROOT/map:1:1: '@/map': cannot open the pin: EACCES (13): Permission denied"},
             {"show @/map",
              "show: cannot open '@/map': EACCES (13): Permission denied; it is not a pinned map, since "
              "it is not in a bpffs"},
             {"unpin @/map",
              "unpin: cannot open '@/map': EACCES (13): Permission denied; it is not a pinned map, "
              "since it is not in a bpffs"}});
        CHECK(here.pins() == "map");
    }
    SECTION("full")
    {
        REQUIRE(umount(bpffs) == 0);
        REQUIRE(mount("none", bpffs, "tmpfs", 0, "nr_inodes=1") == 0);
        check_refusals(
            here,
            {{"apply ROOT/new",
              "ROOT/new:1:1: '@/new': cannot make a directory for the pin: ENOSPC (28): No space "
              "left on device"},
             {"apply ROOT/directory",
              "ROOT/directory:1:1: '@/sub': cannot make '@/sub': ENOSPC (28): No space left on device"}});
        CHECK(here.pins() == "");
    }
    SECTION("standard output")
    {
        const outcome got = run_barebpf("apply " + map, "/dev/full");
        CHECK(got.code == 1);
        CHECK(got.err == "barebpf: standard output: ENOSPC (28): No space left on device\n");
        CHECK(here.pins() == "map");
    }
}

TEST_CASE("hostile: pins and directories that are renamed meanwhile")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string file =
        here.file("a.maps", "mkdir @/net\nmap create @/net/a type hash key 4 value 4 entries 8 "
                            "exists replace\nset 1 1\nmap create @/net/b" +
                                hash + "\n");
    std::atomic<bool> stopped = false;
    const auto rename_all = [&] {
        const auto swap = [&](const char *one, const char *other) {
            std::rename((here.bpffs + one).c_str(), (here.bpffs + other).c_str());
            std::rename((here.bpffs + other).c_str(), (here.bpffs + one).c_str());
        };
        while (!stopped) {
            swap("/net/a", "/net/b");
            swap("/net", "/elsewhere");
        }
    };
    std::thread renamer(rename_all);
    std::string wrong;
    for (int i = 0; i < 60; i++) {
        const outcome got = patiently("apply " + file);
        const bool said = got.code == 0 || (got.code == 1 && got.err.find(file + ":") != std::string::npos);
        wrong += said ? "" : got.err + " ends with " + std::to_string(got.code) + "\n";
    }
    stopped = true;
    renamer.join();
    CHECK(wrong == "");
    fs::remove_all(here.bpffs + "/elsewhere");
    fs::remove(here.bpffs + "/net/b"); // it may be the other map
    const outcome last = here.barebpf("apply " + file);
    INFO(last.err);
    CHECK(last.code == 0);
    std::string names;
    for (const auto &entry : fs::directory_iterator(here.bpffs + "/net"))
        names += entry.path().filename().string() + " ";
    CHECK(names.size() == 4);
    CHECK(here.dumped("net/a").size() == 1);
}

TEST_CASE("hostile: no environment variable is read")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string file =
        here.file("a.maps", "mkdir @/net\nmap create @/net/a" + hash + "\nset 1 1\nnonsense\n");
    for (const char *words : {"diff FILE", "apply FILE", "-j apply FILE", "show --elements @/net/a",
                              "check --kernel 5.10 FILE", "unpin @/net/a", "help", "probe ringbuf"}) {
        std::string line = with_place(words, here);
        if (const size_t at = line.find("FILE"); at != line.npos)
            line.replace(at, 4, file);
        const std::vector<std::string> hostile =
            split("env -i LC_ALL=xx LANG=xx PATH=. TMPDIR=/nonexistent LD_PRELOAD=" BAREBPF_GETENV
                  " " BAREBPF_PROGRAM " " +
                  line);
        const outcome got = run(hostile);
        INFO(words);
        CHECK(got.code != 127);
        CHECK(got.err.find("getenv") == std::string::npos);
        CHECK(got.out.find("getenv") == std::string::npos);
    }
    // The shim itself is at work: a command is looked up in PATH.
    const outcome control = run(split(
        "env -i PATH=/bin LD_PRELOAD=" BAREBPF_GETENV " " BAREBPF_PROGRAM " create" + hash + " -- true"));
    CHECK(control.err.find("getenv PATH\n") != std::string::npos);
}
