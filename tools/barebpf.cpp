// SPDX-License-Identifier: BSD-2-Clause
#include "apply.h"
#include "attr.h"
#include "barebpf/barebpf.h"
#include "check.h"
#include "command_line.h"
#include "create.h"
#include "explain.h"
#include "help.h"
#include "matrix.h"
#include "probe.h"
#include "show.h"

using namespace barebpf::tool;

namespace
{

// The exit status when nothing failed.
int run(const command_line &line, format form)
{
    switch (line.what) {
    case verb::create:
        create(line, form);
        break;
    case verb::explain:
        return explain(line.words, form) ? 0 : refused;
    case verb::check:
        return check(line.words, line.scope, form) ? 0 : refused;
    case verb::attr:
        attr(line.words, form);
        break;
    case verb::matrix:
        matrix(form);
        break;
    case verb::probe:
        return probe(line.words, line.verbose, form) ? 0 : incomplete;
    case verb::apply:
        return apply(line.words, line.dry_run, line.to_kernel, form) ? 0 : refused;
    case verb::diff:
        return diff(line.words, form) ? 0 : refused;
    case verb::show:
        return show(line.words, line.elements, form) ? 0 : refused;
    case verb::unpin:
        return unpin(line.words, form) ? 0 : refused;
    case verb::help:
        help(line.words, form);
        break;
    case verb::version:
        version(form);
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
    } catch (...) {
        const failure why = failure_of(std::current_exception());
        complain(why, form);
        return why.code;
    }
}
