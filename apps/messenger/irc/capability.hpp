// The capabilities that a client can ask for (IRCv3 "Client Capability Negotiation").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pentad::messenger::irc {

enum class capability : std::uint32_t {
  account_notify = 1U << 0,      ///< who logs in and out, on the channels that one is in
  account_tag = 1U << 1,         ///< every line says the account of who sent it
  away_notify = 1U << 2,         ///< who goes away and comes back
  batch = 1U << 3,               ///< lines that belong together are marked
  cap_notify = 1U << 4,          ///< CAP NEW and CAP DEL
  chghost = 1U << 5,             ///< who gets another user name or host
  channel_rename = 1U << 6,      ///< RENAME instead of PART and JOIN
  echo_message = 1U << 7,        ///< what a client says comes back to it
  extended_join = 1U << 8,       ///< JOIN with account and real name
  extended_monitor = 1U << 9,    ///< news of those who are monitored, too
  invite_notify = 1U << 10,      ///< who invites whom to the channels that one is in
  labeled_response = 1U << 11,   ///< answers have the label of their question
  message_redaction = 1U << 12,  ///< REDACT
  message_tags = 1U << 13,       ///< client-only tags, TAGMSG and msgid
  multi_prefix = 1U << 14,       ///< all ranks of a member, not the highest alone
  no_implicit_names = 1U << 15,  ///< JOIN without the list of names
  server_time = 1U << 16,        ///< every line says when it was made
  setname = 1U << 17,            ///< who changes their real name
  standard_replies = 1U << 18,   ///< FAIL, WARN and NOTE
  userhost_in_names = 1U << 19,  ///< NAMES with nick!user@host
};

class capability_set {
 public:
  constexpr capability_set() noexcept = default;

  constexpr bool has(capability one) const noexcept { return (bits_ & bit(one)) != 0; }
  constexpr void insert(capability one) noexcept { bits_ |= bit(one); }
  constexpr void erase(capability one) noexcept { bits_ &= ~bit(one); }
  constexpr bool empty() const noexcept { return bits_ == 0; }

  friend constexpr bool operator==(capability_set, capability_set) noexcept = default;

 private:
  static constexpr std::uint32_t bit(capability one) noexcept {
    return static_cast<std::uint32_t>(one);
  }

  std::uint32_t bits_ = 0;
};

struct capability_name {
  capability which;
  std::string_view name;
  std::string_view value = {};  ///< what CAP LS 302 says about it
};

/// All that the server offers.
std::span<const capability_name> capabilities() noexcept;

std::optional<capability> find_capability(std::string_view name) noexcept;

}  // namespace pentad::messenger::irc
