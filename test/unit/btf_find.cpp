// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <memory>

#include "barebpf/map_file.h"
#include "test/catch.h"
#include "test/cli/btf_writer.h"

using namespace barebpf::test;

namespace
{

// In memory of exactly this size, so that a read beyond it is noticed.
int find(const std::string &btf, const char *name, uint32_t after = 0)
{
    const auto bytes = std::make_unique<char[]>(btf.size());
    std::memcpy(bytes.get(), btf.data(), btf.size());
    return barebpf_btf_find(bytes.get(), btf.size(), name, after);
}

} // namespace

TEST_CASE("btf find: a type is found by its name, and so is each of several")
{
    const std::string btf = small_btf();
    CHECK(find(btf, "int") == 1);
    CHECK(find(btf, "flow") == 3);
    CHECK(find(btf, "flow_t") == 4);
    CHECK(find(btf, "flow", 3) == -ENOENT);
    CHECK(find(btf, "twice") == 5);
    CHECK(find(btf, "twice", 5) == 6);
    CHECK(find(btf, "twice", 6) == -ENOENT);
    CHECK(find(btf, "twic") == -ENOENT);
    CHECK(find(btf, "a") == -ENOENT); // the name of a member
    CHECK(find(btf, "") == -ENOENT);
}

TEST_CASE("btf find: only types that a key or value may be")
{
    btf_writer btf;
    btf.add_type("x", BTF_KIND_FWD, 0, 0);
    btf.add_type("x", BTF_KIND_FUNC, 0, 1);
    btf.add_type("x", 16, 0, 4); // float
    CHECK(find(btf.text(), "x") == 3);
}

TEST_CASE("btf find: bytes that are not whole BTF are EINVAL, and nothing outside of them is read")
{
    const std::string whole = small_btf();
    for (size_t size = 0; size < whole.size(); size++)
        CHECK(find(whole.substr(0, size), "none") == -EINVAL);
    CHECK(barebpf_btf_find(nullptr, 0, "x", 0) == -EINVAL);
    CHECK(barebpf_btf_find(whole.data(), whole.size(), nullptr, 0) == -EINVAL);
    btf_writer cut;
    cut.add_type("many", BTF_KIND_STRUCT, 0xffff, 4);
    CHECK(find(cut.text(), "none") == -EINVAL);
    btf_writer future;
    future.add_type("future", 25, 0, 4);
    CHECK(find(future.text(), "none") == -EINVAL);
}
