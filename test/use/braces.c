// SPDX-License-Identifier: BSD-2-Clause
#include <barebpf/barebpf.h>
#include <barebpf/boot.h>
#include <barebpf/explain.h>
#include <barebpf/probe.h>

#include <errno.h>

// Our structs set by initialisers in braces, on a stack that is not zero: compilers leave padding unset, so a
// struct that had some would be refused. Makes no bpf(2) call.
static volatile uint32_t four = 4;

__attribute__((noinline)) static void dirty_stack(void)
{
    volatile unsigned char bytes[4096];
    for (unsigned int i = 0; i < sizeof(bytes); i++)
        bytes[i] = 0xa5;
}

__attribute__((noinline)) static int encodes(void)
{
    struct barebpf_map_spec spec = {
        .sz = sizeof(spec), .map_type = four, .key_size = four, .value_size = four};
    unsigned char attr[92];
    return barebpf_map_create_attr(&spec, attr, sizeof(attr)) == (int)sizeof(attr);
}

// The name is too long, which is found once the three structs have been accepted.
__attribute__((noinline)) static int creates(void)
{
    struct barebpf_map_spec spec = {
        .sz = sizeof(spec), .name = "a name of more than 15 bytes", .map_type = four};
    struct barebpf_policy policy = {.sz = sizeof(policy), .give_up = four, .backoff_ms = four};
    struct barebpf_report report = {.sz = sizeof(report), .log_size = four};
    return barebpf_map_create(&spec, &policy, &report) == -ENAMETOOLONG;
}

__attribute__((noinline)) static int parses(void)
{
    const char *const words[] = {"type", "array", "key", "4", "value", "4", "entries", "1"};
    struct barebpf_map_words read = {.sz = sizeof(read), .rule = four};
    struct barebpf_map_spec spec = {.sz = sizeof(spec), .map_flags = four};
    return barebpf_map_words_parse(&read, &spec, words, 8, 0) == 0;
}

__attribute__((noinline)) static int probes(void)
{
    struct barebpf_probe_opts opts = {.sz = sizeof(opts), .context = (void *)&four};
    return barebpf_probe_map_type(UINT32_MAX, &opts) == -EOPNOTSUPP;
}

__attribute__((noinline)) static int explains(void)
{
    struct barebpf_map_spec spec = {.sz = sizeof(spec), .map_type = 2, .key_size = four, .value_size = four};
    struct barebpf_surroundings around = {
        .sz = sizeof(around), .known = 1, .release = four << 16, .offline = 1};
    struct barebpf_explain_opts opts = {.sz = sizeof(opts), .surroundings = &around, .words = four};
    struct barebpf_explanation explanation = {.sz = sizeof(explanation), .calls = four};
    return barebpf_explain(&spec, EINVAL, &opts, &explanation) == 0 &&
           explanation.cause == BAREBPF_CAUSE_ARRAY_SIZES;
}

__attribute__((noinline)) static int describes(void)
{
    struct barebpf_cause about = {.sz = sizeof(about), .since = four};
    return barebpf_cause_about(BAREBPF_CAUSE_MEMLOCK, &about) == 0;
}

// The pin is too long, which is found once both structs have been accepted.
__attribute__((noinline)) static int ensures(void)
{
    static char pin[5000];
    struct barebpf_map_spec spec = {.sz = sizeof(spec), .map_type = four};
    struct barebpf_ensure_opts opts = {.sz = sizeof(opts), .directory_mode = four};
    struct barebpf_ensure_report report = {.sz = sizeof(report), .outcome = four};
    for (int i = 0; i < (int)sizeof(pin) - 1; i++)
        pin[i] = 'p';
    return barebpf_ensure_map(&spec, pin, &opts, &report) == -ENAMETOOLONG &&
           report.step == BAREBPF_STEP_CHECK;
}

int main(void)
{
    int (*const uses[])(void) = {encodes, creates, parses, probes, explains, describes, ensures};
    for (int i = 0; i < (int)(sizeof(uses) / sizeof(uses[0])); i++) {
        dirty_stack();
        if (!uses[i]())
            return i + 1;
    }
    return 0;
}
