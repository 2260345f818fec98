// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/libbpf.h"

#include "barebpf/barebpf.h"
#include "lib/core/decimal.h"
#include "lib/core/errno.h"
#include "lib/core/libbpf_name.h"

namespace barebpf
{

// The C library's text, if its POSIX strerror_r() is linked, which glibc and musl both have under this name.
int posix_strerror(int error, char *text, size_t size) noexcept asm("__xpg_strerror_r")
    __attribute__((weak, visibility("default")));

namespace
{

constexpr int first_libbpf_error = __LIBBPF_ERRNO__START;

// Text being written; `cut` becomes true when some of it does not fit.
struct error_text {
    char *at;
    char *end; // the place of the final NUL
    bool cut;

    void write(char c)
    {
        if (at == end)
            cut = true;
        else
            *at++ = c;
    }
    void write(const char *text)
    {
        while (*text)
            write(*text++);
    }
    void write(unsigned int number)
    {
        for_each_digit(number, [this](char digit) { write(digit); });
    }
};

// What libbpf's own errors mean. Stored in place: a table of pointers would need relocations at program
// start.
constexpr char libbpf_words[][44] = {
    "an error of libelf",
    "no BPF object file",
    "the version section is wrong or missing",
    "the object file has another byte order",
    "an internal error of libbpf",
    "a relocation failed",
    "the kernel refused a program",
    "the verifier refused a program",
    "the program is too big",
    "the program is for another kernel version",
    "the kernel does not have this program type",
    "a netlink message has another process ID",
    "a netlink message is out of sequence",
    "a netlink message cannot be read",
};
static_assert(sizeof(libbpf_words) / sizeof(*libbpf_words) == __LIBBPF_ERRNO__END - __LIBBPF_ERRNO__START);

const char *error_words(int error)
{
    if (error < first_libbpf_error)
        return barebpf_errno_name(error);
    return error < __LIBBPF_ERRNO__END ? libbpf_words[error - first_libbpf_error] : nullptr;
}

// Writes the text. Returns 0, ERANGE if it was cut, or ENOENT for a number that is no error.
int describe_error(int error, error_text *text)
{
    const char *words = error_words(error);
    if (words) {
        text->write(words);
    } else {
        text->write(error < first_libbpf_error ? "Unknown error " : "Unknown libbpf error ");
        text->write(static_cast<unsigned int>(error));
    }
    *text->at = '\0';
    if (text->cut)
        return ERANGE;
    return words || error < first_libbpf_error ? 0 : ENOENT;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" BAREBPF_WEAK int libbpf_strerror(int err, char *buf, size_t size)
{
    if (!buf || !size)
        return with_errno(-EINVAL);
    const int error = err > 0 ? err : static_cast<int>(-static_cast<unsigned int>(err));
    if (posix_strerror && error < first_libbpf_error) {
        const int result = posix_strerror(error, buf, size);
        buf[size - 1] = '\0';
        return result;
    }
    buf[size - 1] = '\0'; // as libbpf does, for a text of any length
    error_text text;
    text.at = buf;
    text.end = buf + size - 1;
    text.cut = false;
    return with_errno(-describe_error(error, &text));
}
