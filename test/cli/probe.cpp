// SPDX-License-Identifier: BSD-2-Clause
#include "probe.h"

#include <cerrno>
#include <sstream>

#include <unistd.h>

#include "barebpf/probe.h"
#include "program.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf::test;
using namespace barebpf::tool;

namespace
{

constexpr uint32_t v(uint32_t major, uint32_t minor)
{
    return major << 16 | minor << 8;
}

fact about(uint32_t since, int answer, uint32_t map_type = 0, uint32_t until = 0)
{
    return {"type", "name", since, until, map_type, answer, {}};
}

std::string remark_on(const fact &one, const std::string &config = "", bool filtered = false)
{
    return remark(one, {"6.1.0-rc3", config, filtered});
}

std::vector<std::string> lines_of(const std::string &text)
{
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

json run_json(const std::string &line)
{
    return json::parse(run_barebpf("-j " + line).out);
}

// What a probe found of the type with that name; no value if that is unknown.
json supported(const json &got, const std::string &name)
{
    for (const json &one : got["facts"])
        if (one["name"] == name)
            return one["supported"];
    FAIL("nothing about " << name);
    return {};
}

} // namespace

TEST_CASE("remark: none for what is as in mainline")
{
    CHECK(remark_on(about(v(6, 1), 1)).empty());
    CHECK(remark_on(about(v(6, 2), 0)).empty());
    CHECK(remark_on(about(v(4, 4), 0, 0, v(5, 11))).empty());
    CHECK(remark_on(about(v(4, 4), 1, 0, v(6, 2))).empty());
}

TEST_CASE("remark: more than mainline has is a backport, and so is less of what mainline removed")
{
    CHECK(remark_on(about(v(6, 2), 1)) == "a backport; mainline has it since 6.2");
    CHECK(remark_on(about(v(4, 4), 0, 0, v(6, 2))) == "a backport; mainline has it since 4.4 and until 6.2");
}

TEST_CASE("remark: less than mainline has is explained by the configuration, as far as that is known")
{
    const fact hash = about(v(3, 19), 0, BAREBPF_MAP_TYPE_HASH);
    const fact sockmap = about(v(4, 14), 0, BAREBPF_MAP_TYPE_SOCKMAP);
    CHECK(remark_on(hash) ==
          "because of the machine, a sandbox or a patched kernel; mainline has it since 3.19");
    CHECK(remark_on(sockmap) ==
          "CONFIG_NET or CONFIG_INET not set, or because of the machine, a sandbox or a patched kernel; "
          "mainline has it since 4.14");
    CHECK(remark_on(sockmap, "\nCONFIG_NET=y\n") == "CONFIG_INET not set; mainline has it since 4.14");
    CHECK(remark_on(sockmap, "\nCONFIG_NET=y\nCONFIG_INET=y\n") ==
          "because of the machine, a sandbox or a patched kernel; mainline has it since 4.14");
}

TEST_CASE("remark: an unknown answer comes with the errno and the sandbox in force")
{
    CHECK(remark_on(about(v(5, 2), -EPERM)) ==
          "EPERM (1): Operation not permitted; mainline has it since 5.2");
    CHECK(
        remark_on(about(v(5, 2), -ENOSYS), "", true) ==
        "ENOSYS (38): Function not implemented, and a seccomp filter is in force; mainline has it since 5.2");
}

TEST_CASE("expected: a release has what was added by then and not removed by then")
{
    const host here = {"5.11-rc1", "", false};
    CHECK(here.mainline() == v(5, 11));
    CHECK(expected(about(v(5, 11), 1), here));
    CHECK_FALSE(expected(about(v(5, 12), 1), here));
    CHECK_FALSE(expected(about(v(4, 4), 1, 0, v(5, 11)), here));
    CHECK(expected(about(v(4, 4), 1, 0, v(5, 12)), here));
    CHECK_FALSE(expected(about(0, 1), here));
}

TEST_CASE("barebpf probe: a line for each fact, and a sum")
{
    const outcome got = run_barebpf("probe");
    const std::vector<std::string> lines = lines_of(got.out);
    const json facts = run_json("probe")["facts"];
    CHECK((got.code == 0 || got.code == 3));
    CHECK(got.err.empty());
    REQUIRE(lines.size() == facts.size() + 1);
    for (size_t i = 0; i < facts.size(); i++)
        CHECK(lines[i].find("  " + std::string(facts[i]["name"]) + " ") != std::string::npos);
    CHECK(lines.front().starts_with("type     hash "));
    CHECK(lines.back().find(" unknown; ") != std::string::npos);
}

TEST_CASE("barebpf probe: the exit code says whether every answer is known")
{
    std::vector<std::string> line = {BAREBPF_PROGRAM, "probe", "features"};
    SECTION("with the privileges there are") {}
    SECTION("and with none")
    {
        if (geteuid() == 0)
            line.insert(line.begin(), {"setpriv", "--bounding-set=-all"});
    }
    const outcome got = run(line);
    CHECK(got.code == (got.out.find("  unknown") == std::string::npos ? 0 : 3));
}

TEST_CASE("barebpf probe: JSON has one line a fact, or several when pretty")
{
    const outcome got = run_barebpf("-j probe");
    const std::vector<std::string> lines = lines_of(got.out);
    const json document = json::parse(got.out);
    CHECK(lines.size() == document["facts"].size() + 2);
    CHECK(json::parse(lines[1].substr(0, lines[1].size() - 1)) == document["facts"][0]);
    CHECK(document["facts"][0]["name"] == "hash");
    CHECK(document["facts"][0]["since"] == "3.19");
    CHECK(document["facts"][0]["expected"] == true);
    CHECK_FALSE(document["facts"][0].contains("calls"));
    const outcome pretty = run_barebpf("-p probe");
    CHECK(json::parse(pretty.out) == document);
    CHECK(lines_of(pretty.out).size() > lines.size());
}

TEST_CASE("barebpf probe: words select what to probe")
{
    const json some = run_json("probe features types");
    for (const json &one : some["facts"])
        CHECK((one["kind"] == "type" || one["kind"] == "feature"));
    CHECK(some["facts"].size() == first_unknown_type - 1 + 5);
    CHECK(run_json("probe fields")["facts"].size() == member_count);
    const json all = run_json("probe");
    CHECK(all["facts"].size() ==
          some["facts"].size() + member_count + run_json("probe flags")["facts"].size());
}

TEST_CASE("barebpf probe: a type selects itself and its flags")
{
    const char *word = GENERATE("ringbuf", "RINGBUF", "BPF_MAP_TYPE_RINGBUF");
    CAPTURE(word);
    const json some = run_json(std::string("probe ") + word);
    REQUIRE_FALSE(some["facts"].empty());
    CHECK(some["facts"][0]["kind"] == "type");
    CHECK(some["facts"][0]["name"] == "ringbuf");
    size_t flags = 0;
    const json every = run_json("probe flags");
    for (const json &one : every["facts"])
        flags += std::string(one["name"]).starts_with("ringbuf ");
    CHECK(flags > 0);
    CHECK(some["facts"].size() == 1 + flags);
    for (size_t i = 1; i < some["facts"].size(); i++)
        CHECK(std::string(some["facts"][i]["name"]).starts_with("ringbuf "));
    CHECK(run_json("probe types ringbuf")["facts"].size() == 35 + flags);
}

TEST_CASE("barebpf probe: -v shows each call")
{
    const outcome got = run_barebpf("probe features -v");
    CHECK(got.out.find("\n\tBPF_TOKEN_CREATE 8 bytes {00000000 ffffffff} = ") != std::string::npos);
    CHECK(got.out.find("\n\tprlimit64 = 0\n") != std::string::npos);
    const json document = run_json("probe features --verbose");
    CHECK_FALSE(document["facts"][0]["calls"].empty());
}

TEST_CASE("barebpf probe: the map types are those that bpftool finds")
{
    if (geteuid() != 0)
        SKIP_BECAUSE("bpftool finds none without root");
    const json theirs = json::parse(run({"bpftool", "-j", "feature", "probe", "kernel"}).out)["map_types"];
    const json ours = run_json("probe types");
    REQUIRE(theirs.size() > BAREBPF_MAP_TYPE_BLOOM_FILTER);
    for (const auto &[key, value] : theirs.items()) {
        const std::string name = key.substr(5, key.size() - 5 - 9); // have_NAME_map_type
        INFO(name);
        CHECK(supported(ours, name) == value);
    }
}
