// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_UNIT_MAPPED_TEXT_H
#define BAREBPF_TEST_UNIT_MAPPED_TEXT_H

#include <cstring>
#include <string>

#include <sys/mman.h>

#include "test/catch.h"

namespace barebpf::test
{

// A text whose last byte is the last one that can be read.
struct mapped_text {
    static constexpr size_t pages = 4 * 4096;
    char *start;
    char *text;

    explicit mapped_text(const std::string &content)
        : start(static_cast<char *>(
              mmap(nullptr, 2 * pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))),
          text(start + pages - content.size())
    {
        REQUIRE(content.size() <= pages);
        std::memcpy(text, content.data(), content.size());
        REQUIRE(mprotect(start, pages, PROT_READ) == 0);
        REQUIRE(mprotect(start + pages, pages, PROT_NONE) == 0);
    }
    ~mapped_text() { munmap(start, 2 * pages); }
    mapped_text(const mapped_text &) = delete;
    mapped_text &operator=(const mapped_text &) = delete;
};

} // namespace barebpf::test

#endif
