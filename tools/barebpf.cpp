// SPDX-License-Identifier: BSD-2-Clause
#include "attr.h"
#include "barebpf/barebpf.h"
#include "command_line.h"
#include "create.h"
#include "help.h"
#include "matrix.h"
#include "probe.h"

using namespace barebpf::tool;

namespace
{

// What the program exits with when nothing failed.
int run(const command_line &line, format form)
{
    switch (line.what) {
    case verb::create:
        create(line, form);
        break;
    case verb::attr:
        attr(line.words, form);
        break;
    case verb::matrix:
        matrix(line.words, form);
        break;
    case verb::probe:
        return probe(line.words, line.verbose, form) ? 0 : untold;
    case verb::help:
        print(help(line.words));
        break;
    case verb::version:
        print("barebpf " BAREBPF_VERSION "\n");
        break;
    }
    return 0;
}

} // namespace

int main(int, char **argv)
{
    format form = format::text;
    try {
        const command_line line = read_command_line(argv + 1, &form);
        return run(line, form);
    } catch (const failure &why) {
        complain(why, form);
        return why.code;
    }
}
