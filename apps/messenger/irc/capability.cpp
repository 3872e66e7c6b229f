#include "apps/messenger/irc/capability.hpp"

#include <algorithm>
#include <array>

namespace pentad::messenger::irc {
namespace {

constexpr std::array known{
    capability_name{capability::account_notify, "account-notify"},
    capability_name{capability::account_tag, "account-tag"},
    capability_name{capability::away_notify, "away-notify"},
    capability_name{capability::batch, "batch"},
    capability_name{capability::cap_notify, "cap-notify"},
    capability_name{capability::chghost, "chghost"},
    capability_name{capability::channel_rename, "draft/channel-rename"},
    capability_name{capability::message_redaction, "draft/message-redaction"},
    capability_name{capability::no_implicit_names, "draft/no-implicit-names"},
    capability_name{capability::echo_message, "echo-message"},
    capability_name{capability::extended_join, "extended-join"},
    capability_name{capability::extended_monitor, "extended-monitor"},
    capability_name{capability::invite_notify, "invite-notify"},
    capability_name{capability::labeled_response, "labeled-response"},
    capability_name{capability::message_tags, "message-tags"},
    capability_name{capability::multi_prefix, "multi-prefix"},
    capability_name{capability::server_time, "server-time"},
    capability_name{capability::setname, "setname"},
    capability_name{capability::standard_replies, "standard-replies"},
    capability_name{capability::userhost_in_names, "userhost-in-names"},
};

}  // namespace

std::span<const capability_name> capabilities() noexcept { return known; }

std::optional<capability> find_capability(std::string_view name) noexcept {
  const auto found = std::ranges::find(known, name, &capability_name::name);
  if (found == known.end()) return std::nullopt;
  return found->which;
}

}  // namespace pentad::messenger::irc
