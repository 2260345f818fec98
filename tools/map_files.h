// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_MAP_FILES_H
#define BAREBPF_TOOLS_MAP_FILES_H

#include <string>
#include <vector>

namespace barebpf::tool
{

// The map files that a command line means: the files among the paths, in their order, and after them the
// files NAME.maps of all directories among them, by name; of two with one name only that of the earlier
// directory. Without paths, those of /etc/barebpf.d, /run/barebpf.d and /usr/lib/barebpf.d, as far as they
// exist. Throws a failure for a path that is not there.
std::vector<std::string> find_map_files(const std::vector<const char *> &paths);

} // namespace barebpf::tool

#endif
