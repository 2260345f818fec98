// SPDX-License-Identifier: BSD-2-Clause
#include "known.h"

namespace barebpf
{

learned_facts learned;

} // namespace barebpf
