// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_DECIMAL_H
#define BAREBPF_LIB_CORE_DECIMAL_H

#include <stdint.h>

namespace barebpf
{

// Of internal linkage: two copies of the library in one program must not share its name.
constexpr uint64_t powers_of_ten[] = {
    10000000000000000000u,
    1000000000000000000,
    100000000000000000,
    10000000000000000,
    1000000000000000,
    100000000000000,
    10000000000000,
    1000000000000,
    100000000000,
    10000000000,
    1000000000,
    100000000,
    10000000,
    1000000,
    100000,
    10000,
    1000,
    100,
    10,
    1,
};

// Calls take(digit) for each decimal digit of a number, a character. By subtraction, because a division calls
// libgcc on some processors.
template <typename function> void for_each_digit(uint64_t number, const function &take)
{
    bool started = false;
    for (const uint64_t power : powers_of_ten) {
        char digit = '0';
        for (; number >= power; number -= power)
            digit++;
        started = started || digit != '0' || power == 1;
        if (started)
            take(digit);
    }
}

} // namespace barebpf

#endif
