// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_OUTPUT_H
#define BAREBPF_TOOLS_OUTPUT_H

#include <string>

#include "failure.h"

namespace barebpf::tool
{

enum class format {
    text,
    compact_json,
    pretty_json,
};

// Bytes as a JSON string: UTF-8 stays what it is, anything else is read as Latin-1, as the kernel reads
// names.
std::string json_text(const std::string &bytes);

// One document, with its final newline.
std::string written(const json &document, format form);

// Writes to standard output and makes sure that it arrived; throws a failure otherwise.
void print(const std::string &text);

// A line on standard error.
void warn(const std::string &text);

// Reports what ended the program. With JSON the report is the one document on standard output, as with
// bpftool; where something has been written there already, it is a line on standard error.
void complain(const failure &why, format form) noexcept;

} // namespace barebpf::tool

#endif
