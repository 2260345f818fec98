// SPDX-License-Identifier: BSD-2-Clause
#include "create_map.h"
#include "test/bare/process.h"

// The smallest program that creates a map.
int run()
{
    return create_map() < 0;
}
