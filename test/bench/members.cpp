// SPDX-License-Identifier: BSD-2-Clause
#include "members.h"

struct members members;
