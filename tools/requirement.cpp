// SPDX-License-Identifier: BSD-2-Clause
#include "requirement.h"

#include <fmt/format.h>

#include "barebpf/explain.h"
#include "names.h"

namespace barebpf::tool
{
namespace
{

bool is_nested(uint32_t map_type)
{
    return map_type == BAREBPF_MAP_TYPE_ARRAY_OF_MAPS || map_type == BAREBPF_MAP_TYPE_HASH_OF_MAPS;
}

std::string with_article(const std::string &type)
{
    const bool vowel = std::string_view("aeiou").find(type[0]) != std::string_view::npos;
    return (vowel || type.starts_with("sk_") ? "an " : "a ") + type;
}

// What would be refused, and why, in the form of reason_json().
json members_of(uint32_t cause, const char *member, const char *kind, const std::string &text,
                const std::string &remedy)
{
    barebpf_cause about{};
    about.sz = sizeof(about);
    barebpf_cause_about(cause, &about);
    return {{"errno", about.error},
            {"errno_name", barebpf_errno_name(about.error)},
            {"cause", about.name},
            {"member", member},
            {"given", nullptr},
            {"accepted", {{"kind", kind}}},
            {"confidence", barebpf_confidence_name(BAREBPF_SURE_PREDICTED)},
            {"text", text},
            {"remedy", remedy}};
}

failure lacks_inner_map(const std::string &type)
{
    const std::string text =
        fmt::format("{} needs an inner map, the template of those it will hold", with_article(type));
    const std::string remedy =
        "inner_map PIN, the path of a pinned map such as a hash or an array, or inner_map id N";
    failure why{usage, fmt::format("{}: inner_map is missing", type)};
    why.lines = {"why: " + text, "try: " + remedy};
    why.members = members_of(BAREBPF_CAUSE_INNER_FD_OTHER, "inner_map_fd", "object", text, remedy);
    return why;
}

failure lacks_btf(uint32_t map_type, const std::string &type)
{
    const bool of_kernel = map_type == BAREBPF_MAP_TYPE_STRUCT_OPS;
    const char *const member = of_kernel ? "btf_vmlinux_value_type_id" : "btf_value_type_id";
    const std::string text = of_kernel
                                 ? "a struct_ops map needs a BTF object, and its type in the kernel's own BTF"
                                 : fmt::format("{} needs BTF types for key and value", with_article(type));
    const std::string remedy = of_kernel ? "btf FILE value_type bpf_struct_ops_NAME, with raw BTF in FILE"
                                         : "btf FILE key_type int value_type NAME, with raw BTF in FILE";
    failure why{usage, fmt::format("{}: btf is missing", type)};
    why.lines = {"why: " + text, "try: " + remedy};
    why.members = members_of(of_kernel ? BAREBPF_CAUSE_STRUCT_OPS_NEEDS_ID : BAREBPF_CAUSE_STORAGE_NEEDS_BTF,
                             member, "id", text, remedy);
    return why;
}

bool has_inner_map(const object_names &names)
{
    return names.inner_map || names.inner_map_id || names.inner_map_name;
}

} // namespace

bool needs_btf(uint32_t map_type)
{
    switch (map_type) {
    case BAREBPF_MAP_TYPE_SK_STORAGE:
    case BAREBPF_MAP_TYPE_INODE_STORAGE:
    case BAREBPF_MAP_TYPE_TASK_STORAGE:
    case BAREBPF_MAP_TYPE_CGRP_STORAGE:
    case BAREBPF_MAP_TYPE_STRUCT_OPS:
        return true;
    default:
        return false;
    }
}

std::optional<failure> unmet_requirement(uint32_t map_type, const object_names &names)
{
    if (is_nested(map_type) && !has_inner_map(names))
        return lacks_inner_map(type_text(map_type));
    if (needs_btf(map_type) && !names.btf)
        return lacks_btf(map_type, type_text(map_type));
    return {};
}

} // namespace barebpf::tool
