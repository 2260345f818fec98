// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "barebpf/apply.h"
#include "script.h"
#include "test/catch.h"

namespace
{

// The plan of the maps of a text, each given by a short line: "a" or "a needs b".
struct planned {
    std::string text;
    std::vector<barebpf_map_plan_entry> entries = std::vector<barebpf_map_plan_entry>(20000);
    barebpf_map_plan plan;
    barebpf_map_line line;
    barebpf_map_spec spec;
    barebpf_policy policy;
    int wrong = 0;

    explicit planned(const std::vector<std::string> &maps)
    {
        std::memset(&plan, 0, sizeof(plan));
        plan.sz = sizeof(plan);
        plan.entries = entries.data();
        plan.room = static_cast<uint32_t>(entries.size());
        for (const std::string &map : maps)
            text += line_of(map);
        add_all();
        wrong = barebpf_map_plan_order(&plan);
    }

    static std::string line_of(const std::string &map)
    {
        const size_t space = map.find(' ');
        const std::string pin = "map create '/" + map.substr(0, space) + "' type ";
        if (space == map.npos)
            return pin + "array key 4 value 4 entries 1\n";
        return pin + "array_of_maps key 4 value 4 entries 1 inner_map pinned /" + map.substr(space + 7) +
               "\n";
    }

    void add_all()
    {
        std::vector<char> room(BAREBPF_LINE_ROOM);
        barebpf_map_file file;
        std::memset(&file, 0, sizeof(file));
        std::memset(&line, 0, sizeof(line));
        std::memset(&spec, 0, sizeof(spec));
        std::memset(&policy, 0, sizeof(policy));
        file.sz = sizeof(file);
        line.sz = sizeof(line);
        spec.sz = sizeof(spec);
        policy.sz = sizeof(policy);
        file.text = text.data();
        file.size = text.size();
        file.room = room.data();
        file.room_size = room.size();
        line.spec = &spec;
        line.policy = &policy;
        for (int i = 0; barebpf_map_file_next(&file, &line) == 1; i++)
            REQUIRE(barebpf_map_plan_add(&plan, &line, 7) == i);
    }

    // The pins in the order in which the maps are made; wrong ones with a mark.
    std::string order() const
    {
        std::string found;
        for (uint32_t n = 0; n < plan.count; n++) {
            const barebpf_map_plan_entry &entry = entries[entries[n].order];
            found += (n ? " " : "") + std::string(entry.pin + 1, entry.pin_size - 1);
            found += entry.wrong == BAREBPF_WRONG_CYCLE ? "!" : entry.wrong ? "?" : "";
        }
        return found;
    }

    std::string error(uint32_t index)
    {
        char sentence[256];
        REQUIRE(barebpf_map_plan_wrong(&plan, index, &line) == 0);
        REQUIRE(barebpf_map_line_text(&line, sentence, sizeof(sentence)) > 0);
        return std::to_string(line.wrong_line) + ":" + std::to_string(line.wrong_column) + ": " + sentence;
    }
};

std::string order_of(const std::vector<std::string> &maps)
{
    return planned(maps).order();
}

} // namespace

TEST_CASE("map plan: maps keep the order of their lines, except that inner maps come first")
{
    barebpf::test::script({});
    CHECK(order_of({}) == "");
    CHECK(order_of({"a", "b", "c"}) == "a b c");
    CHECK(order_of({"a needs b", "b"}) == "b a");
    CHECK(order_of({"b", "a needs b"}) == "b a");
    CHECK(order_of({"a needs c", "b needs c", "c", "d"}) == "c a b d");
    CHECK(order_of({"a needs b", "b needs c", "c needs d", "d"}) == "d c b a");
    CHECK(order_of({"x", "a needs elsewhere", "y"}) == "x a y");
    CHECK(barebpf::test::recorded_calls().empty());
}

TEST_CASE("map plan: maps that need each other are wrong, and those that need them come after them")
{
    CHECK(order_of({"a needs a", "b"}) == "a! b");
    CHECK(order_of({"a needs b", "b needs a", "c"}) == "b! a! c");
    CHECK(order_of({"x needs a", "a needs b", "b needs c", "c needs a"}) == "c! b! a! x");
    planned cycle({"a needs b", "b needs a"});
    CHECK(cycle.wrong == 2);
    CHECK(cycle.error(1) == "2:1: '/a' needs this map to be made first, and is needed by it");
}

TEST_CASE("map plan: a second line for a pin is wrong")
{
    planned twice({"a", "b", "a"});
    CHECK(twice.order() == "a b a?");
    CHECK(twice.wrong == 1);
    CHECK(twice.entries[2].other == 0);
    CHECK(twice.error(2) == "3:1: '/a' is pinned by an earlier line too; a PIN has one line");
    CHECK(barebpf_map_plan_wrong(&twice.plan, 1, &twice.line) == -ENOENT);
    CHECK(barebpf_map_plan_wrong(&twice.plan, 3, &twice.line) == -ENOENT);
}

TEST_CASE("map plan: an entry leads back to its line")
{
    planned some({"a", "bb needs a"});
    const barebpf_map_plan_entry &entry = some.entries[1];
    CHECK(entry.at == some.text.find("map create '/bb'"));
    CHECK(entry.line == 2);
    CHECK(entry.file == 7);
    CHECK(entry.after == 0);
    CHECK(some.entries[0].after == BAREBPF_NO_ENTRY);
}

TEST_CASE("map plan: many maps, each the inner map of the one before it")
{
    constexpr int count = 20000;
    std::vector<std::string> maps;
    std::string expected;
    for (int i = 0; i < count; i++) {
        maps.push_back("m" + std::to_string(i) + (i + 1 < count ? " needs m" + std::to_string(i + 1) : ""));
        expected = "m" + std::to_string(i) + (i ? " " : "") + expected;
    }
    const planned many(maps);
    CHECK(many.wrong == 0);
    CHECK(many.order() == expected);
}

TEST_CASE("map plan: what cannot be added is refused")
{
    planned some({"a"});
    some.plan.room = some.plan.count;
    some.line.kind = BAREBPF_LINE_MAP;
    some.line.pin = some.line.pin_at = "/b";
    CHECK(barebpf_map_plan_add(&some.plan, &some.line, 0) == -ENOSPC);
    some.plan.room++;
    some.line.kind = BAREBPF_LINE_SET;
    CHECK(barebpf_map_plan_add(&some.plan, &some.line, 0) == -EINVAL);
    some.plan.sz = 0;
    CHECK(barebpf_map_plan_add(&some.plan, &some.line, 0) == -EINVAL);
    CHECK(barebpf_map_plan_order(&some.plan) == -EINVAL);
    CHECK(barebpf_map_plan_order(nullptr) == -EINVAL);
    CHECK(barebpf_map_plan_wrong(&some.plan, 0, &some.line) == -EINVAL);
    CHECK(some.plan.count == 1);
}

TEST_CASE("plan: an entry lacks what is known to be missing", "[map file]")
{
    planned maps({"outer needs inner", "inner", "dir/a", "dir/b needs inner", "directory", "dir"});
    const auto lacks = [&](uint32_t index) {
        size_t size = 0;
        const char *what = barebpf_map_plan_lacks(&maps.plan, index, &size);
        return what ? std::string(what, size) : "nothing";
    };
    for (uint32_t i = 0; i < 6; i++)
        CHECK(lacks(i) == "nothing");
    CHECK(barebpf_map_plan_fail_below(&maps.plan, "/dir/") == 2);
    CHECK(lacks(2) == "/dir");
    CHECK(lacks(3) == "/dir");
    CHECK(lacks(4) == "nothing");
    CHECK(lacks(5) == "nothing");
    CHECK(barebpf_map_plan_fail(&maps.plan, 1) == 0);
    CHECK(lacks(0) == "/inner");
    CHECK(lacks(1) == "nothing");
    CHECK(lacks(3) == "/inner");
    CHECK(barebpf_map_plan_fail_below(&maps.plan, "/nowhere") == 0);
    CHECK(barebpf_map_plan_fail_below(&maps.plan, nullptr) == -EINVAL);
    CHECK(barebpf_map_plan_fail(&maps.plan, 6) == -EINVAL);
    CHECK(lacks(6) == "nothing");
}
