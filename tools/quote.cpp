// SPDX-License-Identifier: BSD-2-Clause
#include "quote.h"

#include <algorithm>

#include <fmt/format.h>

namespace barebpf::tool
{

std::string visible(std::string_view text)
{
    // Almost every text is plain.
    if (std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '\\'; }))
        return std::string(text);
    const std::string escaped = fmt::format("{:?}", text);
    std::string shown;
    // Without the double quotes at both ends, so that those inside need no backslash.
    for (size_t i = 1; i + 1 < escaped.size(); i++) {
        if (escaped[i] != '\\') {
            shown += escaped[i];
            continue;
        }
        i++;
        if (escaped[i] != '"')
            shown += '\\';
        shown += escaped[i];
    }
    return shown;
}

std::string in_quotes(std::string_view text)
{
    return fmt::format("'{}'", visible(text));
}

} // namespace barebpf::tool
