#include "pentad/stack/kernel/netlink.hpp"

#include <algorithm>

namespace pentad::kernel {
namespace {

// The rest behind a part of `length` bytes, which is padded to four unless it is the last.
void skip(std::span<const std::byte>& bytes, std::size_t length) noexcept {
  const std::size_t padded = (length + 3) & ~std::size_t{3};
  bytes = bytes.subspan(std::min(padded, bytes.size()));
}

}  // namespace

result<netlink_message> take_message(std::span<const std::byte>& bytes) noexcept {
  const auto header = read_structure<nlmsghdr>(bytes);
  if (!header || header->nlmsg_len < sizeof *header || header->nlmsg_len > bytes.size()) {
    return failure(std::errc::bad_message);
  }
  const netlink_message taken{header->nlmsg_type, header->nlmsg_flags, header->nlmsg_seq,
                              bytes.subspan(sizeof *header, header->nlmsg_len - sizeof *header)};
  skip(bytes, header->nlmsg_len);
  return taken;
}

result<netlink_attribute> take_attribute(std::span<const std::byte>& bytes) noexcept {
  const auto header = read_structure<nlattr>(bytes);
  if (!header || header->nla_len < sizeof *header || header->nla_len > bytes.size()) {
    return failure(std::errc::bad_message);
  }
  const netlink_attribute taken{static_cast<std::uint16_t>(header->nla_type & NLA_TYPE_MASK),
                                bytes.subspan(sizeof *header, header->nla_len - sizeof *header)};
  skip(bytes, header->nla_len);
  return taken;
}

}  // namespace pentad::kernel
