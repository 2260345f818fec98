// SPDX-License-Identifier: BSD-2-Clause
#include "prediction.h"

#include <algorithm>
#include <cctype>

#include <unistd.h>

#include "barebpf/apply.h"
#include "description.h"
#include "objects.h"

namespace barebpf::tool
{
namespace
{

constexpr size_t most_known = 256; // many maps of a file are alike but for the name

// A name that every kernel with names takes.
bool is_plain(const std::string &name)
{
    return std::all_of(name.begin(), name.end(),
                       [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '_'); });
}

} // namespace

prediction::prediction() : elsewhere{}
{
    elsewhere.sz = sizeof(elsewhere);
    elsewhere.offline = 1;
    elsewhere.known = BAREBPF_KNOWN_RELEASE | BAREBPF_KNOWN_PAGE_SIZE;
    elsewhere.release = barebpf_kernel_release();
    elsewhere.page_size = static_cast<uint32_t>(sysconf(_SC_PAGESIZE));
}

const reason &prediction::reason_of(const barebpf_map_line &line)
{
    barebpf_map_spec spec = *line.spec;
    assume_objects(objects_of(line), &spec);
    const std::string name = cut_name(spec.name);
    const request key(spec.map_type, spec.key_size, spec.value_size, spec.max_entries, spec.map_flags,
                      spec.map_extra, spec.numa_node, spec.btf_value_type_id, spec.btf_key_type_id,
                      spec.btf_vmlinux_value_type_id, line.inner_map != nullptr, is_plain(name) ? "" : name);
    if (const auto found = known.find(key); found != known.end())
        return found->second;
    if (known.size() == most_known)
        known.clear();
    spec.name = spec.name ? name.c_str() : nullptr;
    const bool assumed = line.inner_map || line.btf || line.token;
    return known.emplace(key, find_reason(spec, {0, 0, "", assumed ? &elsewhere : nullptr})).first->second;
}

const reason *prediction::refusal_of(const barebpf_map_line &line)
{
    if (line.since > elsewhere.release || line.offload_dev || !elsewhere.release)
        return nullptr;
    const reason &why = reason_of(line);
    return why.is_made() ? nullptr : &why;
}

} // namespace barebpf::tool
