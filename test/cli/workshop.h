// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_CLI_WORKSHOP_H
#define BAREBPF_TEST_CLI_WORKSHOP_H

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "btf_writer.h"
#include "program.h"
#include "test/catch.h"

namespace barebpf::test
{

using json = nlohmann::json;
namespace fs = std::filesystem;

// Mounts are this program's own from the first of them on; without CAP_SYS_ADMIN there are none.
inline bool has_own_mounts()
{
    static const bool own =
        unshare(CLONE_NEWNS) == 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    return own;
}

// A directory with a bpffs in it, both gone afterwards.
struct workshop {
    std::string root;
    std::string bpffs;
    bool mounted;

    explicit workshop(bool with_bpffs = true)
    {
        char name[] = "/tmp/barebpf-apply-XXXXXX";
        REQUIRE(mkdtemp(name));
        root = name;
        bpffs = root + "/bpf";
        REQUIRE(mkdir(bpffs.c_str(), 0755) == 0);
        mounted = with_bpffs && mount("bpf", bpffs.c_str(), "bpf", 0, nullptr) == 0;
        REQUIRE(mounted == with_bpffs);
    }
    ~workshop()
    {
        umount2(bpffs.c_str(), MNT_DETACH);
        fs::remove_all(root);
    }
    workshop(const workshop &) = delete;
    workshop &operator=(const workshop &) = delete;

    // Writes a file in which @ stands for the bpffs; returns its path.
    std::string file(const std::string &name, const std::string &text) const
    {
        std::string path = root + "/" + name;
        fs::create_directories(fs::path(path).parent_path());
        std::ofstream out(path, std::ios::binary);
        for (const char c : text)
            c == '@' ? out << bpffs : out << c;
        return path;
    }

    std::string btf_file() const
    {
        std::string path = root + "/types.btf";
        std::ofstream(path, std::ios::binary) << small_btf();
        return path;
    }

    // The program's words, @ standing for the bpffs.
    outcome barebpf(const std::string &words) const
    {
        std::vector<std::string> arguments = {BAREBPF_PROGRAM};
        for (std::string word : test::split(words)) {
            for (size_t at; (at = word.find('@')) != word.npos;)
                word.replace(at, 1, bpffs);
            arguments.push_back(word);
        }
        return run(arguments);
    }

    json bpftool(const std::vector<std::string> &words) const
    {
        std::vector<std::string> arguments = {"bpftool", "-j"};
        arguments.insert(arguments.end(), words.begin(), words.end());
        const outcome result = run(arguments);
        INFO(result.out << result.err);
        REQUIRE(result.code == 0);
        return json::parse(result.out);
    }

    json shown(const std::string &pin) const { return bpftool({"map", "show", "pinned", bpffs + "/" + pin}); }
    json dumped(const std::string &pin) const
    {
        return bpftool({"map", "dump", "pinned", bpffs + "/" + pin});
    }

    struct stat about(const std::string &pin) const
    {
        struct stat found;
        INFO(pin);
        REQUIRE(stat((bpffs + "/" + pin).c_str(), &found) == 0);
        return found;
    }

    // What the directory holds, but for the two files that every bpffs has.
    std::string pins() const
    {
        std::vector<std::string> names;
        for (const auto &entry : fs::directory_iterator(bpffs))
            if (entry.path().extension() != ".debug")
                names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        std::string text;
        for (const std::string &name : names)
            text += (text.empty() ? "" : " ") + name;
        return text;
    }
};

#define NEEDS_MOUNTS() \
    if (!has_own_mounts()) \
    SKIP_BECAUSE("no CAP_SYS_ADMIN for mounts of its own")

} // namespace barebpf::test

#endif
