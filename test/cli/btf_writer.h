// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_CLI_BTF_WRITER_H
#define BAREBPF_TEST_CLI_BTF_WRITER_H

#include <cstdint>
#include <cstring>
#include <string>

#include <linux/btf.h>

namespace barebpf::test
{

// Raw BTF, a word at a time.
class btf_writer
{
public:
    void add(uint32_t word) { append(&types_, &word, sizeof(word)); }

    // A type: its kind with the number of members, and its size or the type it stands for.
    void add_type(const char *name, uint32_t kind, uint32_t members, uint32_t size)
    {
        add(offset_of(name));
        add(kind << 24 | members);
        add(size);
    }

    uint32_t offset_of(const char *name)
    {
        const auto offset = static_cast<uint32_t>(strings_.size());
        strings_.append(name, std::strlen(name) + 1);
        return *name ? offset : 0;
    }

    std::string text() const
    {
        btf_header header{};
        header.magic = BTF_MAGIC;
        header.version = 1;
        header.hdr_len = sizeof(header);
        header.type_len = static_cast<uint32_t>(types_.size());
        header.str_off = header.type_len;
        header.str_len = static_cast<uint32_t>(strings_.size());
        std::string all;
        append(&all, &header, sizeof(header));
        return all + types_ + strings_;
    }

private:
    static void append(std::string *to, const void *bytes, size_t size)
    {
        to->append(static_cast<const char *>(bytes), size);
    }

    std::string types_;
    std::string strings_ = std::string(1, '\0');
};

// 1 int, 2 long (64 bits), 3 struct flow {int a; long b;} of 16 bytes, 4 typedef flow_t, 5 and 6 both
// "twice".
inline std::string small_btf()
{
    btf_writer btf;
    constexpr uint32_t is_signed = 1 << 24;
    btf.add_type("int", BTF_KIND_INT, 0, 4);
    btf.add(is_signed | 32);
    btf.add_type("long", BTF_KIND_INT, 0, 8);
    btf.add(is_signed | 64);
    btf.add_type("flow", BTF_KIND_STRUCT, 2, 16);
    for (const uint32_t member : {0u, 1u}) {
        btf.add(btf.offset_of(member ? "b" : "a"));
        btf.add(member ? 2 : 1);
        btf.add(64 * member);
    }
    btf.add_type("flow_t", BTF_KIND_TYPEDEF, 0, 3);
    btf.add_type("twice", BTF_KIND_STRUCT, 0, 0);
    btf.add_type("twice", BTF_KIND_TYPEDEF, 0, 3);
    return btf.text();
}

} // namespace barebpf::test

#endif
