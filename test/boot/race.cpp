// SPDX-License-Identifier: BSD-2-Clause
#include <csignal>
#include <cstring>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "barebpf/boot.hpp"
#include "place.h"
#include "test/catch.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr uint32_t entries = 8;
constexpr map_spec wanted = {
    .type = map_type::array, .key_size = 4, .value_size = 8, .max_entries = entries, .name = "wanted"};
constexpr map_spec smaller = {.type = map_type::array, .key_size = 4, .value_size = 8, .max_entries = 2};
constexpr uint64_t mark = 0x1122334455667788;

int fill(int fd, void *)
{
    for (uint32_t key = 0; key < entries; key++)
        if (const int refused = barebpf_map_update_elem(fd, &key, &mark, 0))
            return refused;
    return 0;
}

bool is_filled(int fd)
{
    for (uint32_t key = 0; key < entries; key++) {
        uint64_t value = 0;
        if (barebpf_map_lookup_elem(fd, &key, &value, 0) != 0 || value != mark)
            return false;
    }
    return true;
}

constexpr ensure_options how = {.different = exists::replace, .mode = 0640, .uid = 3, .gid = 4, .fill = fill};

// Whether the pin is absent, the old map, or a finished one.
bool is_old_or_whole(const std::string &pin)
{
    const fd map(barebpf_obj_get(pin.c_str()));
    if (!map)
        return true;
    const uint32_t beyond_old = 2;
    uint64_t value = 0;
    const bool old = barebpf_map_lookup_elem(map.get(), &beyond_old, &value, 0) != 0;
    return old || (is_filled(map.get()) && attributes_of(pin).has_value());
}

// What processes tell each other.
struct shared {
    uint32_t changing; // odd while the pin is put back to the beginning of a round
    uint32_t start;    // the round that may begin
    uint32_t done[64]; // by process: the round it has ended
    uint32_t id[64];   // of the map it got
    int32_t error[64];
    uint32_t unfilled;         // maps seen before they were finished
    uint32_t wrong_attributes; // and pins without their mode and owner
    uint32_t stop;
};

shared *make_shared()
{
    void *memory = mmap(nullptr, sizeof(shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    return static_cast<shared *>(memory);
}

uint32_t load(const uint32_t &number)
{
    return __atomic_load_n(&number, __ATOMIC_SEQ_CST);
}

void store(uint32_t *to, uint32_t number)
{
    __atomic_store_n(to, number, __ATOMIC_SEQ_CST);
}

void pause_a_little()
{
    usleep(200);
}

[[noreturn]] void race(shared *all, uint32_t self, uint32_t rounds, const std::string &pin)
{
    for (uint32_t round = 1; round <= rounds; round++) {
        while (load(all->start) < round)
            pause_a_little();
        const fd_result map = ensure_map(wanted, pin.c_str(), how);
        all->error[self] = map ? 0 : map.error().number;
        all->id[self] = map ? id_of_map(map->get()) : 0;
        store(&all->done[self], round);
    }
    _exit(0);
}

// One look at the pin. Its attributes are judged only if this test has not touched it meanwhile.
void look_at(shared *all, const std::string &pin)
{
    const pin_attributes expected = {0640, 3, 4};
    const uint32_t key = entries - 1, before = load(all->changing);
    uint64_t value = 0;
    const fd map(barebpf_obj_get(pin.c_str()));
    if (!map || barebpf_map_lookup_elem(map.get(), &key, &value, 0) != 0)
        return; // none, or the old one
    if (!is_filled(map.get()))
        store(&all->unfilled, 1);
    const auto found = attributes_of(pin);
    if (found && *found != expected && before % 2 == 0 && load(all->changing) == before)
        store(&all->wrong_attributes, 1);
}

[[noreturn]] void watch(shared *all, const std::string &pin)
{
    for (uint32_t times = 0; !load(all->stop); times++) {
        look_at(all, pin);
        if (times % 16 == 0)
            pause_a_little();
    }
    _exit(0);
}

void begin_round(shared *all, uint32_t round, const std::string &pin, bool replaces)
{
    store(&all->changing, 2 * round - 1);
    unlink(pin.c_str());
    if (replaces)
        REQUIRE(barebpf_obj_pin(create_map(smaller)->get(), pin.c_str()) == 0);
    store(&all->changing, 2 * round);
    store(&all->start, round);
}

// A machine with one CPU may be an emulated one, on which 100 rounds take minutes.
uint32_t rounds_of_race()
{
    return sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 100 : 10;
}

} // namespace

TEST_CASE("race: 16 processes at once get the same map, filled, and leave nothing")
{
    if (const std::string missing = missing_for_place(); !missing.empty())
        SKIP_BECAUSE(missing);
    constexpr uint32_t processes = 16;
    const bool replaces = GENERATE(false, true);
    const uint32_t rounds = rounds_of_race();
    const place here;
    const std::string pin = here.path("map");
    shared *all = make_shared();
    std::vector<pid_t> children;
    for (uint32_t i = 0; i < processes + 2; i++) {
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0 && i < processes)
            race(all, i, rounds, pin);
        if (child == 0)
            watch(all, pin);
        children.push_back(child);
    }
    for (uint32_t round = 1; round <= rounds; round++) {
        begin_round(all, round, pin, replaces);
        for (uint32_t i = 0; i < processes; i++) {
            while (load(all->done[i]) < round)
                pause_a_little();
            CHECK(all->error[i] == 0);
            CHECK(all->id[i] != 0);
            CHECK(all->id[i] == id_of_pin(pin));
        }
        CHECK(here.names() == std::vector<std::string>{"map"});
    }
    store(&all->stop, 1);
    for (const pid_t child : children)
        waitpid(child, nullptr, 0);
    CHECK(all->unfilled == 0);
    CHECK(all->wrong_attributes == 0);
    munmap(all, sizeof(*all));
}

namespace
{

// Runs ensure_map() in a child that is killed at its nth stop, before or after a syscall. False if it ended
// before.
bool kill_at_stop(uint32_t nth, const std::string &pin)
{
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        raise(SIGSTOP);
        const fd_result map = ensure_map(wanted, pin.c_str(), how);
        _exit(map ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    for (uint32_t stop = 0; stop < nth && WIFSTOPPED(status); stop++) {
        ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
        waitpid(child, &status, 0);
    }
    if (!WIFSTOPPED(status))
        return false;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return true;
}

} // namespace

TEST_CASE("kill: a caller that is killed before or after any syscall leaves nothing half-made")
{
    if (const std::string missing = missing_for_place(); !missing.empty())
        SKIP_BECAUSE(missing);
    const bool replaces = GENERATE(false, true);
    bool was_killed = true;
    uint32_t stops = 0;
    for (; was_killed; stops++) {
        const place here;
        const std::string pin = here.path("map");
        if (replaces)
            REQUIRE(barebpf_obj_pin(create_map(smaller)->get(), pin.c_str()) == 0);
        was_killed = kill_at_stop(stops + 1, pin);
        INFO("killed at stop " << stops + 1);
        CHECK(is_old_or_whole(pin));
        for (const std::string &name : here.names())
            CHECK((name == "map" || name == "map~barebpf" || name == "map~barebpf/map"));
        const fd_result map = ensure_map(wanted, pin.c_str(), how);
        REQUIRE(map);
        CHECK(is_filled(map->get()));
        CHECK(id_of_pin(pin) == id_of_map(map->get()));
        CHECK(attributes_of(pin) == pin_attributes{0640, 3, 4});
        CHECK(here.names() == std::vector<std::string>{"map"});
    }
    CHECK(stops > 30);
}
