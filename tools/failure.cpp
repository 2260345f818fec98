// SPDX-License-Identifier: BSD-2-Clause
#include "failure.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include <fmt/format.h>

#include "barebpf/barebpf.h"
#include "quote.h"

namespace barebpf::tool
{

failure failure_of(const std::exception_ptr &thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const failure &why) {
        return why;
    } catch (const std::bad_alloc &) {
        return {broken, "out of memory"};
    } catch (const std::exception &why) {
        return {broken, fmt::format("unexpected error: {}", visible(why.what()))};
    } catch (...) {
        return {broken, "unexpected error"};
    }
}

std::string errno_name(int error)
{
    const char *name = barebpf_errno_name(error);
    return name ? name : fmt::format("errno {}", error);
}

std::string errno_text(int error)
{
    const int number = std::abs(error);
    // The kernel's own ENOTSUPP, which no C library describes.
    const char *words = number == 524 ? "not supported for this kind of map" : std::strerror(number);
    const char *name = barebpf_errno_name(number);
    return fmt::format("{} ({}): {}", name ? name : "errno", number, words);
}

} // namespace barebpf::tool
