// SPDX-License-Identifier: BSD-2-Clause
#include "process.h"

// Never the arch::call of a program that scripts its kernel: at -O0 the linker would merge the two.
#define call real_call
#include "lib/arch/arch.h"
#undef call
#include "tools/init/entry.h"

extern "C" [[gnu::used]] void start(long *)
{
    const int status = run();
    for (;;)
        barebpf::arch::real_call(without_x32_bit(__NR_exit), status, 0, 0, 0, 0);
}

void say(const char *line)
{
    long size = 0;
    while (line[size])
        size++;
    barebpf::arch::real_call(without_x32_bit(__NR_write), 2, reinterpret_cast<long>(line), size, 0, 0);
    barebpf::arch::real_call(without_x32_bit(__NR_write), 2, reinterpret_cast<long>("\n"), 1, 0, 0);
}

void check(bool holds, const char *statement)
{
    if (holds)
        return;
    say(statement);
    barebpf::arch::real_call(without_x32_bit(__NR_exit), 1, 0, 0, 0, 0);
}
