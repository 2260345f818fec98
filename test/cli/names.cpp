// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"
#include "names.h"
#include "test/catch.h"

using namespace barebpf::tool;
using list = std::vector<std::string>;

TEST_CASE("names: the distance counts insertions, deletions, changes and swaps")
{
    CHECK(distance("", "") == 0);
    CHECK(distance("hash", "hash") == 0);
    CHECK(distance("", "abc") == 3);
    CHECK(distance("abc", "") == 3);
    CHECK(distance("hash", "hasher") == 2);
    CHECK(distance("hash", "bash") == 1);
    CHECK(distance("hsah", "hash") == 1);
    CHECK(distance("ab", "ba") == 1);
    CHECK(distance("kitten", "sitting") == 3);
}

TEST_CASE("names: at most three similar names, the nearest first")
{
    CHECK(near_names("hsah", type_names()) == list{"hash"});
    CHECK(near_names("percpu_hsh", type_names()) == list{"percpu_hash", "lru_percpu_hash"});
    CHECK(near_names("aab", {"aaa", "aab", "abb", "aac", "zzz"}) == list{"aab", "aaa", "abb"});
    CHECK(near_names("completely_else", type_names()).empty());
    CHECK(near_names("", type_names()).empty());
}

TEST_CASE("names: a beginning of a name is near it")
{
    CHECK(near_names("lru", type_names()) == list{"lru_hash", "lru_percpu_hash"});
    CHECK(near_names("x", type_names()).empty());
}

TEST_CASE("names: case and the kernel's prefixes do not count")
{
    CHECK(near_names("BPF_MAP_TYPE_RINGBUF", type_names()).front() == "ringbuf");
    CHECK(near_names("BPF_F_MMAPABL", flag_names()) == list{"mmapable"});
}

TEST_CASE("names: a suggestion has every similar name")
{
    CHECK(did_you_mean("hsah", type_names()) == " (did you mean hash?)");
    CHECK(did_you_mean("lru", type_names()) == " (did you mean lru_hash or lru_percpu_hash?)");
    CHECK(did_you_mean({"a", "b", "c"}) == " (did you mean a, b or c?)");
    CHECK(did_you_mean("completely_else", type_names()).empty());
}

TEST_CASE("names: the keywords are those of the parser")
{
    for (const std::string &keyword : keyword_names()) {
        barebpf_map_words read{};
        barebpf_map_spec spec{};
        read.sz = sizeof(read);
        spec.sz = sizeof(spec);
        const char *const words[] = {keyword.c_str()};
        CHECK(barebpf_map_words_parse(&read, &spec, words, 1, 0) < 0);
        CHECK(read.rule == BAREBPF_WORD_VALUE);
        CHECK(read.keyword == keyword);
    }
    CHECK(keyword_names().size() == 14);
}
