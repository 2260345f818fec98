// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/core.h>

#include <cstring>
#include <fstream>
#include <map>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "lib/rules/rules.h"
#include "test/tally.h"

// replay REQUESTS.tsv ANSWERS.tsv --as root|user [-v]: puts recorded requests to the rules and compares what
// they say with what real kernels answered. One line per kernel; -v shows the rows that differ. Exit status 1
// if any does.
namespace barebpf
{
namespace
{

enum : int32_t {
    array_fd = 100,
    hash_fd,
    btf_fd,
    bad_fd = 999,
};

// The BTF object of the recordings: `int`, and `struct s { int a; int b; }`.
constexpr btf_type recorded_types[] = {
    {.id = 1, .size = 4, .kind = btf_kind::integer, .cgroup_key = false, .specials = 0},
    {.id = 2, .size = 8, .kind = btf_kind::structure, .cgroup_key = false, .specials = 0},
};

object open_descriptor(int32_t fd, object_kind kind, uint32_t map_type = 0)
{
    object open{};
    open.fd = fd;
    open.kind = kind;
    open.map_type = map_type;
    if (kind == object_kind::btf) {
        open.types = recorded_types;
        open.type_count = std::size(recorded_types);
    }
    return open;
}

// Descriptor 0 is the console; the BTF object comes last, so that kernels without BTF can leave it out.
const object open_descriptors[] = {
    open_descriptor(0, object_kind::other),
    open_descriptor(array_fd, object_kind::map, BAREBPF_MAP_TYPE_ARRAY),
    open_descriptor(hash_fd, object_kind::map, BAREBPF_MAP_TYPE_HASH),
    open_descriptor(btf_fd, object_kind::btf),
};

constexpr network_device loopback = {.ifindex = 1, .holds_maps = false};

// The minimal kernels: what each adds to the configuration of the one before.
constexpr uint32_t first_config =
    config_net | config_inet | config_perf_events | config_cgroups | config_bpf_jit | config_64bit;
constexpr uint32_t config_4_14 = first_config | config_cgroup_bpf | config_stream_parser;
constexpr uint32_t config_4_19 = config_4_14 | config_xdp_sockets;

constexpr uint64_t mebibyte = 1 << 20;

struct kernel_column {
    const char *name;
    release kernel;
    uint32_t config;
    uint32_t built_for_cpus;
    uint32_t possible_cpus;
    uint32_t unprivileged_bpf_disabled;
    uint64_t memory;
};

// The kernels of test/recordings/README.md.
constexpr kernel_column columns[] = {
    {"4.4", release_of(4, 4, 178), first_config, 8, 1, 0, 768 * mebibyte},
    {"4.9", release_of(4, 9, 154), first_config, 8, 1, 0, 768 * mebibyte},
    {"4.14", release_of(4, 14, 67), config_4_14, 8, 1, 0, 768 * mebibyte},
    {"4.15", release_of(4, 15, 11), config_4_14, 8, 1, 0, 768 * mebibyte},
    {"4.19", release_of(4, 19, 108), config_4_19, 8, 1, 0, 768 * mebibyte},
    {"5.4", release_of(5, 4, 286), config_4_19, 8, 1, 0, 768 * mebibyte},
    {"5.10", release_of(5, 10, 223), config_everything, 8192, 1, 2, 768 * mebibyte},
    {"6.1", release_of(6, 1, 192), config_everything, 8192, 1, 2, 768 * mebibyte},
    {"6.12", release_of(6, 12, 107), config_everything, 8192, 1, 2, 768 * mebibyte},
    {"6.18", release_of(6, 18, 44), config_everything, 256, 2, 2, 24576 * mebibyte},
    {"7.2", release_of(7, 2, 12), config_everything, 8192, 1, 2, 768 * mebibyte},
    {"7.3", release_of(7, 3), config_everything, 8192, 1, 2, 768 * mebibyte},
};

// Answers that say something about one machine, one vendor's kernel or the recording, and not about the
// rules.
struct exception {
    const char *request; // the whole row
    const char *column;
    const char *why;
};

// All twelve kernels refused this row as if a byte beyond their whole union were set, those too whose union
// holds the one byte it lists. Every other row with its stray byte there is EINVAL, and so is this one
// when the request is repeated on 6.18.44.
constexpr const char *unlisted_byte_row = "835\t256\t28\t4\t8\t0\t0x1\t0\t0\t61000062000000000000000000000000"
                                          "\t0\t0\t0\t0\t0\t0x0\t0\t0\t0x0\t0\t130";
constexpr const char *unlisted_byte =
    "answered as if a byte beyond 168 were set, which the row does not list";

constexpr exception exceptions[] = {
    {unlisted_byte_row, "6.12", unlisted_byte},
    {unlisted_byte_row, "6.18", unlisted_byte},
    {unlisted_byte_row, "7.2", unlisted_byte},
    {unlisted_byte_row, "7.3", unlisted_byte},
};

using row = std::vector<std::string>;

std::vector<row> read_table(const std::string &path)
{
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error(path + ": cannot be read");
    std::vector<row> rows;
    for (std::string line; std::getline(file, line);) {
        row cells;
        std::istringstream words(line);
        for (std::string cell; std::getline(words, cell, '\t');)
            cells.push_back(cell);
        rows.push_back(cells);
    }
    if (rows.empty())
        throw std::runtime_error(path + ": is empty");
    return rows;
}

// A cell of a request: a number in decimal or hexadecimal, or the name of a descriptor.
uint64_t number_in(const std::string &cell)
{
    static const std::map<std::string, uint64_t> descriptors = {
        {"ARRAY", array_fd}, {"HASH", hash_fd}, {"BTF", btf_fd}, {"BAD", bad_fd}};
    const auto found = descriptors.find(cell);
    return found == descriptors.end() ? std::stoull(cell, nullptr, 0) : found->second;
}

struct request {
    std::string line;
    uint32_t size;
    unsigned char bytes[256];
};

void put(request &made, const attr_field &field, const std::string &cell)
{
    const uint64_t number = number_in(cell);
    const auto half = static_cast<uint32_t>(number);
    if (field.size == sizeof(number))
        std::memcpy(made.bytes + field.offset, &number, sizeof(number));
    else
        std::memcpy(made.bytes + field.offset, &half, sizeof(half));
}

void put_name(request &made, const attr_field &field, const std::string &hex)
{
    for (size_t i = 0; i < field.size && 2 * i + 1 < hex.size(); i++)
        made.bytes[field.offset + i] =
            static_cast<unsigned char>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
}

// The columns are the request's number, its size, the members of the attr in order, and a stray byte.
request read_request(const row &cells)
{
    if (cells.size() != attr_field_count + 3)
        throw std::runtime_error("request " + cells.at(0) + " does not have every column");
    request made{};
    made.size = static_cast<uint32_t>(number_in(cells[1]));
    for (size_t i = 0; i < attr_field_count; i++) {
        const attr_field &field = attr_fields[i];
        field.size == 16 ? put_name(made, field, cells[i + 2]) : put(made, field, cells[i + 2]);
    }
    if (const int stray = std::stoi(cells.back()); stray >= 0)
        made.bytes[static_cast<size_t>(stray)] = 1;
    for (const std::string &cell : cells)
        made.line += (made.line.empty() ? "" : "\t") + cell;
    return made;
}

environment surroundings_of(const kernel_column &column, bool root)
{
    environment surroundings;
    surroundings.config = column.config;
    surroundings.built_for_cpus = column.built_for_cpus;
    surroundings.possible_cpus = column.possible_cpus;
    surroundings.unprivileged_bpf_disabled = column.unprivileged_bpf_disabled;
    surroundings.memory = column.memory;
    surroundings.caller = {root, root, root, root};
    surroundings.objects = open_descriptors;
    surroundings.object_count = std::size(open_descriptors) - (column.kernel < release_of(4, 18));
    surroundings.devices = &loopback;
    surroundings.device_count = 1;
    return surroundings;
}

struct options {
    std::string requests;
    std::string answers;
    bool root;
    bool verbose;
};

const kernel_column &column_called(const std::string &name)
{
    for (const kernel_column &column : columns)
        if (name == column.name)
            return column;
    throw std::runtime_error("nothing is known of kernel " + name);
}

const exception *exception_for(const request &req, const std::string &column)
{
    for (const exception &known : exceptions)
        if (req.line == known.request && column == known.column)
            return &known;
    return nullptr;
}

void show(const request &req, int answered, const verdict &ours)
{
    char why[256];
    explain(ours, why, sizeof(why));
    fmt::print("  {}\n    answered {}, we say {} ({}: {})\n", req.line, answered, ours.error,
               name_of(ours.why), why);
}

// True if the rules give every answer of one kernel.
bool replay_column(const options &given, const std::vector<request> &requests,
                   const std::vector<row> &answers, size_t index)
{
    const std::string &name = answers[0].at(index);
    const kernel_column &column = column_called(name);
    const environment surroundings = surroundings_of(column, given.root);
    size_t matched = 0;
    std::vector<const exception *> excepted;
    std::vector<std::pair<size_t, verdict>> differing;
    for (size_t i = 0; i < requests.size(); i++) {
        const verdict ours = decide(column.kernel, surroundings, requests[i].bytes, requests[i].size);
        if (ours.error == std::stoi(answers[i + 1].at(index)))
            matched++;
        else if (const exception *known = exception_for(requests[i], name))
            excepted.push_back(known);
        else
            differing.emplace_back(i, ours);
    }
    fmt::print("{} {}/{}\n", name, matched, requests.size());
    for (const exception *known : excepted)
        fmt::print("  excepted: row {:.{}}: {}\n", known->request, std::strcspn(known->request, "\t"),
                   known->why);
    for (const auto &[i, ours] : differing)
        if (given.verbose)
            show(requests[i], std::stoi(answers[i + 1].at(index)), ours);
    return differing.empty();
}

int replay(const options &given)
{
    const std::vector<row> rows = read_table(given.requests);
    const std::vector<row> answers = read_table(given.answers);
    if (rows.size() != answers.size())
        throw std::runtime_error("requests and answers are not equally many");
    std::vector<request> requests;
    for (size_t i = 1; i < rows.size(); i++)
        requests.push_back(read_request(rows[i]));
    test::tally checks;
    for (size_t index = 1; index < answers[0].size(); index++)
        checks.count(replay_column(given, requests, answers, index));
    return checks.end();
}

options read_options(std::span<char *> arguments)
{
    options given{};
    std::string as;
    for (size_t i = 1; i < arguments.size(); i++) {
        const std::string word = arguments[i];
        if (word == "-v")
            given.verbose = true;
        else if (word == "--as" && i + 1 < arguments.size())
            as = arguments[++i];
        else
            (given.requests.empty() ? given.requests : given.answers) = word;
    }
    if (given.answers.empty() || (as != "root" && as != "user"))
        throw std::runtime_error("usage: replay REQUESTS.tsv ANSWERS.tsv --as root|user [-v]");
    given.root = as == "root";
    return given;
}

} // namespace
} // namespace barebpf

int main(int count, char **arguments)
{
    try {
        return barebpf::replay(barebpf::read_options({arguments, static_cast<size_t>(count)}));
    } catch (const std::exception &error) {
        fmt::print(stderr, "replay: {}\n", error.what());
        return 2;
    }
}
