// SPDX-License-Identifier: BSD-2-Clause
#include "output.h"

#include <cerrno>
#include <cstdio>

#include <fmt/format.h>

namespace barebpf::tool
{
namespace
{

bool is_utf8(const std::string &bytes)
{
    try {
        return !json(bytes).dump().empty();
    } catch (const json::type_error &) {
        return false;
    }
}

} // namespace

std::string json_text(const std::string &bytes)
{
    if (is_utf8(bytes))
        return bytes;
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            text += c;
        } else {
            text += static_cast<char>(0xc0 | byte >> 6);
            text += static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    return text;
}

std::string written(const json &document, format form)
{
    return document.dump(form == format::pretty_json ? 4 : -1) + '\n';
}

void print(const std::string &text)
{
    const bool all = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (!all || std::fflush(stdout) != 0)
        throw failure{refused, fmt::format("standard output: {}", errno_text(errno))};
}

void warn(const std::string &text)
{
    // A failure is ignored: where standard error is closed there is nobody to tell.
    std::fputs(fmt::format("barebpf: {}\n", text).c_str(), stderr);
}

void complain(const failure &why, format form)
{
    if (form != format::text) {
        try {
            print(written({{"error", json_text(why.text)}}, form));
            return;
        } catch (const failure &) {
            // Standard output may be what failed; standard error is what is left.
        }
    }
    warn(why.text);
}

} // namespace barebpf::tool
