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
        throw failure{refused, fmt::format("standard output: {}", errno_text(errno)), true};
}

void warn(const std::string &text)
{
    // An error is ignored: with standard error closed there is nowhere left to report it.
    std::fprintf(stderr, "barebpf: %s\n", text.c_str());
}

void complain(const failure &why, format form) noexcept
{
    try {
        if (form == format::text || why.answered) {
            warn(why.text);
            for (const std::string &line : why.lines)
                std::fprintf(stderr, "  %s\n", line.c_str());
            return;
        }
        json document = {{"error", json_text(why.text)}};
        document.update(why.members);
        print(written(document, form));
    } catch (const failure &) {
        warn(why.text);
    } catch (...) {
        std::fputs("barebpf: out of memory\n", stderr);
    }
}

} // namespace barebpf::tool
