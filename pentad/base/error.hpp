#pragma once

/// The errors that POSIX has no word for.

#include <system_error>

namespace pentad {

enum class errc {
  malformed_address = 1,  ///< not the text of an address, an endpoint or a service address
  malformed_protocol,     ///< not the name or number of an IP protocol
  malformed_tuple,        ///< not the text of a quintuple or of a filter of quintuples
  malformed_host,         ///< not the text of a host, as `make_host` takes it
  name_not_found,         ///< no such host name
  name_try_again,         ///< no name server answered
  name_failed,            ///< a name server answered that it failed, or would not tell
  name_has_no_address,    ///< the host name exists, but has no address
  no_name_server,         ///< no server is known that could be asked for a host name
  needs_net_raw,          ///< raw and packet sockets need CAP_NET_RAW (capabilities(7))
  needs_ping_group,       ///< ICMP without privilege needs a group in net.ipv4.ping_group_range
};

/// The category of `errc`. The malformed ones compare equal to `std::errc::invalid_argument`,
/// `name_try_again` to `std::errc::resource_unavailable_try_again`, those
/// that name a missing privilege to `std::errc::operation_not_permitted`.
[[nodiscard]] const std::error_category& category() noexcept;

[[nodiscard]] inline std::error_code make_error_code(errc error) noexcept {
  return {static_cast<int>(error), category()};
}

}  // namespace pentad

template <>
struct std::is_error_code_enum<pentad::errc> : std::true_type {};
