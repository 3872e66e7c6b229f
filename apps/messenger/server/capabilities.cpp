// CAP (IRCv3 "Client Capability Negotiation").

#include <algorithm>
#include <charconv>
#include <string>

#include "apps/messenger/irc/capability.hpp"
#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

constexpr unsigned version_with_values = 302;

void answer(network& net, client& to, std::string_view subcommand, std::string_view list,
            bool more = false) {
  irc::line_writer line = net.begin_line();
  line.source(net.settings().name).command("CAP").parameter(to.name());
  line.parameter(subcommand);
  if (more) line.parameter("*");
  net.send(to, net.end_line(line.text(list)));
}

/// A list in as many lines as it needs; old clients take one alone.
void answer_list(network& net, client& to, std::string_view subcommand, unsigned version,
                 auto wanted) {
  const std::size_t room = net.room_in_reply(to, {subcommand, "*"});
  std::string list;
  for (const irc::capability_name& one : irc::capabilities()) {
    if (!wanted(one.which)) continue;
    std::string item{one.name};
    if (version >= version_with_values && !one.value.empty()) item.append("=").append(one.value);
    if (to.capability_version >= version_with_values && list.size() + 1 + item.size() > room) {
      answer(net, to, subcommand, list, true);
      list.clear();
    }
    list.append(list.empty() ? "" : " ").append(item);
  }
  answer(net, to, subcommand, list);
}

/// All of the request or, when it has an unknown name, nothing of it.
void request(network& net, client& from, std::string_view list) {
  irc::capability_set wanted = from.capabilities;
  std::string_view rest = list;
  while (std::optional<std::string_view> item = next_item(rest, ' ')) {
    const bool off = item->starts_with('-');
    const auto found = irc::find_capability(item->substr(off ? 1 : 0));
    if (!found) return answer(net, from, "NAK", list);
    // It comes with the version, and stays as long.
    const bool fixed =
        *found == irc::capability::cap_notify && from.capability_version >= version_with_values;
    if (off && fixed) return answer(net, from, "NAK", list);
    if (off) {
      wanted.erase(*found);
    } else {
      wanted.insert(*found);
    }
  }
  // What is acknowledged holds from the line after the acknowledgement.
  answer(net, from, "ACK", list);
  from.capabilities = wanted;
}

unsigned version_in(std::string_view text) noexcept {
  unsigned version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);
  return version;
}

}  // namespace

void handle_cap(network& net, client& from, const irc::message& what) {
  const std::string_view subcommand = what.parameters[0];
  const auto is = [&](std::string_view name) { return irc::same_name(subcommand, name); };
  if (is("LS")) {
    from.negotiating = !from.registered();
    const unsigned version = version_in(what.parameters.get(1));
    if (version >= version_with_values) from.capabilities.insert(irc::capability::cap_notify);
    from.capability_version = std::max(from.capability_version, version);
    answer_list(net, from, "LS", version, [](irc::capability) { return true; });
  } else if (is("LIST")) {
    answer_list(net, from, "LIST", 0,
                [&](irc::capability one) { return from.capabilities.has(one); });
  } else if (is("REQ")) {
    from.negotiating = !from.registered();
    request(net, from, what.parameters.get(1));
  } else if (is("END")) {
    from.negotiating = false;
    try_to_admit(net, from);
  } else {
    net.reply(from, irc::err_invalidcapcmd, {subcommand});
  }
}

}  // namespace pentad::messenger
