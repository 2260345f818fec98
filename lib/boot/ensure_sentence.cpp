// SPDX-License-Identifier: BSD-2-Clause
#include "ensure_structs.h"
#include "lib/core/errno.h"
#include "lib/explain/sentence.h"
#include "lib/rules/writer.h"

namespace barebpf
{
namespace
{

// A name in quotes, with characters that a terminal may act on as \x1b.
void put_quoted(writer *out, const char *name)
{
    constexpr const char *digits = "0123456789abcdef";
    out->put('\'');
    for (size_t i = 0; i < sizeof(barebpf_ensure_report::wanted_name) && name[i]; i++) {
        const auto byte = static_cast<unsigned char>(name[i]);
        if (byte >= ' ' && byte < 0x7f && byte != '\'' && byte != '\\') {
            out->put(name[i]);
            continue;
        }
        out->put("\\x");
        out->put(digits[byte >> 4]);
        out->put(digits[byte & 15]);
    }
    out->put('\'');
}

void put_name_or_none(writer *out, const char *name)
{
    if (*name)
        put_quoted(out, name);
    else
        out->put("none");
}

void put_member_value(writer *out, field member, uint64_t value)
{
    if (member == field::map_type)
        out->put_type(static_cast<uint32_t>(value));
    else if (member == field::map_flags)
        out->put_flags(static_cast<uint32_t>(value));
    else if (member == field::map_extra)
        out->put_hexadecimal(value);
    else
        out->put_decimal(value);
}

void put_presence(writer *out, const barebpf_difference &one)
{
    const bool frozen = one.member == BAREBPF_MEMBER_FROZEN;
    if (one.found)
        out->put(frozen ? "the map is frozen, and should not be" : "the map has BTF types, and should not");
    else
        out->put(frozen ? "the map is not frozen, and should be" : "the map has no BTF types, and should");
}

void put_difference(writer *out, const barebpf_ensure_report &report, const barebpf_difference &one,
                    bool words)
{
    if (one.member == BAREBPF_MEMBER_FROZEN)
        return put_presence(out, one);
    const auto member = static_cast<field>(one.member);
    if (member == field::btf_fd)
        return put_presence(out, one);
    out->put(name_of(member, words));
    out->put(" is ");
    if (member == field::map_name) {
        put_name_or_none(out, report.found_name);
        out->put(", not ");
        return put_name_or_none(out, report.wanted_name);
    }
    put_member_value(out, member, one.found);
    out->put(", not ");
    put_member_value(out, member, one.wanted);
}

// The texts of the steps from 1 on, one behind the other: a table of pointers would need relocation at start.
#define BAREBPF_ROW(upper, value, words) words "\0"
constexpr char steps[] = BAREBPF_STEPS(BAREBPF_ROW);
#undef BAREBPF_ROW
constexpr uint32_t step_count = BAREBPF_STEP_RENAME;
constexpr bool are_counted()
{
#define BAREBPF_ROW(upper, value, words) value,
    constexpr uint32_t numbers[] = {BAREBPF_STEPS(BAREBPF_ROW)};
#undef BAREBPF_ROW
    for (uint32_t i = 0; i < step_count; i++)
        if (numbers[i] != i + 1)
            return false;
    return sizeof(numbers) / sizeof(numbers[0]) == step_count;
}
static_assert(are_counted(), "a step's number is its place");

bool is_member(uint32_t index)
{
    return index < attr_field_count || index == BAREBPF_MEMBER_FROZEN;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_difference_text(const struct barebpf_ensure_report *report, uint32_t index,
                                       uint32_t words, char *text, size_t size)
{
    constexpr size_t most = sizeof(report->differences) / sizeof(report->differences[0]);
    if (!report || !is_served(*report) || (!text && size))
        return with_errno(-EINVAL);
    if (index >= report->difference_count || index >= most || !is_member(report->differences[index].member))
        return with_errno(-ENOENT);
    writer out = {text, size, 0};
    put_difference(&out, *report, report->differences[index], words != 0);
    return static_cast<int>(out.end() + 1);
}

extern "C" const char *barebpf_step_text(uint32_t step)
{
    const char *text = steps;
    if (!step || step > step_count)
        return nullptr;
    for (; step > 1; step--)
        while (*text++) {
        }
    return text;
}
