// SPDX-License-Identifier: BSD-2-Clause
#include "matrix.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "barebpf/barebpf.h"
#include "program.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf::test;
using namespace barebpf::tool;

namespace
{

using cells = std::vector<std::string>;

// The rows of a file of test/recordings, the heading first.
std::vector<cells> recorded(const std::string &file)
{
    std::ifstream stream(BAREBPF_RECORDINGS "/" + file);
    std::vector<cells> rows;
    for (std::string line; std::getline(stream, line);) {
        std::istringstream words(line);
        cells row;
        for (std::string cell; std::getline(words, cell, '\t');)
            row.push_back(cell);
        rows.push_back(row);
    }
    return rows;
}

// The recorded releases, in order.
cells recorded_releases()
{
    cells releases = recorded("answers-root.tsv").front();
    releases.erase(releases.begin());
    return releases;
}

// Map types that a recorded kernel created, by release.
std::map<std::string, std::set<uint32_t>> made_types()
{
    constexpr size_t type_column = 2;
    const std::vector<cells> requests = recorded("requests-root.tsv");
    const std::vector<cells> answers = recorded("answers-root.tsv");
    std::map<std::string, std::set<uint32_t>> made;
    for (size_t row = 1; row < requests.size(); row++)
        for (size_t column = 1; column < answers[0].size(); column++)
            if (answers.at(row)[column] == "0")
                made[answers[0][column]].insert(
                    static_cast<uint32_t>(std::stoul(requests[row][type_column])));
    return made;
}

} // namespace

TEST_CASE("matrix: the marked releases are those of the recordings")
{
    cells marked;
    for (const kernel &column : kernels())
        if (column.recorded)
            marked.push_back(release_text(column.release));
    CHECK(marked == recorded_releases());
}

TEST_CASE("matrix: a recorded kernel created the map types that have a plus, and no others")
{
    // These need BTF, or more than the recordings' requests have; the last needs sizes that no request had.
    const std::set<std::string> never_made = {"sk_storage",
                                              "struct_ops",
                                              "inode_storage",
                                              "task_storage",
                                              "cgrp_storage",
                                              "insn_array",
                                              "percpu_cgroup_storage on 5.4"};
    const std::map<std::string, std::set<uint32_t>> made = made_types();
    for (const kernel &column : kernels()) {
        for (uint32_t type = 1; column.recorded && type < first_unknown_type; type++) {
            const std::string name = barebpf_map_type_name(type);
            const std::string where = name + " on " + release_text(column.release);
            const bool known = barebpf_map_type_since(type) <= column.release;
            const bool unseen = never_made.contains(name) || never_made.contains(where);
            INFO(where);
            CHECK(made.at(release_text(column.release)).contains(type) == (known && !unseen));
        }
    }
}

TEST_CASE("matrix: the text has a line for each member, flag and type")
{
    const outcome got = run_barebpf("matrix");
    CHECK(got.code == 0);
    CHECK(got.err.empty());
    CHECK(got.out == matrix_text());
    CHECK(got.out.find("members of the attr        since 3.18 4.1 4.4* 4.6 ") == 0);
    CHECK(got.out.find("\nmap_flags                  4.6      .   .    .   + ") != std::string::npos);
    CHECK(got.out.find("\nnuma_node                  4.14 ") != std::string::npos);
    CHECK(got.out.find("\nrhash                      7.2 ") != std::string::npos);
    CHECK(got.out.find("unspec") == std::string::npos);
}

TEST_CASE("matrix: JSON has the same")
{
    const json got = json::parse(run_barebpf("matrix -j").out);
    CHECK(got == matrix_json());
    CHECK(got["kernels"].size() == 18);
    CHECK(got["members"].size() == member_count);
    CHECK(got["types"].size() == first_unknown_type - 1);
    CHECK(got["flags"].size() == 19);
    CHECK(got["kernels"][0] == json{{"release", "3.18"}, {"recorded", false}});
    CHECK(got["members"][4] == json{{"name", "map_flags"}, {"since", "4.6"}});
    CHECK(got["types"][34] == json{{"name", "rhash"}, {"since", "7.2"}});
    CHECK(got["flags"][10] ==
          json{{"name", "mmapable"},
               {"bit", 10},
               {"since", "5.5"},
               {"types", {{{"name", "array"}, {"since", "5.5"}}, {{"name", "arena"}, {"since", "6.9"}}}}});
}

TEST_CASE("since: what no kernel has has no release")
{
    CHECK(barebpf_map_type_since(BAREBPF_MAP_TYPE_HASH) == (3 << 16 | 19 << 8));
    CHECK(barebpf_map_type_since(BAREBPF_MAP_TYPE_UNSPEC) == 0);
    CHECK(barebpf_map_type_since(first_unknown_type) == 0);
    CHECK(barebpf_map_type_since(UINT32_MAX) == 0);
    CHECK(barebpf_map_field_since(0) == (3 << 16 | 18 << 8));
    CHECK(barebpf_map_field_since(17) == (6 << 16 | 18 << 8));
    CHECK(barebpf_map_field_name(17) == std::string("excl_prog_hash_size"));
    CHECK(barebpf_map_field_since(member_count) == 0);
    CHECK_FALSE(barebpf_map_field_name(member_count));
}

TEST_CASE("since: a flag has a release with each type that accepts it, and none with another")
{
    CHECK(barebpf_map_flag_since(BAREBPF_MAP_TYPE_HASH, 0) == (4 << 16 | 6 << 8));
    CHECK(barebpf_map_flag_since(BAREBPF_MAP_TYPE_LPM_TRIE, 0) == (4 << 16 | 11 << 8));
    CHECK(barebpf_map_flag_since(BAREBPF_MAP_TYPE_ARRAY, 0) == 0);
    CHECK(barebpf_map_flag_since(BAREBPF_MAP_TYPE_ARRAY, 16) == (6 << 16 | 9 << 8));
    CHECK(barebpf_map_flag_since(BAREBPF_MAP_TYPE_RHASH, 16) == (7 << 16 | 2 << 8));
    CHECK(barebpf_map_flag_since(BAREBPF_MAP_TYPE_HASH, 14) == 0);
    CHECK(barebpf_map_flag_since(BAREBPF_MAP_TYPE_HASH, 32) == 0);
    CHECK(barebpf_map_flag_since(first_unknown_type, 16) == 0);
}
