// WEBIRC: a gateway says whose connection it brings (https://ircv3.net/specs/extensions/webirc).

#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"

namespace pentad::messenger {

/// `WEBIRC PASSWORD GATEWAY HOSTNAME IP [OPTIONS]`, before all else. What others see comes from the
/// address alone: a host name would tell what the cloak hides.
void handle_webirc(network& net, client& from, const irc::message& what) {
  const bool first = !from.registered() && from.self.nick.empty() && from.self.user.empty();
  const std::string_view password = what.parameters[0];
  if (!first || from.brought || net.door().gateway_of(from, password) == nullptr) {
    return net.drop(from, "WEBIRC is not for you");
  }
  const std::string_view address = what.parameters[3];
  if (!ip_address::parse(address)) return net.drop(from, "WEBIRC without an address");
  from.brought = true;
  net.door().leave(from);
  if (const auto refusal = net.door().enter(from, address, net.now())) net.drop(from, *refusal);
}

}  // namespace pentad::messenger
