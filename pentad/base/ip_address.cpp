#include "pentad/base/ip_address.hpp"

#include <net/if.h>

#include "pentad/base/error.hpp"
#include "pentad/base/ip_literal.hpp"

namespace pentad {

namespace {

constexpr std::size_t group_count = 8;

std::uint16_t group(const ip_address& address, std::size_t index) noexcept {
  return load_be16(address.bytes().data() + 2 * index);
}

struct group_run {
  std::size_t begin = 0;
  std::size_t size = 0;
};

/// The groups that "::" stands for: the longest run of zeros, the first of equal ones, never a
/// single group (RFC 5952 section 4.2).
group_run longest_zero_run(const ip_address& address) noexcept {
  group_run longest;
  group_run current;
  for (std::size_t i = 0; i != group_count; ++i) {
    if (group(address, i) != 0) {
      current = {i + 1, 0};
    } else if (++current.size > longest.size) {
      longest = current;
    }
  }
  return longest.size > 1 ? longest : group_run{};
}

void format_v4_bytes(text_writer& out, std::span<const std::byte> bytes) noexcept {
  for (std::size_t i = 0; i != bytes.size(); ++i) {
    if (i != 0) out.put('.');
    out.put_decimal(std::to_integer<std::uint32_t>(bytes[i]));
  }
}

void format_v6_bytes(text_writer& out, const ip_address& address) noexcept {
  if (address.is_v4_mapped()) {
    out.put("::ffff:");
    format_v4_bytes(out, address.bytes().last(4));
    return;
  }
  const group_run zeros = longest_zero_run(address);
  const std::size_t zeros_end = zeros.begin + zeros.size;
  for (std::size_t i = 0; i != group_count;) {
    if (zeros.size != 0 && i == zeros.begin) {
      out.put("::");
      i = zeros_end;
      continue;
    }
    if (i != 0 && (zeros.size == 0 || i != zeros_end)) out.put(':');
    out.put_hex(group(address, i));
    ++i;
  }
}

void format_scope(text_writer& out, std::uint32_t scope) noexcept {
  std::array<char, IF_NAMESIZE> buffer{};
  out.put('%');
  if (if_indextoname(scope, buffer.data()) != nullptr && is_interface_name(buffer.data())) {
    out.put(std::string_view{buffer.data()});
  } else {
    out.put_decimal(scope);
  }
}

/// The index of a named interface, with the error of `ip_address::parse`.
result<std::uint32_t> find_interface(std::string_view name) {
  if (!is_interface_name(name)) return failure(errc::malformed_address);
  std::array<char, IF_NAMESIZE> terminated{};
  name.copy(terminated.data(), terminated.size() - 1);
  const unsigned index = if_nametoindex(terminated.data());
  if (index == 0) return failure(std::errc::no_such_device);
  return index;
}

}  // namespace

result<ip_address> ip_address::parse(std::string_view text) {
  if (const auto literal = parse_ip_literal(text)) return *literal;

  const std::size_t percent = text.find('%');
  if (percent == std::string_view::npos) return failure(errc::malformed_address);
  const auto address = parse_ip_literal(text.substr(0, percent));
  if (!address || address->is_v4()) return failure(errc::malformed_address);
  const auto scope = find_interface(text.substr(percent + 1));
  if (!scope) return failure(scope.error());
  ip_address scoped = *address;
  scoped.scope_ = *scope;
  return scoped;
}

void format_to(text_writer& out, const ip_address& address) noexcept {
  if (address.is_v4()) {
    format_v4_bytes(out, address.bytes());
    return;
  }
  format_v6_bytes(out, address);
  if (address.scope() != 0) format_scope(out, address.scope());
}

std::string to_string(const ip_address& address) {
  return text_of<ip_address::text_capacity>(address);
}

}  // namespace pentad
