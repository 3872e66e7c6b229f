// Questions to DNS servers and their replies, as messages (RFC 1035, EDNS of RFC 6891). The C
// library's functions for messages build and read them; nothing else of it is used.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pentad/base/clock.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/base/result.hpp"

namespace pentad::names {

/// The type of record that has addresses of a version (RFC 1035, RFC 3596).
enum class record_type : std::uint16_t { a = 1, aaaa = 28 };

struct question {
  question(std::string of, record_type wanted) : name(std::move(of)), type(wanted) {}

  std::string name;  ///< one of `to_host_name`, without a dot at its end
  record_type type;

  friend bool operator==(const question&, const question&) = default;
};

/// How large a reply over UDP may be: what goes through without fragments nearly everywhere.
inline constexpr std::size_t udp_reply_capacity = 1232;

/// The most addresses of one reply that are kept.
inline constexpr std::size_t most_addresses = 64;

/// How often one name may be the alias of another on the way to addresses.
inline constexpr unsigned most_aliases = 16;

/// The message that asks `asked`. `extended`: says by EDNS how large the reply may be.
/// Errors: `errc::name_not_found`, no message can have that name.
result<std::vector<std::byte>> make_query(std::uint16_t id, const question& asked, bool extended);

enum class reply_kind : std::uint8_t {
  addresses,       ///< there they are
  alias,           ///< the name is another's, whose addresses the message does not have
  no_address,      ///< the name exists without such an address (NODATA of RFC 2308)
  no_name,         ///< the name does not exist (NXDOMAIN)
  truncated,       ///< the whole reply goes over TCP only
  not_understood,  ///< the server does not take the question in this form
  failed,          ///< the server cannot or does not want to tell, or talks nonsense
};

struct reply {
  // NOLINTNEXTLINE(google-explicit-constructor): most replies are no more than that
  reply(reply_kind of) : kind(of) {}

  reply_kind kind;
  std::vector<ip_address> addresses;
  std::string alias;     ///< at the end of the chain of aliases
  unsigned aliases = 0;  ///< how long that chain is
  duration lifetime{};   ///< of the knowledge; zero: not to be kept
};

/// What `message`, which came from the server that was asked, says to a question. Nothing if it is
/// no reply to that: another id, another question, not a message at all.
std::optional<reply> read_reply(std::span<const std::byte> message, std::uint16_t id,
                                const question& asked);

}  // namespace pentad::names
