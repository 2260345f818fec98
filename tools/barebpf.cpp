// SPDX-License-Identifier: BSD-2-Clause
#include "attr.h"
#include "barebpf/barebpf.h"
#include "command_line.h"
#include "create.h"
#include "help.h"
#include "matrix.h"

using namespace barebpf::tool;

namespace
{

void run(const command_line &line, format form)
{
    switch (line.what) {
    case verb::create:
        return create(line, form);
    case verb::attr:
        return attr(line.words, form);
    case verb::matrix:
        return matrix(line.words, form);
    case verb::help:
        return print(help(line.words));
    case verb::version:
        return print("barebpf " BAREBPF_VERSION "\n");
    }
}

} // namespace

int main(int, char **argv)
{
    format form = format::text;
    try {
        const command_line line = read_command_line(argv + 1, &form);
        run(line, form);
        return 0;
    } catch (const failure &why) {
        complain(why, form);
        return why.code;
    }
}
