// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>
#include <set>
#include <string>

#include "barebpf/bpf.h"
#include "explained.h"
#include "hpp.h"
#include "test/catch.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

barebpf_map_spec broken_array()
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = BAREBPF_MAP_TYPE_ARRAY;
    spec.key_size = 8; // not 4
    spec.value_size = 8;
    spec.max_entries = 1;
    return spec;
}

barebpf_explanation empty_explanation()
{
    barebpf_explanation explanation{};
    explanation.sz = sizeof(explanation);
    return explanation;
}

} // namespace

TEST_CASE("explain: a struct whose sz is broken is refused, and nothing is asked")
{
    model_kernel kernel(release_of(6, 12));
    barebpf_map_spec spec = broken_array();
    barebpf_explain_opts opts{};
    opts.sz = sizeof(opts);
    barebpf_surroundings surroundings{};
    surroundings.sz = sizeof(surroundings);
    opts.surroundings = &surroundings;
    barebpf_explanation explanation = empty_explanation();
    size_t *const sizes[] = {&spec.sz, &opts.sz, &surroundings.sz, &explanation.sz};
    size_t *broken = sizes[GENERATE(0u, 1u, 2u, 3u)];
    *broken = GENERATE(size_t{0}, size_t{8}, size_t{4097}, SIZE_MAX);
    explanation.cause = 777;
    CHECK(barebpf_explain(&spec, EINVAL, &opts, &explanation) == -EINVAL);
    CHECK(explanation.cause == 777);
    for (const system_call &one : kernel.calls())
        CHECK(one.nr != __NR_bpf);
}

TEST_CASE("explain: no spec and no explanation are refused")
{
    model_kernel kernel(release_of(6, 12));
    barebpf_map_spec spec = broken_array();
    barebpf_explanation explanation = empty_explanation();
    CHECK(barebpf_explain(nullptr, EINVAL, nullptr, &explanation) == -EINVAL);
    CHECK(barebpf_explain(&spec, EINVAL, nullptr, nullptr) == -EINVAL);
}

TEST_CASE("explain: a buffer that is too small is cut, and the whole size told")
{
    model_kernel kernel(release_of(6, 12));
    const barebpf_map_spec spec = broken_array();
    char text[9];
    barebpf_explanation explanation = empty_explanation();
    explanation.text = text;
    explanation.text_size = sizeof(text);
    CHECK(barebpf_explain(&spec, EINVAL, nullptr, &explanation) == 0);
    CHECK(std::string(text) == "an array");
    const std::string whole =
        "an array has a key of 4 bytes, a value of at least 1 byte and at least 1 entry; "
        "key_size is 8";
    CHECK(explanation.text_true_size == whole.size() + 1);
    CHECK(explanation.remedy_true_size == std::string("key_size = 4").size() + 1);
}

TEST_CASE("explain: offline, of another release and caller, nothing of this machine is looked at")
{
    model_kernel kernel(release_of(6, 12));
    barebpf_surroundings surroundings{};
    surroundings.sz = sizeof(surroundings);
    surroundings.offline = 1;
    surroundings.known = BAREBPF_KNOWN_RELEASE | BAREBPF_KNOWN_CAPABILITIES;
    surroundings.release = 5 << 16 | 4 << 8;
    barebpf_explain_opts opts{};
    opts.sz = sizeof(opts);
    opts.surroundings = &surroundings;
    barebpf_map_spec spec = broken_array();
    spec.map_type = BAREBPF_MAP_TYPE_LRU_HASH;
    spec.key_size = 4;
    barebpf_explanation explanation = empty_explanation();
    CHECK(barebpf_explain(&spec, 0, &opts, &explanation) == 0);
    CHECK(explanation.cause == BAREBPF_CAUSE_NEEDS_SYS_ADMIN);
    CHECK(explanation.error == EPERM);
    CHECK(explanation.confidence == BAREBPF_SURE_PREDICTED);
    CHECK(kernel.calls().empty());
    surroundings.capabilities = BAREBPF_CAN_SYS_ADMIN;
    CHECK(barebpf_explain(&spec, 0, &opts, &explanation) == 0);
    CHECK(explanation.cause == BAREBPF_CAUSE_NONE);
}

TEST_CASE("explain: the arguments of bpf_map_create, and opts it would refuse")
{
    model_kernel kernel(release_of(6, 12));
    barebpf_explanation explanation = empty_explanation();
    CHECK(barebpf_explain_create(BAREBPF_MAP_TYPE_ARRAY, "a-b", 4, 8, 1, nullptr, EINVAL, nullptr,
                                 &explanation) == 0);
    CHECK(explanation.cause == BAREBPF_CAUSE_NAME_CHARACTER);
    bpf_map_create_opts opts{};
    opts.sz = 3;
    CHECK(barebpf_explain_create(BAREBPF_MAP_TYPE_ARRAY, "ab", 4, 8, 1, &opts, EINVAL, nullptr,
                                 &explanation) == 0);
    CHECK(explanation.cause == BAREBPF_CAUSE_BAD_OPTS);
    CHECK(explanation.error == EINVAL);
}

TEST_CASE("explain: however few calls are allowed, no more are made")
{
    const uint32_t most = GENERATE(0u, 1u, 2u, 3u, 4u, 6u, 9u, 14u, 40u, 1000u);
    for (size_t i = 1; i < rule_count; i++) {
        const sample given = sample_of(static_cast<rule>(i));
        sample_kernel kernel(given.kernel, given.machine);
        const explained done = explain_request(given.wanted, error_of(static_cast<rule>(i)), most);
        size_t made = 0;
        for (const system_call &one : kernel.calls())
            made += one.nr == __NR_bpf;
        INFO(name_of(static_cast<rule>(i)) << ", at most " << most);
        CHECK(made <= (most < 40 ? most : 40));
        CHECK(done.explanation.calls == made);
    }
}

TEST_CASE("explain: causes have names, and rules are listed in the kernel's order")
{
    std::set<std::string> names;
    uint32_t count = 0;
    for (int which = 0; (which = barebpf_cause_at(count)) >= 0; count++) {
        barebpf_cause about{};
        about.sz = sizeof(about);
        REQUIRE(barebpf_cause_about(static_cast<uint32_t>(which), &about) == 0);
        CHECK(barebpf_cause_by_name(about.name) == which);
        CHECK(std::string(about.name) == name_of(static_cast<rule>(count + 1)));
        CHECK(about.error > 0);
        CHECK(names.insert(about.name).second);
    }
    CHECK(count == rule_count - 1);
    CHECK(barebpf_cause_by_name("no such cause") == -ENOENT);
    CHECK(barebpf_cause_name(63) == nullptr);
    barebpf_cause about{};
    CHECK(barebpf_cause_about(0, &about) == -EINVAL);
    about.sz = sizeof(about);
    CHECK(barebpf_cause_about(9999, &about) == -ENOENT);
    CHECK(std::string(barebpf_confidence_name(BAREBPF_SURE_SAID)) == "said by the kernel");
    CHECK(barebpf_confidence_name(4) == nullptr);
}

TEST_CASE("explain: the C++ half tells the same")
{
    model_kernel kernel(release_of(6, 12));
    CHECK(explained_by_hpp() == "max_entries = 8192, or BAREBPF_GIVE_UP_SIZE");
}
