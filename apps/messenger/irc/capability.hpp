// The capabilities that a client can ask for (IRCv3 "Client Capability Negotiation").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pentad::messenger::irc {

enum class capability : std::uint32_t {
  echo_message = 1U << 0,  ///< what a client says comes back to it
  message_tags = 1U << 1,  ///< client-only tags and TAGMSG
  server_time = 1U << 2,   ///< every line says when it was made
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
};

/// All that the server offers.
std::span<const capability_name> capabilities() noexcept;

std::optional<capability> find_capability(std::string_view name) noexcept;

}  // namespace pentad::messenger::irc
