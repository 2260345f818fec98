// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_EXPLAIN_HPP
#define BAREBPF_EXPLAIN_HPP

// The C++20 half of <barebpf/explain.h>: inline functions only.
#include "barebpf.hpp"
#include "explain.h"

namespace barebpf
{

// Why a kernel refuses a map, each as its BAREBPF_CAUSE_*.
enum class cause : uint32_t {
#define BAREBPF_ENUMERATOR(upper, lower, value) lower = value,
    BAREBPF_CAUSES(BAREBPF_ENUMERATOR)
#undef BAREBPF_ENUMERATOR
};

// How certain a cause is, each as its BAREBPF_SURE_*.
enum class confidence : uint32_t {
    cannot_tell = BAREBPF_SURE_CANNOT_TELL,
    predicted = BAREBPF_SURE_PREDICTED,
    proved = BAREBPF_SURE_PROVED,
    said = BAREBPF_SURE_SAID
};

// How to explain, for designated initialisers: {.calls = 40}. barebpf_explain_opts documents each member.
struct explain_options {
    uint32_t calls = 0;
    bool words = false;
    const barebpf_surroundings *surroundings = nullptr;
    const char *log = nullptr;
    void *scratch = nullptr;
    size_t scratch_size = 0;
};

// The explanation found; text and remedy lie in the object itself, so it cannot be copied.
struct explanation : barebpf_explanation {
    explanation()
    {
        detail::clear(this);
        sz = sizeof(barebpf_explanation);
        text = sentences;
        remedy = sentences + sentence_size;
        text_size = remedy_size = sentence_size;
    }
    explanation(const explanation &) = delete;
    explanation &operator=(const explanation &) = delete;

    barebpf::cause why() const { return static_cast<barebpf::cause>(cause); }
    barebpf::confidence sure() const { return static_cast<barebpf::confidence>(confidence); }

    static constexpr size_t sentence_size = 320;
    char sentences[2 * sentence_size];
};

// Explains a refusal as barebpf_explain() does; the returned error's number is 0 on success.
inline error explain(const map_spec &spec, error refused, explanation *result,
                     const explain_options &how = {})
{
    barebpf_map_spec lowered;
    barebpf_explain_opts opts;
    detail::lower(&lowered, spec);
    detail::clear(&opts);
    opts.sz = sizeof(opts);
    opts.calls = how.calls;
    opts.words = how.words;
    opts.surroundings = how.surroundings;
    opts.log = how.log;
    opts.scratch = how.scratch;
    opts.scratch_size = how.scratch_size;
    return {-barebpf_explain(&lowered, refused.number, &opts, result)};
}

} // namespace barebpf

#endif
