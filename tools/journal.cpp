// SPDX-License-Identifier: BSD-2-Clause
#include "journal.h"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace barebpf::tool
{
namespace
{

constexpr size_t longest_record = 900; // what the kernel keeps of a line, about
constexpr size_t block = 64 << 10;
constexpr size_t much = 500;
constexpr size_t bar_width = 40;

fd open_kernel_log()
{
    return fd(open("/dev/kmsg", O_WRONLY | O_CLOEXEC | O_NOCTTY));
}

// Through a descriptor of its own: of one open file the kernel drops all but ten records in five seconds.
bool write_record(const std::string &record)
{
    const fd kernel = open_kernel_log();
    return kernel && write(kernel.get(), record.data(), record.size()) == static_cast<ssize_t>(record.size());
}

} // namespace

journal::journal(format how, bool to_kernel_log)
    : form(how), to_kernel(to_kernel_log), terminal(isatty(STDERR_FILENO) && !to_kernel_log)
{
    if (to_kernel && !open_kernel_log())
        throw failure{refused, fmt::format("cannot open '/dev/kmsg': {}", errno_text(errno))};
}

journal::~journal()
{
    clear_progress();
}

// A record for each line, since the kernel escapes a newline.
void journal::log(const event &what)
{
    std::vector<std::string> records = what.lines;
    records.insert(records.begin(), what.text);
    for (size_t i = 0; i < records.size(); i++) {
        const std::string record = fmt::format("<{}>barebpf: {}{}", static_cast<int>(what.level),
                                               i ? "  " : "", records[i].substr(0, longest_record));
        logged &= write_record(record);
    }
}

void journal::report(const event &what)
{
    if (to_kernel)
        return log(what);
    clear_progress();
    if (form != format::text) {
        json document = what.members;
        if (what.level <= severity::warning)
            document[what.level == severity::error ? "error" : "warning"] = json_text(what.text);
        pending += written(document, format::compact_json);
    } else if (what.level <= severity::notice) {
        print(pending);
        pending.clear();
        warn(what.text);
        for (const std::string &line : what.lines)
            std::fprintf(stderr, "  %s\n", line.c_str());
    } else {
        pending.append(what.text).push_back('\n');
        for (const std::string &line : what.lines)
            pending += "  " + line + "\n";
    }
    if (pending.size() < block)
        return;
    print(pending);
    pending.clear();
}

void journal::show_progress(size_t done, size_t total)
{
    if (!terminal || total < much || done % (total / 100) != 0)
        return;
    const size_t filled = done * bar_width / total;
    std::fprintf(stderr, "\r[%s%s] %zu of %zu", std::string(filled, '#').c_str(),
                 std::string(bar_width - filled, '.').c_str(), done, total);
    bar = true;
}

void journal::clear_progress()
{
    if (bar)
        std::fputs("\r\033[K", stderr);
    bar = false;
}

void journal::finish()
{
    clear_progress();
    print(pending);
    pending.clear();
    if (!logged)
        throw failure{refused, "cannot write to '/dev/kmsg'"};
}

} // namespace barebpf::tool
