#include "apps/messenger/irc/capability.hpp"

#include <algorithm>
#include <array>

namespace pentad::messenger::irc {
namespace {

constexpr std::array known{
    capability_name{capability::echo_message, "echo-message"},
    capability_name{capability::message_tags, "message-tags"},
    capability_name{capability::server_time, "server-time"},
};

}  // namespace

std::span<const capability_name> capabilities() noexcept { return known; }

std::optional<capability> find_capability(std::string_view name) noexcept {
  const auto found = std::ranges::find(known, name, &capability_name::name);
  if (found == known.end()) return std::nullopt;
  return found->which;
}

}  // namespace pentad::messenger::irc
